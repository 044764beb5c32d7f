"""The language of a text, detected from its script and its function words, and its English name.

The script comes first. Within a script, each function word and each letter that few languages share
counts for the languages that have it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Literal

__all__ = [
    "LANGUAGE_NAMES",
    "count_words",
    "detect_language",
    "direction",
    "language_name",
    "languages_differ",
    "uses_word_spaces",
    "written_in",
]

LANGUAGE_SAMPLE_CHARS = 1000
"""Code points that are looked at."""

# Script -> its letters, and the language if one (nearly) alone is written in it.
_SCRIPTS = {
    "Latn": (r"[A-Za-zÀ-ɏḀ-ỿ]", ""),
    "Cyrl": (r"[Ѐ-ӿ]", ""),
    "Jpan": (r"[ぁ-ゖァ-ヺ]", "ja"),
    "Hang": (r"[가-힣ᄀ-ᇿ]", "ko"),
    "Hani": (r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]", "zh"),
    "Arab": (r"[\u0620-\u06d3\u06fa-\u06ff]", ""),
    "Hebr": (r"[א-ת]", "he"),
    "Deva": (r"[\u0900-\u097f]", "hi"),
    "Thai": (r"[\u0e01-\u0e4e]", "th"),
    "Grek": (r"[Ͱ-Ͽἀ-῿]", "el"),
    "Armn": (r"[Ա-և]", "hy"),
    "Geor": (r"[ა-ჿᲐ-Ჿ]", "ka"),
    "Beng": (r"[\u0980-\u09ff]", "bn"),
    "Guru": (r"[\u0a00-\u0a7f]", "pa"),
    "Gujr": (r"[\u0a80-\u0aff]", "gu"),
    "Taml": (r"[\u0b80-\u0bff]", "ta"),
    "Telu": (r"[\u0c00-\u0c7f]", "te"),
    "Knda": (r"[\u0c80-\u0cff]", "kn"),
    "Mlym": (r"[\u0d00-\u0d7f]", "ml"),
    "Laoo": (r"[\u0e81-\u0edf]", "lo"),
    "Mymr": (r"[\u1000-\u109f]", "my"),
    "Khmr": (r"[\u1780-\u17d3]", "km"),
    "Ethi": (r"[\u1200-\u137f]", "am"),
}

# Language -> script, function words, letters that mark it.
_LANGUAGE_PROFILES = {
    "en": (
        "Latn",
        """the of and to in that is was for with on as by from at has have his he it its be are
        this were said will not who which after their but they or been had would an we
        you about more than new over her she up out what when there no all can one i a
        how into met made according year years people monday tuesday wednesday thursday friday
        saturday sunday""",
        "",
    ),
    "es": (
        "Latn",
        """el la los las de del que en y a un una por con para se su sus es al como más pero lo no
        fue ha son este esta entre sobre ya también desde hasta o donde dijo ante tras
        según sin muy está hay dos tres después años lunes martes miércoles jueves viernes sábado
        domingo""",
        "ñ¿¡óáíú",
    ),
    "fr": (
        "Latn",
        """le la les de des du et en un une que qui dans pour par sur au aux avec est a pas ne se
        ce cette il elle son sa ses plus été ont sont mais ou après leur nous vous ils
        même selon comme d l qu s c n ans lundi mardi mercredi jeudi vendredi samedi
        dimanche""",
        "çèêàùœîôûëé",
    ),
    "de": (
        "Latn",
        """der die das und in den von zu mit sich des auf für ist im dem nicht ein eine als auch es
        an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über
        einen so zum war haben nur oder aber vor zur bis mehr durch wurde sei soll gegen
        seit jahre montag dienstag mittwoch donnerstag freitag samstag sonntag""",
        "ßäöü",
    ),
    "it": (
        "Latn",
        """il lo la i gli le di del della dei delle dell e che in un una per con non è si da dal
        dalla nel nella al alla sul sono ha ma come più anche suo sua questo questa dopo
        o se stato hanno tra fra degli ai alle ed essere anni ora lunedì martedì
        mercoledì giovedì venerdì sabato domenica""",
        "èòìàù",
    ),
    "pt": (
        "Latn",
        """o a os as de do da dos das que e em no na nos nas um uma para com por se não é ao mais
        como foi ser são seu sua pela pelo mas à entre disse também após já até sobre ou
        está tem ele ela depois segundo anos segunda terça quarta quinta sexta sábado
        feira""",
        "ãõçêáâàóí",
    ),
    "nl": (
        "Latn",
        """de het een en van in is dat op te zijn met voor niet aan er om die ook als bij door naar
        uit maar over nog hij ze tot wordt werd heeft hebben deze dit was of wat meer
        zich kan kunnen worden tegen volgens na geen al hun mensen jaar moeten maandag
        dinsdag woensdag donderdag vrijdag zaterdag zondag""",
        "ĳ",
    ),
    "pl": (
        "Latn",
        """w i na z do się nie że jest o to od za po przez dla jak ale oraz są został została było
        był była przed także który która które tym tego jego ich już czy ze nad pod
        być może roku lat we""",
        "łżźśćńęąó",
    ),
    "sv": (
        "Latn",
        """och i att det som en på är av för med till den har inte om ett han var från de sig vid
        kan men ska så säger efter också nu under hon eller mot när där vi får blev
        enligt mycket över hade fick år måndagen tisdagen onsdagen torsdagen fredagen
        lördagen söndagen""",
        "åäö",
    ),
    "da": (
        "Latn",
        """og i at det er en til på af den de med for der ikke som har fra et han var sig om ved
        kan men vil så siger efter også nu hun eller mod når hvor vi blev mellem ifølge
        være have havde skal hvad meget blevet bliver op ud måtte år mandag tirsdag
        onsdag torsdag fredag lørdag søndag""",
        "æøå",
    ),
    "no": (
        "Latn",
        """og i at det er en til på av den de med for som ikke har fra et han var seg om ved kan
        men vil så sier etter også nå hun eller mot når der vi ble mellom ifølge være ha
        hadde skal hva mye blitt blir opp ut måtte år noen mandag tirsdag onsdag torsdag
        fredag lørdag søndag""",
        "æøå",
    ),
    "fi": (
        "Latn",
        """ja on ei että oli se hän ovat mutta myös kun joka mukaan sekä tai jo niin vain kuin sen
        ole ollut mitä tämä jos nyt vielä hänen he jotka ollaan kanssa jälkeen voi
        vuoden noin sanoi kertoo siitä""",
        "äö",
    ),
    "cs": (
        "Latn",
        """a se v na je že s z do o i to ve za by po jsou k pro si ale jako podle od byl byla bylo
        které který která také už před při nebo jeho jejich až ze však uvedl řekl roce
        let aby mezi není má""",
        "řěůčšžýáíéťďň",
    ),
    "ro": (
        "Latn",
        """și de în a la cu pe că care din nu un o pentru este să se sunt mai fost al ale lui prin
        după dar sau între ce au cele cel despre către această acest fi va ani fiind
        până""",
        "șțăşţâî",
    ),
    "hu": (
        "Latn",
        """a az és hogy nem is egy volt de meg ez el csak már még ha mint szerint után lesz kell
        van között azt ezt aki amely ami majd pedig illetve vagy ki sem lehet nagy két
        során miatt""",
        "őűöüáéó",
    ),
    "tr": (
        "Latn",
        """ve bir bu da de için ile olarak çok daha olan gibi ise ancak sonra kadar en ne var o
        değil her dedi iki ya ki oldu göre tarafından etti eden olduğunu arasında
        üzerinde yeni""",
        "ğışçöüİ",
    ),
    "id": (
        "Latn",
        """yang dan di untuk dengan pada dari ini itu dalam tidak akan ke oleh juga sebagai adalah
        telah kepada tersebut ada mereka bahwa karena atau bisa saat lebih menjadi dia
        kata hari tahun para sudah setelah""",
        "",
    ),
    "vi": (
        "Latn",
        """và của là có không được cho trong với các một những người đã này khi đến từ để ở ra về
        tại sẽ năm theo vào ông sau cũng như nhiều trên việc hai ngày bị""",
        "đơưạảấầẩậắằặẹẻếềệểỉịọỏốồổộớờởợụủứừửựỳỹ",
    ),
    "uk": (
        "Cyrl",
        """і в у на з що не до та за про для як від це його по із але їх який яка він вона був було
        були також після ще під а або бо має є року цього""",
        "іїєґ",
    ),
    "ru": (
        "Cyrl",
        """и в на с что не по к за из о для как от это его у но их который он она был было были
        также после еще ещё под а или до со при во мы уже года этого""",
        "ыэё",
    ),
    "bg": (
        "Cyrl",
        """и в на с че не по за от да се е са като до във със това който която но при ще му си бе
        беше след или той тя още през между има обяви""",
        "ъ",
    ),
    "sr": (
        "Cyrl",
        """и у на са да не по за од је се су као до који која али при ће му био била после или он
        она још између има није из о те што рекао""",
        "јљњћђџ",
    ),
    "ar": (
        "Arab",
        """في من على إلى أن التي الذي عن مع هذا هذه كما بعد قال بين لم كان ما لا أو خلال قد""",
        "ةىيإأكؤ",
    ),
    "fa": (
        "Arab",
        """و در به از که این را با است برای آن یک خود تا بر هم می شد کرد گفت شده""",
        "پچژگیک",
    ),
}

_WORD = re.compile(r"[^\W\d_]+")
_MARK = re.compile(r"[^\W\d_A-Za-z]")

_RTL_SCRIPTS = frozenset("arab aran hebr syrc syrj thaa nkoo adlm rohg mand samr".split())
_RTL_LANGUAGES = frozenset(
    """ar arc ary arz apc azb bal bqi ckb dv fa glk he iw ji ks lrc mzn nqo pnb ps rhg sd sdh skr
    syr ug ur yi""".split()
)
"""As CLDR has them: the languages whose usual script is written from right to left."""

SignWeights = dict[str, list[tuple[str, float]]]

MIN_LANGUAGE_EVIDENCE = 0.5
"""Evidence below which no language is named; a function word of one language alone counts 1."""

# Han 1.7: translated news has 1.6 to 1.8 Chinese characters for one English word. Kana 2.5: they
# spell endings. Thai and its neighbours 4.5: letters of an alphabet, but no spaces.
_CHARS_PER_UNSPACED_WORD = (
    (("Hani",), 1.7),
    (("Jpan",), 2.5),
    (("Thai", "Laoo", "Mymr", "Khmr"), 4.5),
)
_PERHAPS_UNSPACED = re.compile(r"[^\x00-\u0dff\u1e00-\u2bff]")
"""No script before Thai goes without spaces, nor do more Latin, more Greek, marks and signs."""
_SPACED_WORD = re.compile(r"\w+(?:[.,'’\-]\w+)*")


def detect_language(text: str) -> str:
    """ISO 639-1 code of the language of ``text``, from its beginning; ``und`` if it cannot tell.

    >>> detect_language("Він сказав, що переговори тривають."), detect_language("17.11.25")
    ('uk', 'und')
    """
    sample = text[:LANGUAGE_SAMPLE_CHARS]
    script = _main_script(sample)
    only = _SCRIPTS[script][1] if script else "und"
    return only or _likeliest_language(sample, script)


@lru_cache(maxsize=1 << 12)
def count_words(text: str) -> int:
    """Words, as a reader of a spaced language would count them, so that a length means one thing.

    >>> count_words("Xi’s 1,000 follow-up calls"), count_words("中国和美国同意降低关税")
    (4, 6)
    """
    if uses_word_spaces(text):
        return len(_SPACED_WORD.findall(text))
    unspaced = 0.0
    for scripts, letters_a_word in _CHARS_PER_UNSPACED_WORD:
        for script in scripts:
            text, found = re.subn(_SCRIPTS[script][0], " ", text)
            unspaced += found / letters_a_word
    return len(_SPACED_WORD.findall(text)) + round(unspaced)


def uses_word_spaces(text: str) -> bool:
    """Whether every word of the text surely stands between spaces or marks: few texts in European
    languages are not, and patterns that know no other script compile five times as fast.

    >>> uses_word_spaces("Čeští “vědci”"), uses_word_spaces("中国")
    (True, False)
    """
    return text.isascii() or not _PERHAPS_UNSPACED.search(text)


def _main_script(sample: str) -> str:
    """The script of most letters, empty if there are none."""
    counts: dict[str, int] = {}
    for script in _SCRIPTS:
        counts[script] = sum(map(len, _script_pattern(script).findall(sample)))
        if script in ("Latn", "Cyrl") and 2 * counts[script] > len(sample):
            return script
    if 10 * counts["Jpan"] > counts["Hani"]:  # Japanese is written in both, Chinese is not
        counts["Jpan"] += counts.pop("Hani")
    script = max(counts, key=counts.__getitem__)
    return script if counts[script] else ""


def languages_differ(one: str, other: str) -> bool:
    """Whether both are known, and not the same."""
    return one != other and "und" not in (one, other)


def direction(language: str) -> Literal["ltr", "rtl", "auto"]:
    """The direction in which a language (BCP 47) is written; ``auto``, as HTML has it, if the
    language is not known. A script that the code names decides.

    >>> direction("ar-EG"), direction("pa"), direction("pa-Arab"), direction("und")
    ('rtl', 'ltr', 'rtl', 'auto')
    """
    code, *rest = re.split("[-_]", language.lower())
    if code in ("", "und"):
        return "auto"
    script = next((each for each in rest if len(each) == 4 and each.isalpha()), None)
    leftward = script in _RTL_SCRIPTS if script else code in _RTL_LANGUAGES
    return "rtl" if leftward else "ltr"


def written_in(text: str, language: str = "und") -> str:
    """``language``, unless the text is evidently written in the other direction: then its own.

    The language of a whole briefing need not be that of each of its sentences. Of a short text the
    script is certain, while close languages are easily taken for each other.

    >>> written_in("The harbour was closed.", "ar"), written_in("Der Hafen ist zu.", "en")
    ('en', 'en')
    """
    own, given = detect_language(text), direction(language)
    return own if given == "auto" or {given, direction(own)} == {"ltr", "rtl"} else language


@cache
def _script_pattern(script: str) -> re.Pattern[str]:
    """Made when asked for: most runs meet two scripts, and all 23 cost 7 ms."""
    return re.compile(f"{_SCRIPTS[script][0]}+")


def _likeliest_language(sample: str, script: str) -> str:
    """The language of ``script`` with most evidence."""
    words, marks = _sign_weights(script)
    lower = sample.lower()
    scores: defaultdict[str, float] = defaultdict(float)
    for found, weights in ((_WORD.findall(lower), words), (_MARK.findall(lower), marks)):
        for sign, times in Counter(found).items():
            for language, weight in weights.get(sign, ()):
                scores[language] += times * weight
    best = max(scores, key=scores.__getitem__, default="und")
    return best if scores[best] >= MIN_LANGUAGE_EVIDENCE else "und"


@cache
def _sign_weights(script: str) -> tuple[SignWeights, SignWeights]:
    """What each function word and each letter says: 1 for a language alone, 1/2 for two."""
    profiles = {
        code: rest for code, (where, *rest) in _LANGUAGE_PROFILES.items() if where == script
    }
    words = {code: words.split() for code, (words, _) in profiles.items()}
    marks = {code: list(letters) for code, (_, letters) in profiles.items()}
    return _shared_weights(words, 1.0), _shared_weights(marks, 0.5)


def _shared_weights(signs: dict[str, list[str]], whole: float) -> SignWeights:
    """``whole`` of each sign, shared by the languages that have it."""
    owners: dict[str, list[str]] = {}
    for code, own in signs.items():
        for sign in set(own):
            owners.setdefault(sign, []).append(code)
    return {sign: [(code, whole / len(codes)) for code in codes] for sign, codes in owners.items()}


LANGUAGE_NAMES: Mapping[str, str] = dict(
    pair.split("=")
    for pair in """ar=Arabic bg=Bulgarian bn=Bengali ca=Catalan cs=Czech da=Danish de=German
    el=Greek en=English es=Spanish et=Estonian fa=Persian fi=Finnish fr=French he=Hebrew hi=Hindi
    hr=Croatian hu=Hungarian hy=Armenian id=Indonesian it=Italian ja=Japanese ka=Georgian ko=Korean
    lt=Lithuanian lv=Latvian nl=Dutch no=Norwegian pl=Polish pt=Portuguese ro=Romanian ru=Russian
    sk=Slovak sl=Slovenian sr=Serbian sv=Swedish sw=Swahili ta=Tamil te=Telugu th=Thai tr=Turkish
    uk=Ukrainian ur=Urdu vi=Vietnamese zh=Chinese""".split()
)
"""ISO 639-1 code -> English name."""


def language_name(code: str) -> str:
    """The English name of a language code.

    >>> language_name("uk"), language_name("und")
    ('Ukrainian', 'the language of the articles')
    """
    return LANGUAGE_NAMES.get(code, "the language of the articles")
