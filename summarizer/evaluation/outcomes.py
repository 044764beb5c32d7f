"""One case run through the chain: its articles, its writer, and what came of it."""

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.briefing import Briefing, Sentence
from summarizer.errors import ModelError, NothingToDeliver, SettingsError, SourceError
from summarizer.evaluation.schema import ArticleFile, CaseFile
from summarizer.evaluation.suites import Case, matching_files
from summarizer.pipeline import create_briefing
from summarizer.settings import Settings
from summarizer.sources.articles import Article, publication_instant
from summarizer.text.annotations import Annotations
from summarizer.text.languages import detect_language

if TYPE_CHECKING:
    from summarizer.evaluation.mock_model import MockScript
    from summarizer.models.protocol import LanguageModel
    from summarizer.writing.prompting import Chain, StepPrompts

EVALUATION_TIME = datetime(2026, 1, 1, tzinfo=UTC)
"""The clock of every briefing of a suite, so that equal runs give equal bytes. Of articles with a
later date it is that of the last one, which would count as one in the future."""

BriefingPart = tuple[str, Sentence]
"""``headline``, ``sentence`` or ``side``, and the sentence."""


@dataclass(frozen=True, slots=True)
class CaseOutcome:
    """What an evaluator sees."""

    case: CaseFile
    names: Mapping[str, str]
    """Source id -> the suite's name of the article."""
    articles: Sequence[Article]
    briefing: Briefing | None
    """None where nothing could be delivered."""
    failure: str
    """Why there is no briefing."""
    model_unusable: bool
    """The failure is that the model could not be used at all."""
    judge: str
    """The model that judged sentences, if any."""
    seconds: float
    rerun: Callable[[], "CaseOutcome"]
    """Runs the same case once more."""
    annotations: Annotations = field(default_factory=Annotations, repr=False)
    """What evaluators read its sentences into."""

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
        """All the text for which the writer is responsible."""
        if self.briefing is None:
            return ""
        titles = [self.briefing.title]
        titles += [each.topic for story in self.briefing.stories for each in story.disagreements]
        return "\n".join([*titles, *(sentence.text for _, sentence in self.sentences())])


def run_case(
    case: Case, live: "Chain | None" = None, nli: Path | None = None
) -> tuple[CaseOutcome, list[str]]:
    """The outcome, and what is wrong with the suite itself: replies that no step asked for.

    ``live`` writes in place of the case's own writer; ``nli``: path of the model that reads what
    the rules of the checks leave open. Raises SettingsError for a mistake of the suite, and
    whatever the chain does not catch.
    """
    named = case_articles(case)
    asked, unused = case.spec.settings, None
    if live:
        chain: Chain | None = replace(live, language=asked.language or live.language)
    else:
        chain, unused = _case_chain(case)
    settings = Settings(asked.focus, asked.words, asked.title, asked.since, asked.stories, nli)
    articles = list(named.values())
    dates = [publication_instant(each.published) for each in articles if each.published]
    now = max([EVALUATION_TIME, *dates])
    briefing, error = None, None
    started = time.perf_counter()
    try:
        briefing = create_briefing(articles, settings, now=now, chain=chain)
    except (NothingToDeliver, ModelError) as raised:
        error = raised
    names = {article.id: name for name, article in named.items()}
    # An item of a round-up is a source of its own, and has the name of its page.
    name_by_location = {article.location: name for name, article in named.items()}
    names |= {
        s.id: name_by_location[s.url or s.path or "-"]
        for s in (briefing.sources if briefing else ())
    }
    outcome = CaseOutcome(
        case=case.spec,
        names=names,
        articles=articles,
        briefing=briefing,
        failure=str(error) if error else "",
        model_unusable=isinstance(error, ModelError),
        judge=chain.judge_name if chain and chain.judge else "",
        seconds=time.perf_counter() - started,
        rerun=lambda: run_case(case, live, nli)[0],
    )
    return outcome, unused.unused_replies() if unused else []


def _case_chain(case: Case) -> "tuple[Chain | None, MockScript | None]":
    """The chain of the case's own replies, None for the model-free writer; and its script."""
    spec, script = case.spec, None
    if spec.recording:
        from summarizer.models.replay import ReplayedModel

        model: LanguageModel = ReplayedModel(case.path_beside(spec.recording.file))
        from summarizer.models.config import ModelConfig

        name = spec.recording.model
        judge = ModelConfig(model=name, judge_model=spec.recording.judge).judge_name
    elif spec.replies:
        from summarizer.evaluation.mock_model import MOCK_JUDGE_NAME, MOCK_WRITER_NAME, MockScript
        from summarizer.models.replay import ScriptedModel

        script = MockScript(spec.replies)
        model, name = ScriptedModel(script), MOCK_WRITER_NAME
        judge = MOCK_JUDGE_NAME if spec.replies.judge else ""
    else:
        return None, None
    from summarizer.writing.prompting import Chain

    chain = Chain(
        model=model,
        name=name,
        prompts=suite_prompts(case.prompts),
        judge=model if judge else None,
        judge_name=judge,
        language=spec.settings.language,
        read_first=bool(
            spec.replies and isinstance(spec.replies.facts, tuple) and spec.replies.facts
        ),
    )
    return chain, script


def suite_prompts(folder: Path | None) -> "StepPrompts":
    """The prompts of a suite; read once. Raises PromptError."""
    from summarizer.writing.prompting import load_step_prompts

    prompts: StepPrompts = _read_once(load_step_prompts, folder)
    return prompts


def case_articles(case: Case) -> dict[str, Article]:
    """By name, in the order of the suite. Raises SettingsError for one that cannot be read."""
    named: dict[str, Article] = {}
    known: set[str] = set()
    for each in case.spec.articles:
        for name, article in _inline_article(each) if each.text else _articles_of_files(case, each):
            if name in named:
                raise SettingsError(f"two articles are called {name!r}", subject=case.location)
            if article.id in known:
                what = f"the article {article.location} is listed twice"
                raise SettingsError(what, subject=case.location)
            named[name] = article
            known.add(article.id)
    return named


def _inline_article(each: ArticleFile) -> Iterator[tuple[str, Article]]:
    """An article written in the suite."""
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
        for article in _read_once(_file_articles, file, file.stat().st_mtime_ns):
            if isinstance(article, SourceError):
                raise SettingsError(f"the article {article}", subject=case.location)
            key = f"#{article.collection_key}" if article.collection_key else ""
            name = each.id or article.collection_key or file.stem
            yield name, replace(article, path=f"{located}{key}")


def _file_articles(file: Path, _changed: int) -> tuple[Article | SourceError, ...]:
    from summarizer.sources.files import read_articles

    return tuple(read_articles([str(file)]))


# Bounded: the prompts and articles that many cases share are read once by each process of a run,
# which lives no longer than the run.
@lru_cache(maxsize=64)
def _read_once(read: Callable[..., Any], *args: Path | int | None) -> Any:
    return read(*args)
