"""Briefings to render: the seeds with true offsets, a hostile one, and a large one."""

from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from summarizer.briefing import (
    Activity,
    Briefing,
    BriefingStory,
    Citation,
    CitedChunk,
    Disagreement,
    Finding,
    Report,
    Sentence,
    Source,
    Verdict,
)
from summarizer.sources.articles import PublishedFrom

SEEDS = Path(__file__).parents[2] / "seeds"


class Seed(NamedTuple):
    label: str
    published: date
    published_from: PublishedFrom
    origin: str
    publisher: str | None = None
    url: str | None = None


NOVEMBER, JUNE = date(2025, 11, 25), date(2025, 6, 6)
SEED = {
    "000": Seed("UNN", NOVEMBER, "text", "o-bloomberg", "UNN"),
    "001": Seed("Xi and Trump speak by phone", NOVEMBER, "text", "o-bloomberg"),
    "002": Seed("Edaily", NOVEMBER, "dateline", "o-edaily", "Edaily"),
    "003": Seed(
        "Reuters",
        date(2025, 11, 24),
        "page",
        "o-reuters",
        "Reuters",
        "https://news.example/world/xi-trump-call?id=7&lang=en",
    ),
    "004": Seed("Taipei Times", JUNE, "text", "o-taipei", "Taipei Times"),
}


@cache
def snapshot(seed: str) -> str:
    return next(SEEDS.glob(f"{seed}_*.txt")).read_text(encoding="utf-8")


def snapshots() -> dict[str, str]:
    return {f"s-{seed}": snapshot(seed) for seed in SEED}


def source(seed: str) -> Source:
    about, text = SEED[seed], snapshot(seed)
    path = None if about.url else f"seeds/{next(SEEDS.glob(f'{seed}_*.txt')).name}"
    return Source(
        id=f"s-{seed}",
        label=about.label,
        path=path,
        url=about.url,
        publisher=about.publisher,
        published=about.published,
        published_from=about.published_from,
        origin=about.origin,
        sha256=sha256(text.encode()).hexdigest(),
        length=len(text),
    )


def chunk(seed: str, quote: str) -> CitedChunk:
    """The line of the article that the quotation begins in, to the end of the one it ends in."""
    text = snapshot(seed)
    at = text.index(quote)
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at + len(quote))
    end = len(text) if end < 0 else end
    return CitedChunk(
        id=f"c-{sha256(f'{seed}:{start}:{end}'.encode()).hexdigest()[:12]}",
        source=f"s-{seed}",
        start=start,
        end=end,
        text=text[start:end],
    )


def cite(seed: str, quote: str) -> Citation:
    at = snapshot(seed).index(quote)
    return Citation(
        chunk=chunk(seed, quote).id, source=f"s-{seed}", start=at, end=at + len(quote), quote=quote
    )


def sentence(
    text: str, *cited: tuple[str, str], origins: int = 1, verdict: Verdict = "supported"
) -> Sentence:
    return Sentence(
        text=text,
        verdict=verdict,
        support=0.97,
        checked_by="rules",
        method="extracted",
        origins=origins,
        citations=tuple(cite(seed, quote) for seed, quote in cited),
    )


RETURN = (
    "003",
    "Taiwan’s “return to China” is a key part of the country’s vision for the world order",
)
ELEMENT = (
    "000",
    "Taiwan's return to China is a key element of the post-World War II international order",
)
COMPONENT = (
    "001",
    "the return of Taiwan to China constitutes a key component of the international order",
)
FRAMEWORK = (
    "003",
    "The call, not previously flagged by either country, came weeks after the two leaders met",
)
CORE = (
    "002",
    "The recognition that Taiwan belongs to China is a core element of the international order",
)


def _november() -> BriefingStory:
    return BriefingStory(
        id="st-november",
        date=date(2025, 11, 24),
        headline=sentence(
            "Trump touts “extremely strong” relations with Beijing after a call with Xi",
            ("003", "President Donald Trump touted relations with Beijing as “extremely strong”"),
        ),
        sentences=(
            sentence(
                "Xi told Trump that Taiwan’s return to China is a key element of the"
                " post-World War II international order.",
                ELEMENT,
                COMPONENT,
                RETURN,
                CORE,
                origins=3,
            ),
            sentence(
                "The call came weeks after the two leaders met in South Korea, where they agreed"
                " to a framework for a trade deal that has yet to be finalised.",
                FRAMEWORK,
            ),
            sentence(
                "He accepted Xi’s invitation to visit Beijing in April and invited Xi for a state"
                " visit to the United States later in the year.",
                ("003", "He said he accepted Xi’s invitation to visit Beijing in April"),
                ("002", "he plans to visit Beijing in April next year"),
                origins=2,
            ),
            sentence(
                "Washington lowered tariffs on Chinese goods and Beijing lifted some restrictions"
                " on rare earth exports.",
                ("000", "saw Washington lower tariffs on Chinese goods and Beijing lift some"),
                ("001", "Washington lowering tariffs on Chinese goods and Beijing agreeing"),
            ),
            sentence(
                "A final deal on rare earths may come by Thanksgiving.",
                ("003", "he hoped a final deal on rare earths would be done by Thanksgiving"),
                verdict="unverified",
            ),
        ),
        disagreements=(
            Disagreement(
                topic="the name of the Commerce Secretary",
                sides=(
                    sentence(
                        "Commerce Secretary Howard Lutnick",
                        ("000", "Commerce Secretary Howard Lutnick"),
                        ("001", "Commerce Secretary Howard Lutnick"),
                    ),
                    sentence(
                        "Secretary of Commerce Howard Rutnik",
                        ("002", "Secretary of Commerce Howard Rutnik"),
                    ),
                ),
            ),
            Disagreement(
                topic="the wording of a quotation",
                sides=(
                    sentence(
                        "“We are not just buying a little, but they will buy a lot of soybeans.”",
                        ("000", "We are not just buying a little, but they will buy a lot"),
                    ),
                    sentence(
                        "“doing a lot of soybean purchase.”",
                        ("001", "“doing a lot of soybean purchase.”"),
                    ),
                    sentence(
                        "“China will be making significant purchases.”",
                        ("002", "China will be making significant purchases."),
                    ),
                ),
            ),
        ),
    )


def _june() -> BriefingStory:
    return BriefingStory(
        id="st-june",
        date=date(2025, 6, 5),
        headline=sentence(
            "Xi tells Trump to back down from trade measures in a call of more than an hour",
            (
                "004",
                "Xi told Trump to back down from trade measures that roiled the global economy",
            ),
        ),
        sentences=(
            sentence(
                "Yesterday's call came at Trump's request, China said.",
                ("004", "Yesterday's call came at Trump's request, China said."),
            ),
            sentence(
                "The countries on May 12 struck a 90-day deal to roll back some of the"
                " triple-digit, tit-for-tat tariffs.",
                ("004", "The countries on May 12 struck a 90-day deal to roll back some"),
            ),
        ),
    )


def _furniture(seed: str, text: str, detail: str) -> Finding:
    at = snapshot(seed).index(text)
    return Finding(
        kind="boilerplate",
        action="set_aside",
        text=text,
        detail=detail,
        source=f"s-{seed}",
        start=at,
        end=at + len(text),
    )


def _findings() -> tuple[Finding, ...]:
    return (
        Finding(
            kind="number",
            action="dropped",
            text="The two leaders spoke for more than two hours.",
            detail="“two hours” is not in the cited text; there: “more than one-hour-long”",
            source="s-004",
        ),
        Finding(
            kind="misattributed",
            action="citation_replaced",
            text="He accepted Xi’s invitation to visit Beijing in April.",
            detail="cited UNN, which does not say it; Reuters does",
        ),
        _furniture("004", "Photo: Reuters", "credit"),
        _furniture("004", "Additional reporting by CNA and Fion Khan", "byline"),
        _furniture(
            "004",
            "The collapse of the Swiss Birch glacier serves as a chilling warning of"
            " the escalating dangers faced by communities worldwide",
            "foreign",
        ),
        _furniture("002", "Copyrights(C) Edaily wowkorea.jp 88", "copyright"),
        _furniture("000", "17.11.25, 16:36 • [views_2880]", "counter"),
    )


def _chunks(stories: tuple[BriefingStory, ...]) -> tuple[CitedChunk, ...]:
    cited = [c for story in stories for told in story.all_sentences() for c in told.citations]
    found = [chunk(c.source.removeprefix("s-"), c.quote) for c in cited]
    return tuple({one.id: one for one in found}.values())


@cache
def seeds() -> Briefing:
    """Two stories of the five seeds, as a model-free run would tell them."""
    stories = (_november(), _june())
    return Briefing(
        schema="summarizer/briefing/2",
        id="b-seeds",
        created=datetime(2025, 11, 26, 7, 30, tzinfo=UTC),
        title="Xi and Trump speak by phone",
        language="en",
        writer="extractive",
        stories=stories,
        sources=tuple(source(seed) for seed in SEED),
        chunks=_chunks(stories),
        findings=_findings(),
        report=Report(
            sentences=9,
            supported=8,
            unverified=0,
            citation_recall=1.0,
            citation_precision=0.94,
            sources_read=5,
            sources_cited=5,
            origins=4,
            facts_found=14,
            facts_covered=12,
        ),
        activities=(Activity(step="write", agent="extractive", seconds=0.02),),
    )


def single(
    text: str,
    *,
    article: str | None = None,
    quote: str | None = None,
    url: str | None = None,
    label: str = "One",
    title: str = "One",
) -> Briefing:
    """A briefing of one sentence on one article."""
    article = article or text
    quote = quote or article
    at = article.index(quote)
    told = Sentence(
        text=text,
        verdict="supported",
        support=1,
        checked_by="rules",
        method="written",
        origins=1,
        citations=(
            Citation(chunk="c-1", source="s-1", start=at, end=at + len(quote), quote=quote),
        ),
    )
    return Briefing(
        schema="summarizer/briefing/2",
        id="b-1",
        created=datetime(2026, 1, 2, tzinfo=UTC),
        title=title,
        language="en",
        writer="extractive",
        stories=(BriefingStory(id="st-1", headline=told, date=None, sentences=(told,)),),
        sources=(
            Source(
                id="s-1",
                label=label,
                url=url,
                path=None if url else "one.txt",
                publisher=label,
                title=label,
                sha256=sha256(article.encode()).hexdigest(),
                origin="o-1",
                length=len(article),
            ),
        ),
        chunks=(CitedChunk(id="c-1", source="s-1", start=0, end=len(article), text=article),),
        findings=(Finding(kind="boilerplate", action="set_aside", text=text, detail=text),),
        report=Report(
            sentences=2,
            supported=2,
            unverified=0,
            citation_recall=None,
            citation_precision=None,
            sources_read=1,
            sources_cited=1,
            origins=1,
            facts_found=1,
            facts_covered=1,
        ),
        activities=(),
    )


WORDS = (
    "ministers agreed after long talks in Geneva that the ceasefire would hold until spring while"
    " observers counted violations along the northern line and aid convoys waited at two crossings"
)


def _paragraph(seed: int) -> str:
    words = WORDS.split()
    picked = [words[(seed * 7 + i * (seed % 5 + 1)) % len(words)] for i in range(24)]
    return f"On day {seed} " + " ".join(picked) + "."


@cache
def large(sentences: int = 100, sources: int = 40) -> tuple[Briefing, dict[str, str]]:
    """Many sentences of two citations each, over articles of about 700 words."""
    articles = ["\n".join(_paragraph(n * 26 + i) for i in range(26)) for n in range(1, sources + 1)]
    told, chunks = [], {}
    for number in range(sentences):
        cited = []
        for near in (number, number * 3 + 1):
            article, line = near % sources, 1 + number % 24
            quote = articles[article].split("\n")[line]
            at = articles[article].index(quote)
            key = f"c-{article}-{line}"
            one = CitedChunk(
                id=key, source=f"s-{article}", start=at, end=at + len(quote), text=quote
            )
            chunks[key] = one
            cited.append(Citation(chunk=key, source=one.source, start=at, end=one.end, quote=quote))
        told.append(
            Sentence(
                text=cited[0].quote,
                verdict="supported",
                support=0.9,
                checked_by="rules",
                method="extracted",
                origins=2,
                citations=tuple(cited),
            )
        )
    stories = tuple(
        BriefingStory(
            id=f"st-{i}",
            headline=told[i],
            date=date(2026, 1, 1 + i // 10),
            sentences=tuple(told[i + 1 : i + 10]),
        )
        for i in range(0, sentences, 10)
    )
    briefing = seeds().model_copy(
        update={
            "stories": stories,
            "chunks": tuple(chunks.values()),
            "sources": tuple(
                Source(
                    id=f"s-{n}",
                    label=f"Outlet {n}",
                    publisher=f"Outlet {n}",
                    url=f"https://outlet-{n}.example/2026/01/{n}/a-rather-long-slug-as-outlets-do",
                    published=date(2026, 1, 2),
                    published_from="page",
                    origin=f"o-{n % 30}",
                    sha256=sha256(text.encode()).hexdigest(),
                    length=len(text),
                )
                for n, text in enumerate(articles)
            ),
            "findings": seeds().findings[:1] * 60,
        }
    )
    return Briefing.model_validate_json(briefing.model_dump_json()), {
        f"s-{n}": text for n, text in enumerate(articles)
    }
