"""One case run through the chain: its articles, its writer, and what came of it."""

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from summarizer.briefing import Briefing, Sentence
from summarizer.errors import ModelError, NothingToDeliver, SettingsError, SourceError
from summarizer.evaluation.schema import ArticleFile, CaseFile
from summarizer.evaluation.suites import Case, matching_files
from summarizer.pipeline import create_briefing
from summarizer.settings import Settings
from summarizer.sources.articles import Article
from summarizer.text.languages import detect_language

if TYPE_CHECKING:
    from summarizer.models.protocol import LanguageModel
    from summarizer.writing.prompting import Chain, StepPrompts

__all__ = [
    "EVALUATION_TIME",
    "BriefingPart",
    "CaseOutcome",
    "case_articles",
    "run_case",
    "suite_prompts",
]

EVALUATION_TIME = datetime(2026, 1, 1, tzinfo=UTC)
"""When every briefing of a suite is written: equal runs give equal bytes."""

BriefingPart = tuple[str, Sentence]
"""``headline``, ``sentence`` or ``side``, and the sentence."""


@dataclass(frozen=True, slots=True)
class CaseOutcome:
    """What an evaluator sees. ``names``: source id -> what the suite calls the article.

    ``briefing`` is None where nothing could be delivered, and ``failure`` says why;
    ``model_unusable``: it was the model, which could not be used at all. ``judge`` names the model
    that judged sentences, if any. ``rerun`` runs the same case once more.
    """

    case: CaseFile
    names: Mapping[str, str]
    articles: Sequence[Article]
    briefing: Briefing | None
    failure: str
    model_unusable: bool
    judge: str
    seconds: float
    rerun: Callable[[], "CaseOutcome"]

    def sentences(self) -> Iterator[BriefingPart]:
        """Every sentence that a reader sees, in reading order."""
        for story in self.briefing.stories if self.briefing else ():
            yield "headline", story.headline
            yield from (("sentence", each) for each in story.sentences)
            yield from (("side", side) for each in story.disagreements for side in each.sides)

    def cited_articles(self, sentence: Sentence) -> tuple[str, ...]:
        """The names of the articles that a sentence cites."""
        return tuple(dict.fromkeys(self.names[cited.source] for cited in sentence.citations))

    def text(self) -> str:
        """All the text that the writer is answerable for."""
        if self.briefing is None:
            return ""
        titles = [self.briefing.title]
        titles += [each.topic for story in self.briefing.stories for each in story.disagreements]
        return "\n".join([*titles, *(sentence.text for _, sentence in self.sentences())])


def run_case(case: Case, live: "Chain | None" = None) -> tuple[CaseOutcome, list[str]]:
    """The outcome, and what is wrong with the suite itself: replies that nobody asked for.

    ``live`` writes in place of the case's own writer. Raises SettingsError for a mistake of the
    suite, and whatever the chain lets through.
    """
    named = case_articles(case)
    articles = list(named.values())
    chain, unasked = (_in_case_language(case, live), list) if live else _case_chain(case)
    settings = case.spec.settings
    started = time.perf_counter()
    briefing, error = _briefing_or_error(
        articles,
        Settings(settings.focus, settings.words, settings.title, settings.since, settings.stories),
        chain,
    )
    seconds = time.perf_counter() - started
    outcome = CaseOutcome(
        case=case.spec,
        names={article.id: name for name, article in named.items()},
        articles=articles,
        briefing=briefing,
        failure=str(error) if error else "",
        model_unusable=isinstance(error, ModelError),
        judge=chain.judge_name if chain and chain.judge else "",
        seconds=seconds,
        rerun=lambda: run_case(case, live)[0],
    )
    return outcome, unasked()


def _briefing_or_error(
    articles: Sequence[Article], settings: Settings, chain: "Chain | None"
) -> tuple[Briefing | None, NothingToDeliver | ModelError | None]:
    """The briefing, or why there is none."""
    try:
        return create_briefing(articles, settings, now=EVALUATION_TIME, chain=chain), None
    except (NothingToDeliver, ModelError) as error:
        return None, error


def _in_case_language(case: Case, live: "Chain") -> "Chain":
    """The live chain in the case's own language."""
    return replace(live, language=case.spec.settings.language or live.language)


def _case_chain(case: Case) -> "tuple[Chain | None, Callable[[], list[str]]]":
    """The chain of the case's own replies, none for the model-free writer; and a function that
    tells afterwards which replies nobody asked for."""
    spec = case.spec
    if spec.recording:
        from summarizer.models.replay import ReplayedModel

        recorded = ReplayedModel(case.path_beside(spec.recording.file))
        return _build_chain(case, recorded, spec.recording.model, spec.recording.judge), list
    if spec.replies is None:
        return None, list
    from summarizer.evaluation.mock_model import MOCK_JUDGE_NAME, MOCK_WRITER_NAME, MockScript
    from summarizer.models.replay import ScriptedModel

    script = MockScript(spec.replies)
    judge = MOCK_JUDGE_NAME if spec.replies.judge else ""
    return _build_chain(case, ScriptedModel(script), MOCK_WRITER_NAME, judge), script.unused_replies


def _build_chain(case: Case, model: "LanguageModel", name: str, judge: str) -> "Chain":
    from summarizer.writing.prompting import Chain

    return Chain(
        model=model,
        name=name,
        prompts=suite_prompts(case.prompts),
        judge=model if judge else None,
        judge_name=judge,
        language=case.spec.settings.language,
    )


@lru_cache(maxsize=8)
def suite_prompts(folder: Path | None) -> "StepPrompts":
    """The prompts of a suite; read once. Raises PromptError."""
    from summarizer.writing.prompting import load_step_prompts

    return load_step_prompts(folder)


def case_articles(case: Case) -> dict[str, Article]:
    """By name, in the order of the suite. Raises SettingsError for one that cannot be read."""
    named: dict[str, Article] = {}
    known: set[str] = set()
    for each in case.spec.articles:
        for name, article in _inline_article(each) if each.text else _articles_of_files(case, each):
            if name in named:
                raise SettingsError(f"two articles are called {name!r}", subject=case.location)
            if article.id in known:
                what = f"the article {article.location} stands twice"
                raise SettingsError(what, subject=case.location)
            named[name] = article
            known.add(article.id)
    return named


def _inline_article(each: ArticleFile) -> Iterator[tuple[str, Article]]:
    """An article that stands in the suite."""
    text, name = (each.text or "").strip(), each.id or ""
    yield (
        name,
        Article(
            text=text,
            path=name,
            title=each.title,
            publisher=each.publisher,
            published=each.published,
            published_from="page" if each.published else None,
            language=each.language or detect_language(text),
        ),
    )


def _articles_of_files(case: Case, each: ArticleFile) -> Iterator[tuple[str, Article]]:
    """The articles of a file, folder or glob. They are located as the suite names them, so that
    their ids are the same wherever the suite is run from."""
    for file in matching_files(case.path_beside(each.path or "")):
        located = Path(os.path.relpath(file, case.file.parent)).as_posix()
        for article in _parse_file(file, file.stat().st_mtime_ns):
            if isinstance(article, SourceError):
                raise SettingsError(f"the article {article}", subject=case.location)
            key = f"#{article.collection_key}" if article.collection_key else ""
            name = each.id or article.collection_key or file.stem
            yield name, replace(article, path=f"{located}{key}")


@lru_cache(maxsize=64)
def _parse_file(file: Path, _changed: int) -> tuple[Article | SourceError, ...]:
    """What a file holds; many cases read the same."""
    from summarizer.sources.files import read_articles

    return tuple(read_articles([str(file)]))
