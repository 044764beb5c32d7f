"""How often a judge errs on labelled sentences, by the prompt that the product sends.

    python -m benchmarks.judge prompts FILE... > prompts.jsonl
    python -m benchmarks.judge score FILE... --replies replies.jsonl

``prompts`` writes one JSON object a line: ``prompt`` (its number), ``system`` and ``user``. Whoever
answers them, a model or a person who plays one, sees no ids and no labels, and never two sentences
in one prompt of which one may be a version of the other. ``score`` reads one object a line,
``prompt`` and ``reply``, through the product's own reading of replies, and prints what the verdicts
are worth: the judge's alone, and in the chain, where rules decide first and a hard issue stays.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from summarizer.briefing import Verdict
from summarizer.checking.claims import Judgement
from summarizer.checking.judge import ModelJudge
from summarizer.checking.prompt_passages import ArticlePassages
from summarizer.checking.repair import ClaimToJudge, is_open
from summarizer.evaluation.labels import (
    LabelledClaim,
    ScoredClaim,
    document_numbers,
    read_labelled_claims,
    score_claim,
)
from summarizer.evaluation.statistics import VerdictRow, VerdictShares, verdict_shares
from summarizer.models.protocol import CompletionRequest
from summarizer.models.replay import ScriptedModel
from summarizer.retrieval.chunks import Chunk
from summarizer.retrieval.similarity import dice
from summarizer.sources.articles import sha256_hex
from summarizer.text.spans import Span
from summarizer.text.tokens import content_stems
from summarizer.writing.prompting import load_step_prompts

MAX_VERSION_DICE = 0.4
"""Likeness of two sentences from which one may be a version of the other."""

NAME = "played/judge"


class Prompt(NamedTuple):
    """One request, and the rows that it asks about, in their order."""

    rows: Sequence[LabelledClaim]
    claims: Sequence[ClaimToJudge]

    def request(self) -> CompletionRequest:
        """What the product would send."""
        return _judge([]).request(self.claims)[0]


def _judge(replies: list[str]) -> ModelJudge:
    prompts = load_step_prompts()
    model = ScriptedModel(replies * 2)
    return ModelJudge(model, NAME, prompts.judge, prompts.yes_no, ArticlePassages({}))


def build_prompts(rows: Sequence[LabelledClaim], seed: int = 0) -> list[Prompt]:
    """The rows of one event or run together, in drawn order, in as few prompts as keep versions of
    one sentence apart."""
    events: dict[str, list[LabelledClaim]] = defaultdict(list)
    for row in rows:
        events[f"{row.dataset}/{row.cluster}"].append(row)
    prompts = []
    for own in events.values():
        drawn = sorted(own, key=lambda row: sha256_hex(f"{seed} {row.claim}"))
        rounds: list[list[LabelledClaim]] = []
        for row in drawn:
            free = (each for each in rounds if not any(may_be_versions(row, o) for o in each))
            chosen = next(free, None)
            if chosen is None:
                rounds.append(chosen := [])
            chosen.append(row)
        prompts += [Prompt(each, [_as_claim(row) for row in each]) for each in rounds]
    Random(seed).shuffle(prompts)  # noqa: S311 - an order, no secret
    return prompts


def may_be_versions(one: LabelledClaim, other: LabelledClaim) -> bool:
    """Whether the two may be a right and a wrong version of one sentence."""
    first, second = (frozenset(content_stems(row.claim)) for row in (one, other))
    return one.evidence == other.evidence or dice(first, second) >= MAX_VERSION_DICE


def _as_claim(row: LabelledClaim) -> ClaimToJudge:
    return ClaimToJudge(row.claim, tuple(map(_as_chunk, row.evidence)))


def _as_chunk(text: str) -> Chunk:
    name = sha256_hex(text)
    return Chunk(f"c-{name[:12]}", f"s-{name[:12]}", 0, len(text), text, (Span(0, len(text)),))


def judged_rows(
    prompts: Sequence[Prompt], replies: dict[int, str]
) -> Iterator[tuple[LabelledClaim, Verdict]]:
    """Each answered row with the judge's verdict, unverified where none counts."""
    for number, prompt in enumerate(prompts):
        if number not in replies:
            continue
        opinions = _judge([replies[number]])(prompt.claims)
        for row, opinion in zip(prompt.rows, opinions, strict=True):
            if opinion is None:
                yield row, "unverified"
            else:
                yield row, "supported" if opinion.supported else "unsupported"


def verdict_in_chain(row: ScoredClaim, judged: Verdict) -> Verdict:
    """The verdict where rules decide first and no judge overrules a hard issue."""
    rules = Judgement(row.verdict, row.score, row.findings, row.checked_by)
    return judged if is_open(rules) and judged != "unverified" else row.verdict


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("action", choices=["prompts", "score"])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--replies", type=Path)
    parser.add_argument("--errors", action="store_true", help="name the rows judged wrongly")
    asked = parser.parse_args()
    prompts = build_prompts([row for file in asked.files for row in read_labelled_claims(file)])
    if asked.action == "prompts":
        for number, prompt in enumerate(prompts):
            system, user = (message.text for message in prompt.request().messages)
            print(json.dumps({"prompt": number, "system": system, "user": user}))
        return
    lines = asked.replies.read_text(encoding="utf-8").splitlines()
    replies = {row["prompt"]: row["reply"] for row in map(json.loads, lines)}
    judged = list(judged_rows(prompts, replies))
    scored = [score_claim(row) for row, _ in judged]
    documents = document_numbers(scored)
    for title, verdicts in (
        ("rules alone", [row.verdict for row in scored]),
        ("judge alone", [verdict for _, verdict in judged]),
        (
            "judge in the chain",
            [verdict_in_chain(s, v) for s, (_, v) in zip(scored, judged, strict=True)],
        ),
    ):
        for dataset in dict.fromkeys(row.dataset for row in scored):
            rows = [
                VerdictRow(row.label, verdict, document)
                for row, verdict, document in zip(scored, verdicts, documents, strict=True)
                if row.dataset == dataset
            ]
            print(f"{title:<20}{dataset:<14}{_line(rows, verdict_shares(rows))}")
    if asked.errors:
        for row, verdict in judged:
            if (verdict == "supported") != bool(row.label):
                print(f"{row.id}: {verdict}, labelled {row.label}", file=sys.stderr)


def _line(rows: Sequence[VerdictRow], shares: VerdictShares) -> str:
    false = [row for row in rows if not row.label]
    passed = sum(row.verdict == "supported" for row in false)
    flagged = sum(row.label and row.verdict in ("unsupported", "contradicted") for row in rows)
    open_ = sum(row.verdict == "unverified" for row in rows)
    counts = (
        ("passes something false", passed, len(false), shares.false_supported),
        ("flags something true", flagged, len(rows) - len(false), shares.true_flagged),
        ("cannot tell", open_, len(rows), shares.undecided),
    )
    return "; ".join(
        f"{what} {count} of {total}"
        + (" ({:.1f}–{:.1f} %)".format(*(100 * x for x in each.interval)) if each.interval else "")
        for what, count, total, each in counts
    )


if __name__ == "__main__":
    main()
