"""Prompts for a judge, played or asked: nothing in them gives an answer away."""

import json

from benchmarks.judge import Prompt, build_prompts, judged_rows, may_be_versions
from summarizer.evaluation.labels import LabelledClaim
from tests.chain.authors import asked_sentences, verdicts

SHIP = (
    "The coast guard said a freighter ran aground off Skagen on Friday. The crew of nine is safe."
)
PORT = "The port of Skagen may close for two days, its master Lone Friis said."


def row(name: str, claim: str, evidence: str, label: int) -> LabelledClaim:
    return LabelledClaim("boats", name, claim, (evidence,), label, cluster="skagen")


ROWS = [
    row("id-one", "A freighter is aground off Skagen.", SHIP, 1),
    row("id-two", "A freighter sank off Skagen.", SHIP, 0),
    row("id-three", "Skagen's port could be shut for two days.", PORT, 1),
    row("id-four", "Skagen's port will be shut for two days.", f"{PORT} ", 0),
]


def texts(prompt: Prompt) -> str:
    return "\n".join(message.text for message in prompt.request().messages)


def test_no_two_versions_of_a_sentence_share_a_prompt() -> None:
    prompts = build_prompts(ROWS)
    assert sorted(each.id for prompt in prompts for each in prompt.rows) == sorted(
        each.id for each in ROWS
    )
    assert len(prompts) == 2
    for prompt in prompts:
        assert not may_be_versions(*prompt.rows)
    assert may_be_versions(ROWS[2], ROWS[3])


def test_no_id_and_no_label_is_in_a_prompt() -> None:
    for prompt in build_prompts(ROWS):
        assert all(word not in texts(prompt) for word in ("id-", "boats", "label"))
        assert all(each.claim in texts(prompt) for each in prompt.rows)


def test_replies_are_read_as_the_product_reads_them() -> None:
    prompts = build_prompts(ROWS)
    user = prompts[0].request().messages[1].text
    false = {each.claim: "it" for each in ROWS if not each.label}
    found = list(judged_rows(prompts, {0: verdicts(user, false), 1: "I think so."}))
    assert len(found) == len(ROWS)
    for each, verdict in found:
        if each in prompts[0].rows:
            assert (verdict == "supported") == bool(each.label)
        else:
            assert verdict == "unverified"
    assert len(asked_sentences(user)) == len(prompts[0].rows)
    assert list(judged_rows(prompts, {})) == []
    assert json.loads(verdicts(user))["verdicts"]
