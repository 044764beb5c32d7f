import pytest

from summarizer.errors import ModelUnavailable, PromptTooLong
from summarizer.models.protocol import CompletionRequest
from summarizer.models.replay import ScriptedReply
from summarizer.writing.facts import FactSource, SourceFacts, check_facts, request_facts
from tests.checking.held import FIRE, hold
from tests.writing.chains import facts, scripted

HURT = "Twelve people were injured."
HELD = hold(FIRE)
ARTICLE = next(iter(HELD.examiner.articles.values()))
SOURCE = FactSource(ARTICLE, HELD.examiner.statements[ARTICLE.id])
MANY = hold(" ".join(f"Depot number {n} in Bern burned down on a Monday night." for n in range(90)))


def gathered(*replies: ScriptedReply, source: FactSource = SOURCE) -> SourceFacts:
    return check_facts(source, request_facts(source, scripted(replies)[0], ""), HELD.examiner)


def test_a_fact_that_its_passage_carries_is_kept_with_its_account() -> None:
    found = gathered(facts(("a1", HURT, "Twelve people were hurt.")))
    (fact,) = found.facts
    assert (fact.text, fact.chunk) == ("Twelve people were hurt.", SOURCE.said[0].chunk)
    assert found.findings == ()
    (activity,) = found.activities
    assert (activity.step, activity.used, activity.generated) == (
        "facts",
        (fact.chunk.id,),
        (fact.id,),
    )


FAILING = {
    "number": (HURT, "Fourteen people were injured."),
    "name": (HURT, "Twelve people were injured by Peter Zumthor."),
    "negation": (HURT, "Twelve people were not injured."),
    "quote": ("Twelve persons were injured.", HURT),
    "artefact": (HURT, "Twelve people were injured, see https://example.org."),
    "support": (HURT, "Parliament abolished the army."),
}


@pytest.mark.parametrize("kind", FAILING)
def test_a_fact_that_fails_is_a_finding(kind: str) -> None:
    quote, fact = FAILING[kind]
    found = gathered(facts(("a1", quote, fact), ("a1", HURT, HURT)))
    assert [each.text for each in found.facts] == [HURT]
    assert kind in {finding.kind for finding in found.findings}
    assert {finding.action for finding in found.findings} == {"dropped"}
    assert {finding.text for finding in found.findings} == {fact}
    assert {finding.source for finding in found.findings} == {ARTICLE.id}


def test_a_wrong_key_is_mended_by_the_quote() -> None:
    found = gathered(facts(("z9", HURT, HURT)))
    assert [each.text for each in found.facts] == [HURT]
    assert [(f.kind, f.action) for f in found.findings] == [("misattributed", "citation_replaced")]


def test_a_word_is_no_quote() -> None:
    found = gathered(facts(("a1", "Bern", "A depot in Bern burned.")))
    assert [f.kind for f in found.findings if f.action == "dropped"] == ["quote"]


@pytest.mark.parametrize(
    "replies", [(ModelUnavailable("busy"),), ("No.", "No."), (facts(),), ("{}", "[]")]
)
def test_where_the_model_gives_nothing_the_sources_own_sentences_stand_in(
    replies: tuple[ScriptedReply, ...],
) -> None:
    found = gathered(*replies)
    assert found.facts
    assert all(fact.text in FIRE for fact in found.facts)
    (finding,) = found.findings
    assert (finding.kind, finding.action, finding.source) == ("model", "replaced", ARTICLE.id)


def test_what_is_too_long_is_asked_in_halves_and_nothing_is_left_out() -> None:
    def small(request: CompletionRequest) -> ScriptedReply:
        if len(request.messages[1].text) > 2500:
            return PromptTooLong("too long")
        return facts(
            ("a1", "in Bern burned down on a Monday night.", "A depot in Bern burned down.")
        )

    article = next(iter(MANY.examiner.articles.values()))
    source = FactSource(article, MANY.examiner.statements[article.id])
    chain, model = scripted(small)
    found = check_facts(source, request_facts(source, chain, ""), MANY.examiner)
    asked = [r.messages[1].text for r in model.requests if len(r.messages[1].text) <= 2500]
    assert len(asked) > 1
    assert all(any(item.text in text for text in asked) for item in source.said)
    assert {fact.chunk.id for fact in found.facts} <= {chunk.id for chunk in MANY.evidence.chunks}


def test_what_is_asked_of_one_source_does_not_depend_on_the_others() -> None:
    """So that tomorrow's run finds it in the cache."""
    alone, model = scripted([facts(("a1", HURT, HURT))])
    request_facts(SOURCE, alone, "")
    both = hold(FIRE, "The football club of Thun won its third match in a row on Sunday.")
    other, beside = scripted([facts(("a1", HURT, HURT))])
    request_facts(FactSource(ARTICLE, both.examiner.statements[ARTICLE.id]), other, "")
    assert model.requests[0].key == beside.requests[0].key
