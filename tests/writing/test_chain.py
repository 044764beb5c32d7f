import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from summarizer.checking.claims import Claim, Passage
from summarizer.checking.verdict import judge_claim
from summarizer.errors import PromptError
from summarizer.models.prompts import Prompt, load_prompt
from summarizer.models.protocol import Completion
from summarizer.models.structured_output import (
    REPLY_FORMS,
    Account,
    Answer,
    Facts,
    Line,
    ReplyForm,
    Rewrite,
    Rewrites,
    Verdicts,
    build_request,
)
from summarizer.text.aliases import find_aliases
from summarizer.writing.prompting import answer_activities, load_step_prompts
from tests.writing.chains import PROMPTS


def test_every_shipped_prompt_names_a_form_and_shows_it_in_an_example() -> None:
    for prompt in PROMPTS:
        if prompt.output == "YesNo":
            assert '"Yes" or "No"' in prompt.system
            continue
        fields = REPLY_FORMS[prompt.output].model_fields
        assert all(f'"{name}"' in prompt.system for name in fields), prompt.name


def test_what_never_changes_stands_first() -> None:
    """So that a provider's prompt cache keeps it: the system part is the same in every call."""
    for prompt in PROMPTS:
        assert "$" not in prompt.system


_PASSAGE = re.compile(r"^⟦(\w\d)⟧ ((?:.+\n)+?)(?=⟦|Article|\n)", re.MULTILINE)
_REPLY = re.compile(r"^the answer is\n\n(\{.*?\})\n\n", re.DOTALL | re.MULTILINE)


def example(prompt: Prompt) -> tuple[Mapping[str, str], ReplyForm]:
    """Passages and reply of a prompt's worked example."""
    shown = {key: " ".join(text.split()) for key, text in _PASSAGE.findall(prompt.system)}
    (reply,) = _REPLY.findall(prompt.system)
    return shown, REPLY_FORMS[prompt.output].model_validate_json(reply)


def test_the_examples_do_what_they_teach() -> None:
    """The checks object to no sentence of an example on the passages that it names."""
    shown, facts = example(PROMPTS.facts)
    assert isinstance(facts, Facts)
    said = [(fact.fact, [shown[fact.key]]) for fact in facts.facts]
    assert all(fact.quote in shown[fact.key] for fact in facts.facts)
    for prompt in (PROMPTS.write, PROMPTS.repair):
        shown, told = example(prompt)
        said += [(line.text, [shown[key] for key in line.keys]) for line in lines(told)]
    assert len(said) > 15
    for text, cited in said:
        known = find_aliases(cited + [text for text, _ in said])
        found = judge_claim(Claim(text), [Passage(each) for each in cited], known)
        assert found.verdict in ("supported", "unverified"), text


def lines(told: ReplyForm) -> Iterator[Line | Rewrite]:
    """Every sentence of a reply."""
    if isinstance(told, Rewrites):
        yield from told.sentences
    elif isinstance(told, Account):
        yield from (told.headline, *told.sentences)
        yield from (side for dispute in told.disagreements for side in dispute.sides)


def test_a_user_may_put_in_one_prompt(tmp_path: Path) -> None:
    own = load_prompt("judge").user
    text = "---\nname: judge\nversion: 7\nvariables: articles, sentences\noutput: Verdicts\n---\n"
    (tmp_path / "judge.md").write_text(f"{text}# System\nJudge.\n# User\n{own}", encoding="utf-8")
    prompts = load_step_prompts(tmp_path)
    assert (prompts.judge.version, prompts.judge.system) == (7, "Judge.")
    assert prompts.facts == PROMPTS.facts


@pytest.mark.parametrize(
    ("head", "wrong"),
    [
        ("variables: sentences\noutput: Verdicts", "articles"),
        ("variables: sentences\noutput: Line", "Line"),
    ],
)
def test_one_that_asks_for_something_else_is_refused(tmp_path: Path, head: str, wrong: str) -> None:
    text = f"---\nname: judge\nversion: 1\n{head}\n---\n# System\nJudge.\n# User\n$sentences\n"
    (tmp_path / "judge.md").write_text(text, encoding="utf-8")
    with pytest.raises(PromptError, match=wrong):
        load_step_prompts(tmp_path)


def test_each_reply_is_an_activity_and_the_last_one_made_it() -> None:
    request = build_request("openai/x", PROMPTS.judge, Verdicts, articles="A.", sentences="1. A.")
    replies = (Completion(text="No.", tokens_in=5), Completion(text="{}", cost_usd=0.1))
    first, second = answer_activities(Answer(request, None, None, replies), ["c-1", "c-1"], ["t-1"])
    assert (first.generated, second.generated) == ((), ("t-1",))
    assert (first.tokens_in, second.cost_usd) == (5, 0.1)
    assert first.used == second.used == ("c-1",)
    assert (first.step, first.plan) == ("judge", PROMPTS.judge.hash)
