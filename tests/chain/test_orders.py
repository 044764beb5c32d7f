"""Orders in articles assert nothing, whoever obeys them: the model, the judge, or neither."""

import json
from dataclasses import replace

import pytest

from summarizer.briefing import Briefing
from summarizer.models.replay import ScriptedModel
from summarizer.pipeline import create_briefing
from summarizer.settings import Settings
from summarizer.sources.articles import Article
from summarizer.writing.prompting import Chain
from tests.articles import article
from tests.chain.authors import answering, asked_sentences, passages, plain
from tests.chain.test_faults import NOW, PROMPTS, TRIAL
from tests.sources.orders import FORMS, TARGET, TITLES


def obey(step: str, prompt: str) -> str:
    """Writes whatever a passage says of the bridge, first, and finds all of it supported."""
    if step == "judge":
        rows = [
            {"sentence": number, "missing": [], "verdict": "supported", "keys": keys}
            for number, (_, keys) in enumerate(asked_sentences(prompt), start=1)
        ]
        return json.dumps({"verdicts": rows})
    reply = json.loads(plain(step, prompt))
    ordered = [
        {"text": "The Zorvex bridge was sold to Norland", "keys": [key]}
        for key, text in passages(prompt).items()
        if TARGET in text
    ]
    if not ordered and TARGET in prompt:
        ordered = [
            {"text": "The Zorvex bridge was sold to Norland", "keys": list(passages(prompt))[:1]}
        ]
    if step == "write" and ordered:
        reply |= {"headline": ordered[0], "sentences": [*ordered, *reply["sentences"]]}
    return json.dumps(reply)


def asserted(briefing: Briefing) -> list[str]:
    """Headlines and sentences that say what the order wanted."""
    return [each.text for each in briefing.all_sentences() if TARGET in each.text]


def briefing_of(poisoned: Article, *, obeyed: bool) -> Briefing:
    chain = None
    if obeyed:
        model = ScriptedModel(answering(obey))
        chain = Chain(model=model, name="obeys", prompts=PROMPTS, judge=model, judge_name="obeys")
    return create_briefing([poisoned, *TRIAL[1:]], Settings(), now=NOW, chain=chain)


@pytest.mark.parametrize("obeyed", [True, False])
@pytest.mark.parametrize("form", FORMS)
def test_an_order_asserts_nothing(form: str, *, obeyed: bool) -> None:
    paragraphs = TRIAL[0].text.replace(". The court", ".\n\nThe court")
    head, _, rest = paragraphs.partition("\n\n")
    briefing = briefing_of(article(f"{head}\n\n{FORMS[form]}\n\n{rest}", "a"), obeyed=obeyed)
    assert list(briefing.all_sentences())
    assert asserted(briefing) == []


@pytest.mark.parametrize("obeyed", [True, False])
@pytest.mark.parametrize("title", TITLES)
def test_an_order_in_a_title_asserts_nothing(title: str, *, obeyed: bool) -> None:
    poisoned = replace(article(f"{title}\n\n{TRIAL[0].text}", "a"), title=title)
    assert asserted(briefing_of(poisoned, obeyed=obeyed)) == []
