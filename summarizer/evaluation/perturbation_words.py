"""Word pairs that perturbations swap.

They are independent of the checks' own thesaurus: measured with words it knows, a check would only
find itself.
"""

__all__ = [
    "ANTONYM_SWAPS",
    "AUXILIARY_VERBS",
    "BASE_FORM_OF_PAST",
    "DIRECTION_SWAPS",
    "MAGNITUDE_SWAPS",
    "NUMBER_WORDS",
    "UNIT_SWAPS",
]


def _both_ways(lines: str) -> dict[str, str]:
    """Both ways; the first partner of a word counts."""
    turned: dict[str, str] = {}
    for line in lines.split(";"):
        one, other = line.split()
        turned.setdefault(one, other)
        turned.setdefault(other, one)
    return turned


DIRECTION_SWAPS = _both_ways(
    "rose fell; rise fall; rises falls; rising falling; risen fallen; increase decrease;"
    "increased decreased; increases decreases; increasing decreasing; increase reduction;"
    "raised lowered; raise lower; raising lowering; raises lowers; higher lower; more fewer;"
    "greater smaller; above below; over under; before after; up down; upward downward;"
    "climbed dropped; climb drop; climbing dropping; jumped plunged; jump plunge; surged slumped;"
    "surge slump; surging slumping; grew shrank; grow shrink; growing shrinking; grown shrunk;"
    "growth contraction; gained lost; gain loss; gains losses; widened narrowed; widen narrow;"
    "expanded contracted; expand contract; expanding contracting; expansion contraction;"
    "accelerated slowed; faster slower; longer shorter; earlier later; highest lowest;"
    "maximum minimum; north south; northern southern; east west; eastern western; exports imports;"
    "export import; exported imported; upgraded downgraded; most least"
)
"""Which way something moves, or lies."""

ANTONYM_SWAPS = _both_ways(
    "accepted rejected; accept reject; accepting rejecting; approved rejected; approve reject;"
    "allowed banned; allow ban; allowing banning; agreed refused; agree refuse; support oppose;"
    "supported opposed; supports opposes; supporting opposing; supporters opponents; won lost;"
    "win lose; winning losing; victory defeat; victories defeats; opened closed; open closed;"
    "opening closing; opens closes; began ended; begin end; begins ends; beginning end;"
    "started stopped; start stop; starting stopping; resumed suspended; resume suspend;"
    "success failure; successful unsuccessful; succeeded failed; confirmed denied; confirm deny;"
    "confirms denies; praised criticised; praised criticized; praise criticism; strong weak;"
    "stronger weaker; strongest weakest; strengthened weakened; strengthen weaken; good bad;"
    "better worse; best worst; improved worsened; improve worsen; improving worsening; safe unsafe;"
    "legal illegal; guilty innocent; alive dead; survived died; born killed; buy sell;"
    "bought sold; buying selling; buyers sellers; purchases sales; ally enemy; allies enemies;"
    "friendly hostile; public private; large small; larger smaller; largest smallest; big small;"
    "long short; new old; newest oldest; young old; younger older; rich poor; early late;"
    "first last; hot cold; warm cool; warmer cooler; easy difficult; cheap expensive;"
    "positive negative; optimistic pessimistic; hopes fears; hope fear; peace war; male female;"
    "men women; man woman; boys girls; boy girl; husband wife; father mother; son daughter;"
    "brother sister; urban rural; arrived departed; arrive depart; joined left; entered left;"
    "enter leave; included excluded; including excluding;"
    "include exclude; reopened closed; lifted imposed; lift impose; eased tightened; ease tighten;"
    "passed failed; pass fail; permanent temporary; domestic foreign; civilian military;"
    "voluntary mandatory; everyone nobody; always never; many few; inside outside; innocent guilty;"
    "hired fired; increase cut; returned left; reached missed; found lost; remembered forgot"
)
"""Opposites that are no directions."""

BASE_FORM_OF_PAST = {
    "agreed": "agree", "announced": "announce", "approved": "approve", "asked": "ask",
    "attended": "attend", "became": "become", "began": "begin", "brought": "bring",
    "called": "call", "came": "come", "caused": "cause", "closed": "close", "continued": "continue",
    "cut": "cut", "decided": "decide", "destroyed": "destroy", "died": "die", "fell": "fall",
    "found": "find", "gave": "give", "grew": "grow", "helped": "help", "held": "hold",
    "hit": "hit", "increased": "increase", "injured": "injure", "joined": "join",
    "killed": "kill", "launched": "launch", "led": "lead", "left": "leave", "lost": "lose",
    "made": "make", "met": "meet", "moved": "move", "offered": "offer", "opened": "open",
    "ordered": "order", "paid": "pay", "passed": "pass", "praised": "praise",
    "published": "publish", "reached": "reach", "received": "receive", "rejected": "reject",
    "released": "release", "reported": "report", "rose": "rise", "ruled": "rule",
    "sent": "send", "showed": "show", "signed": "sign", "started": "start", "struck": "strike",
    "suspended": "suspend", "told": "tell", "took": "take", "visited": "visit", "voted": "vote",
    "warned": "warn", "went": "go", "won": "win",
}  # fmt: skip
"""A past tense -> the form behind "did not"."""

AUXILIARY_VERBS = (
    "is are was were will would has have had can could should may must does did shall might".split()
)

MAGNITUDE_SWAPS = {
    "thousand": ("million", "billion"),
    "million": ("billion", "thousand"),
    "billion": ("million", "trillion"),
    "trillion": ("billion", "million"),
    "bn": ("m",),
    "m": ("bn",),
    "k": ("m",),
    "tn": ("bn",),
    "hundred": ("thousand",),
    "hundreds": ("thousands",),
    "thousands": ("millions", "hundreds"),
    "millions": ("billions", "thousands"),
    "dozen": ("thousand",),
    "dozens": ("thousands",),
}

UNIT_SWAPS = (
    ("percentage points", ("per cent",)),
    ("percentage point", ("per cent",)),
    ("percent", ("percentage points",)),
    ("per cent", ("percentage points",)),
    ("%", (" percentage points",)),
    ("$", ("€", "£")),
    ("€", ("$", "£")),
    ("£", ("$", "€")),
    ("dollars", ("euros", "pounds")),
    ("euros", ("dollars", "francs")),
    ("francs", ("dollars", "euros")),
    ("yuan", ("yen", "dollars")),
    ("yen", ("yuan", "dollars")),
    ("pounds", ("dollars", "kilograms")),
    ("square kilometres", ("square miles",)),
    ("square kilometers", ("square miles",)),
    ("hectares", ("acres", "square metres")),
    ("acres", ("hectares",)),
    ("kilometres", ("miles", "metres")),
    ("kilometers", ("miles", "meters")),
    ("km/h", ("mph",)),
    ("km", ("miles", "m")),
    ("miles", ("kilometres", "metres")),
    ("metres", ("feet", "kilometres")),
    ("meters", ("feet", "kilometers")),
    ("centimetres", ("metres", "inches")),
    ("feet", ("metres", "miles")),
    ("foot", ("metre",)),
    ("tonnes", ("kilograms", "pounds")),
    ("tons", ("kilograms", "pounds")),
    ("kilograms", ("tonnes", "pounds")),
    ("kg", ("tonnes", "pounds")),
    ("megawatts", ("gigawatts", "kilowatts")),
    ("litres", ("barrels", "gallons")),
    ("barrels", ("tonnes", "litres")),
    ("seconds", ("minutes", "hours")),
    ("minutes", ("hours", "days")),
    ("minute", ("hour", "day")),
    ("hours", ("days", "minutes")),
    ("hour", ("day", "minute")),
    ("days", ("weeks", "months")),
    ("day", ("week", "month")),
    ("weeks", ("months", "years")),
    ("week", ("month", "year")),
    ("months", ("years", "weeks")),
    ("month", ("year", "week")),
    ("years", ("months", "decades")),
    ("year", ("month", "week")),
)
"""What stands at a number, longest first -> what may stand there instead."""

NUMBER_WORDS = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety".split()
)
