"""The Python interface: `brief`, `ask`, `check` and `verify`. Command line and service use it too.

Whoever has read the articles calls `write_briefing` or `audit_text`, and whoever has opened a store
`answer_question`. Heavy imports are inside the functions.
"""

import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from glob import has_magic
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from summarizer.errors import ExtractionError, NothingToDeliver, SettingsError, SourceError
from summarizer.models.config import ModelConfig
from summarizer.sources.articles import Article

if TYPE_CHECKING:
    from summarizer.audit.report import DraftAudit
    from summarizer.briefing import Briefing, Source
    from summarizer.checking.entailment import EntailmentModel
    from summarizer.checking.verify import Verification
    from summarizer.retrieval.chunks import Statement
    from summarizer.retrieval.corpus import Corpus, ProgressTracker
    from summarizer.settings import Settings
    from summarizer.sources.fetch import Page
    from summarizer.sources.files import ReadMap, ReadResult
    from summarizer.store.article_search import ArticleFilter
    from summarizer.store.database import Database
    from summarizer.writing.prompting import Chain

_logger = logging.getLogger("summarizer")

SourceInput = str | Path | Article
"""A file, folder, glob or http(s) URL, or an article at hand."""

MAX_PARALLEL_FETCHES = 8
"""Pages that are fetched at a time."""


def brief(  # noqa: PLR0913  # one keyword for each setting
    sources: SourceInput | Sequence[SourceInput],
    *,
    focus: str = "",
    words: int = 300,
    title: str = "",
    since: date | datetime | None = None,
    undated: bool = False,
    stories: int = 8,
    model: str | ModelConfig = "",
    nli: str | Path | None = None,
    strict: bool = False,
    most: int = 20,
    allow_private: bool = False,
    now: datetime | None = None,
) -> "Briefing":
    """One cited and checked briefing of many articles.

    ``focus``: what it is about. ``words``: approximate length of all stories. ``since`` leaves
    older articles out, and those of unknown date unless ``undated``. ``model``: ``PROVIDER/NAME``,
    or a `ModelConfig` with bounds and a judge; without one the sources' own sentences are taken,
    and nothing leaves the machine. ``nli``: path of a local model that reads what the checks' rules
    leave open. ``strict``: what a model wrote and nothing verified is replaced or left out.
    ``most``: articles that are read of a feed, OPML file or sitemap, the newest. ``allow_private``
    also fetches private and loopback addresses. ``now`` stamps the briefing.

    What cannot be read is logged and listed in ``findings``. Raises SummarizerError in one line:
    SettingsError for a wrong argument, SourceError for a path that does not exist, NothingToDeliver
    when nothing can be written, ModelError when the model cannot be used.

    >>> fire = Article.of("A fire destroyed a railway depot in Bern on Monday, police said. Twelve"
    ...     " people were injured, two of them seriously.", name="fire.txt")
    >>> headline = brief(fire, words=60).stories[0].headline
    >>> headline.citations[0].quote in fire.text
    True
    """
    from summarizer.checking.entailment import open_named_model
    from summarizer.settings import Settings
    from summarizer.writing.prompting import open_chain

    path = Path(nli) if nli else None
    settings = Settings(focus, words, title, since, stories, path, strict, undated=undated)
    open_named_model(settings.nli)  # what is wrong with it is said before anything is read
    with open_chain(_model_config(model), log=_logger.warning) as chain:
        now = now or datetime.now().astimezone()
        read = _read_existing(sources, allow_private=allow_private, most=most, now=now)
        articles, errors = _articles_and_errors(read)
        return write_briefing(articles, settings, chain, now=now, unreadable=errors)


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What stored articles say to a question. ``briefing``: None if they say nothing.

    ``searched``: the number of articles; ``undated``: how many of unknown date were left out.
    """

    question: str
    briefing: "Briefing | None"
    searched: int
    undated: int = 0

    @property
    def nothing(self) -> str:
        """The answer in one line where the sources say nothing."""
        if not self.searched:
            return "Nothing is stored that could be searched."
        read = "1 article was" if self.searched == 1 else f"{self.searched:,} articles were"
        return f"Nothing in your sources says this; {read} searched."


def ask(  # noqa: PLR0913  # one keyword for each setting
    question: str,
    *,
    store: str | Path = "",
    digest: str = "",
    since: date | None = None,
    until: date | None = None,
    undated: bool = False,
    words: int = 120,
    model: str | ModelConfig = "",
    nli: str | Path | None = None,
    now: datetime | None = None,
) -> StoredAnswer:
    """The answer to a question from all articles in the store of digests and the service.

    ``store``: its path or PostgreSQL URL; default: that of the command line. ``digest``, ``since``
    and ``until``: only articles that the digest read, or that were published on these days;
    ``undated`` keeps those of unknown date. ``words``: approximate length with a ``model``;
    without one, the answer is up to three sentences of the sources. ``nli`` and ``now`` as for
    `brief`. Raises SummarizerError in one line.
    """
    from summarizer.extras import require_modules
    from summarizer.settings import Settings
    from summarizer.writing.prompting import open_chain

    require_modules(["sqlalchemy"], "'citably[digest]'")
    from summarizer.store.article_search import ArticleFilter
    from summarizer.store.database import default_store, open_store

    settings = Settings(words=words, nli=Path(nli) if nli else None)
    wanted = ArticleFilter(digest, since, until, undated)
    with (
        open_chain(_model_config(model), log=_logger.warning) as chain,
        closing(open_store(str(store) or default_store(), create=False)) as database,
    ):
        now = now or datetime.now().astimezone()
        return answer_question(database, question, wanted, settings, chain, now=now)


MAX_QUESTION_CHARS = 1_000
"""Code points of a question: a longer text is no question."""

MAX_SEARCHED_ARTICLES = 12
"""Articles that are read for one answer, the best of all that are stored."""


def answer_question(  # all that an answer depends on
    database: "Database",
    question: str,
    wanted: "ArticleFilter",
    settings: "Settings",
    chain: "Chain | None" = None,
    *,
    now: datetime,
) -> StoredAnswer:
    """The answer from the articles in an open store, as `ask` gives it.

    Raises SettingsError for what is no question, and ModelError and StoreError.
    """
    from summarizer.retrieval.corpus import prepare_corpus
    from summarizer.retrieval.question import (
        answering_statements,
        question_stems,
        weigh_question,
    )
    from summarizer.store.article_search import search_articles
    from summarizer.text.languages import detect_language

    question = " ".join(question.replace("\x00", "").split())
    if not question or len(question) > MAX_QUESTION_CHARS:
        limit = f"has {len(question):,} characters; at most {MAX_QUESTION_CHARS:,} are answered"
        raise SettingsError(limit if question else "is empty", subject="question")
    stems = question_stems(question, detect_language(question))
    hits = search_articles(database, stems, wanted, MAX_SEARCHED_ARTICLES)
    nothing = StoredAnswer(question, None, hits.searched, hits.undated)
    if not hits.articles:
        return nothing
    corpus = prepare_corpus(hits.articles, now=now)
    asked = weigh_question(stems, hits.frequencies, hits.searched)
    answers = answering_statements(asked, corpus)
    if not answers:
        return nothing
    settings = replace(settings, title=question, focus=question if chain else "")
    try:
        briefing = _brief_answers(corpus, answers, settings, chain, now)
    except NothingToDeliver:
        return nothing
    return replace(nothing, briefing=briefing)


def _brief_answers(
    corpus: "Corpus",
    answers: "Sequence[Statement]",
    settings: "Settings",
    chain: "Chain | None",
    now: datetime,
) -> "Briefing":
    """The answering statements as a briefing, or what a model writes from their passages."""
    from summarizer.pipeline import brief_answers, brief_stories
    from summarizer.retrieval.stories import trace_stories

    articles = {each.source: corpus.articles[each.source] for each in answers}
    read = replace(corpus, articles=articles)
    traced = trace_stories(read)
    if chain is None:
        return brief_answers(read, traced, answers, settings, now=now)
    # A model may need the sentences around an answer to understand it.
    passages = {each.chunk.id for each in answers}
    statements = {
        source: [each for each in corpus.statements[source] if each.chunk.id in passages]
        for source in articles
    }
    read = replace(read, statements=statements)
    return brief_stories(read, traced, settings, now=now, chain=chain)


def check(
    draft: str | Path,
    sources: SourceInput | Sequence[SourceInput],
    *,
    judge: str | ModelConfig = "",
    nli: str | Path | None = None,
    allow_private: bool = False,
) -> "DraftAudit":
    """A verdict on each sentence of a text that cites its sources in any common form, such as [1].

    ``draft`` is the text, or the path of its file. Numbers lead to sources by the text's own list
    of them, else by the order of ``sources``; a sentence without a citation is compared with the
    best passages of all. ``judge``: a model, ``PROVIDER/NAME``, that decides what the checks leave
    uncertain. ``nli``: path of a model on this machine that reads what their rules leave open.
    Raises SummarizerError in one line.

    >>> fire = Article.of("A fire destroyed a depot in Bern on Monday. Nobody was hurt.")
    >>> report = check("A fire destroyed a depot in Bern [1]. Ten people died [1].", fire)
    >>> [sentence.verdict for sentence in report.sentences]
    ['unverified', 'unsupported']
    """
    from summarizer.checking.entailment import open_named_model
    from summarizer.writing.prompting import open_chain

    text = read_draft(str(draft)) if isinstance(draft, Path) else draft
    entailment = open_named_model(Path(nli) if nli else None)
    with open_chain(_model_config(judge), log=_logger.warning) as chain:
        outcomes = _read_existing(sources, allow_private=allow_private)
        _articles_and_errors(outcomes)
        name = str(draft) if isinstance(draft, Path) else "draft"
        return audit_text(text, outcomes, name=name, chain=chain, entailment=entailment)


def verify(
    briefing: "Briefing | str | Path",
    sources: SourceInput | Sequence[SourceInput] | None = None,
    *,
    nli: str | Path | None = None,
) -> "Verification":
    """Whether every hash, offset and quotation of a briefing is what its sources say now.

    ``briefing``, or the path of its JSON file. ``sources``: where the sources are; without them
    files are read again at their paths and pages from the cache of fetched pages, without the
    network. ``nli`` as for `brief`. All is well if ``failures`` and ``unavailable`` are empty.
    Raises SettingsError for a file that holds no briefing.

    >>> fire = Article.of("A fire destroyed a depot in Bern on Monday. Nobody was hurt.")
    >>> verify(brief(fire, words=60), [fire]).failures
    ()
    """
    from summarizer.briefing import Briefing
    from summarizer.checking.entailment import open_named_model
    from summarizer.checking.verify import verify_briefing

    entailment = open_named_model(Path(nli) if nli else None)
    folder = Path()
    if not isinstance(briefing, Briefing):
        folder = Path(briefing).parent
        briefing = load_briefing(Path(briefing))
    given: dict[str, Article] = {}
    for outcome in _read_existing(sources) if sources is not None else ():
        if isinstance(outcome, Article):
            given |= {outcome.sha256: outcome, outcome.location: outcome}

    def reread(source: "Source") -> Article:
        known = given.get(source.sha256) or given.get(source.url or source.path or "")
        return known or reread_source(source, folder)

    return verify_briefing(briefing, reread, entailment)


def _model_config(model: str | ModelConfig) -> ModelConfig:
    return model if isinstance(model, ModelConfig) else ModelConfig(model=model)


def _read_existing(
    sources: SourceInput | Sequence[SourceInput],
    *,
    allow_private: bool = False,
    most: int = 20,
    now: datetime | None = None,
) -> "list[ReadResult]":
    """The articles and errors of the sources, each error logged. Raises SourceError for a path that
    does not exist, before anything is read."""
    from summarizer.sources.files import read_articles

    if isinstance(sources, SourceInput):
        sources = [sources]
    for location in [str(each) for each in sources if not isinstance(each, Article)]:
        if "://" in location or has_magic(location) or os.path.exists(location):  # noqa: PTH110 - a long text raises nothing
            continue
        if len(location.split()) > MAX_PATH_WORDS:
            raise SettingsError(
                "is a text, not a path or URL",
                subject=f"“{' '.join(location.split())[:40]}…”",
                hint="Article.of(text) makes an article of it",
            )
        for outcome in read_articles([location]):
            if isinstance(outcome, SourceError):
                raise outcome
    outcomes = list(read_sources(sources, allow_private=allow_private, most=most, now=now))
    for outcome in outcomes:
        if isinstance(outcome, SourceError):
            _logger.warning("%s", outcome)
    return outcomes


MAX_PATH_WORDS = 12
"""Words of a path that does not exist; a longer one is taken for a text."""


def _articles_and_errors(
    outcomes: "Iterable[ReadResult]",
) -> tuple[list[Article], list[SourceError]]:
    """What was read, and what could not be. Raises NothingToDeliver if nothing was read."""
    articles = [outcome for outcome in outcomes if isinstance(outcome, Article)]
    errors = [outcome for outcome in outcomes if isinstance(outcome, SourceError)]
    if articles:
        return articles, errors
    if not errors:
        raise NothingToDeliver("no sources are given", setting="sources")
    more = f"; and {len(errors) - 1} more" if len(errors) > 1 else ""
    raise NothingToDeliver(f"no source can be read: {errors[0]}{more}")


def read_sources(
    sources: Sequence[SourceInput],
    *,
    allow_private: bool,
    stdin: BinaryIO | None = None,
    most: int = 20,
    now: datetime | None = None,
) -> "Iterator[ReadResult]":
    """The articles of the sources in their order; what cannot be read is yielded as an error.

    Of a feed, OPML file or sitemap that is named as a source, the newest ``most`` articles are
    read; dates after ``now`` in it are not used.
    """

    def read_list(location: str, content: bytes) -> "Iterator[ReadResult]":
        from summarizer.sources.subscriptions import read_listed

        at = now or datetime.now().astimezone()
        return read_listed(location, content, now=at, most=most, allow_private=allow_private)

    from summarizer.sources.files import read_articles

    with _page_map(sources) as page_map:
        for at_hand, group in groupby(sources, lambda each: isinstance(each, Article)):
            if at_hand:
                yield from (each for each in group if isinstance(each, Article))
            else:
                yield from read_articles(
                    [str(each) for each in group],
                    stdin=stdin,
                    fetch=lambda url: _fetch_page(url, allow_private),
                    read_list=read_list,
                    map=page_map,
                )


@contextmanager
def _page_map(sources: Sequence[SourceInput]) -> "Iterator[ReadMap]":
    """A map that fetches several pages at a time; without a page, no threads and no import."""
    if not any(isinstance(each, str) and "://" in each for each in sources):
        yield map
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(MAX_PARALLEL_FETCHES) as pool:
        yield pool.map


def _fetch_page(url: str, allow_private: bool) -> "Page":
    from summarizer.sources.fetch import PageCache, fetch

    return fetch(url, allow_private=allow_private, pages=PageCache())


def write_briefing(
    articles: Sequence[Article],
    settings: "Settings",
    chain: "Chain | None",
    *,
    now: datetime,
    unreadable: Sequence[SourceError] = (),
    track: "ProgressTracker | None" = None,
) -> "Briefing":
    """One briefing of the articles; from the cache of ``chain``, if it was written before.

    ``now`` only stamps it. Raises NothingToDeliver and ModelError as `create_briefing` does.
    """
    entry = None
    if chain and chain.cache:
        from summarizer.writing.briefing_cache import BriefingCacheEntry, briefing_fingerprint

        key = briefing_fingerprint(articles, unreadable, settings, chain)
        texts = {article.id: article.text for article in articles}
        entry = BriefingCacheEntry(chain.cache, key, texts)
        if known := entry.load(now):
            return known
    from summarizer.pipeline import create_briefing
    from summarizer.retrieval.corpus import no_progress

    briefing = create_briefing(
        articles, settings, now=now, unreadable=unreadable, track=track or no_progress, chain=chain
    )
    if entry:
        entry.store(briefing)
    return briefing


MAX_DRAFT_CHARS = 1_000_000
"""A sentence that fails takes up to 20 ms, so that the longest draft takes minutes, not hours."""


def audit_text(
    text: str,
    outcomes: "Sequence[ReadResult]",
    *,
    name: str,
    chain: "Chain | None" = None,
    entailment: "EntailmentModel | None" = None,
    track: "ProgressTracker | None" = None,
) -> "DraftAudit":
    """A verdict on each sentence of ``text``, which is called ``name`` in the report.

    ``outcomes``: the sources in their order, with those that could not be read. The model of
    ``chain`` decides what the checks leave uncertain; ``entailment`` reads what their rules leave
    open. Raises SettingsError without a sentence.
    """
    from summarizer.audit.check import audit_draft
    from summarizer.audit.parse import parse_draft
    from summarizer.retrieval.corpus import no_progress, prepare_corpus

    track = track or no_progress
    if len(text) > MAX_DRAFT_CHARS:
        limit = f"has {len(text):,} characters; at most {MAX_DRAFT_CHARS:,} are checked at once"
        raise SettingsError(limit, subject=name, hint="split it")
    draft = parse_draft(text.replace("\r\n", "\n").replace("\r", "\n"), outcomes)
    if not draft.sentences:
        raise SettingsError("holds no sentence to check", subject=name)
    articles = [outcome for outcome in outcomes if isinstance(outcome, Article)]
    corpus = prepare_corpus(articles, track)
    judge = None
    if chain and chain.judge:
        from summarizer.checking.judge import ModelJudge
        from summarizer.checking.prompt_passages import ArticlePassages

        passages, prompts = ArticlePassages(corpus.statements), chain.prompts
        judge = ModelJudge(chain.judge, chain.judge_name, prompts.judge, prompts.yes_no, passages)
    return audit_draft(
        draft, outcomes, corpus, name=name, track=track, judge=judge, entailment=entailment
    )


def read_draft(draft: str, stdin: BinaryIO | None = None) -> str:
    """The text of the file ``draft``, or of ``stdin`` for ``-``. Raises SettingsError."""
    from summarizer.sources.extract import decode_text

    try:
        data = (stdin or BytesIO()).read() if draft == "-" else Path(draft).read_bytes()
        text = decode_text(data)
    except FileNotFoundError:
        raise SettingsError("does not exist", subject=draft) from None
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror}", subject=draft) from error
    except ExtractionError as error:
        raise SettingsError(error.message, subject=draft) from error
    if text.lstrip()[:1] == "{" and '"summarizer/briefing/' in text[:200]:
        hint = f"summarizer verify {draft}"
        raise SettingsError("is a saved briefing, not a text", subject=draft, hint=hint)
    return text


def load_briefing(file: Path) -> "Briefing":
    """The briefing saved as JSON in ``file``. Raises SettingsError."""
    from summarizer.rendering.json import parse_briefing

    try:
        return parse_briefing(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError("does not exist", subject=str(file)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"cannot be read: {error}", subject=str(file)) from error
    except SettingsError as error:
        error.subject = error.subject or str(file)
        raise


def fetch_source(source: "Source", folder: Path, allow_private: bool) -> Article:
    """The source as it is now: a page fetched anew, a file as `reread_source` reads it.

    Raises SourceError when it is not there.
    """
    if not source.url:
        return reread_source(source, folder)
    from summarizer.sources.fetch import fetch
    from summarizer.sources.files import article_from_page

    return article_from_page(fetch(source.url, allow_private=allow_private), source.url)


def reread_source(source: "Source", folder: Path) -> Article:
    """The source as it is now: a page from the cache, a file at its path or beside ``folder``.

    Raises SourceError when it is not there.
    """
    from summarizer.sources.fetch import PageCache
    from summarizer.sources.files import article_from_page, read_articles

    if source.url:
        page = PageCache().load(source.url)
        if page is None:
            raise SourceError("is not in the cache of fetched pages", subject=source.url)
        return article_from_page(page, source.url)
    path = source.path or ""
    for parent in (Path(), folder):
        for name in (path, path.rpartition("#")[0]):  # an article of a collection is FILE#ID
            file = parent / name
            if not (name and file.is_file()):
                continue
            wanted = str(file) + path[len(name) :]
            for outcome in read_articles([str(file)]):
                if isinstance(outcome, Article) and outcome.path == wanted:
                    return outcome
            raise SourceError("holds no such article any more", subject=wanted)
    raise SourceError("does not exist any more", subject=path)
