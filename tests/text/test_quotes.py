"""Quotation marks told from apostrophes; quoted words found, or not, in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.quotes import (
    are_variant_quotes,
    find_quotations,
    has_balanced_quotes,
    nearest_wording,
    occurs_verbatim,
)

SPEECH = (
    "He said: “Our relationship with China is extremely strong — very strong! It’s a follow-up to "
    "the ‘highly successful’ meeting in South Korea, three weeks ago…”"
)
PROSE = st.text(alphabet="ab s.,'\"’‘“”«»„「」\n1", max_size=60)
WORDS = st.lists(
    st.sampled_from(["the", "call", "on", "rare", "earths", "was", "good"]), min_size=1
)


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ('He said "yes" and "no".', ["yes", "no"]),
        ("“Our relationship” is “good,” he said", ["Our relationship", "good,"]),
        ("'It is fine,' he said", ["It is fine,"]),
        ("“He said ‘no’ to me,” she said", ["He said ‘no’ to me,", "no"]),
        ("\"'No,' he said,\" she said", ["'No,' he said,", "No,"]),
        ("« Oui », dit-il", [" Oui "]),
        ("„Ja“, sagte er, und „nein”", ["Ja", "nein"]),
        ("»Ja«, sagte er", ["Ja"]),
        ("det ”svenska” ordet", ["svenska"]),
        ("他说「好的」和『行』，‘好’的", ["好的", "行", "好"]),
        ("China's 'one China' policy", ["one China"]),
        ("他说“好的”。", ["好的"]),
    ],
)
def test_every_style_of_mark_is_read(text: str, inner: list[str]) -> None:
    assert [quote.text for quote in find_quotations(text)] == inner


@pytest.mark.parametrize(
    "text",
    [
        "the workers' rights and the players' union",
        "the workers’ rights and the players’ union",
        "rock 'n' roll in the '90s, 'twas good",
        "‘twas the ’90s",
        "James' book and Jones' car",
        "don't, won't, it’s",
        'a 27" screen, 5\'11" wide',
    ],
)
def test_apostrophes_and_inches_are_no_quotation_marks(text: str) -> None:
    assert find_quotations(text) == ()
    assert has_balanced_quotes(text)


@pytest.mark.parametrize("mark", ["'{}'", "‘{}’"])
def test_a_possessive_inside_single_quotes_does_not_close_them(mark: str) -> None:
    said = "The workers' rights are clear,"
    assert [quote.text for quote in find_quotations(mark.format(said) + " he said")] == [said]


def test_a_quotation_that_runs_into_the_next_paragraph_is_told_paragraph_by_paragraph() -> None:
    text = "“We did it.\n“We will do it again,” he said."
    assert [quote.text for quote in find_quotations(text)] == ["We did it.", "We will do it again,"]
    assert has_balanced_quotes(text)
    assert not has_balanced_quotes(text.split("\n", maxsplit=1)[0])


@pytest.mark.parametrize(
    "text",
    [
        "“Our relationship is strong! he said",
        "relationship is strong,” he said",
        '"half quoted',
        'quoted" he said',
        "'We will go",
        "we will go.' He said",
        "「好",
        '"Xi said "yes" and',
    ],
)
def test_half_a_quotation_is_unbalanced(text: str) -> None:
    assert not has_balanced_quotes(text)


@pytest.mark.parametrize(
    "words",
    [
        "Our relationship with China is extremely strong",
        "our relationship with China,",
        "Our relationship ... South Korea",
        'It\'s a follow‑up to the "highly successful" meeting',
        "strong - very strong",
        "[Their] relationship with [Beijing] is extremely strong.",
        "[M]eeting in South Korea",
        "It's a follow-up […] three weeks ago.",
    ],
)
def test_typography_omissions_and_insertions_do_not_hide_a_quotation(words: str) -> None:
    assert occurs_verbatim(words, SPEECH)


@pytest.mark.parametrize(
    "words",
    [
        "relationship with China is very strong",
        "South Korea ... Our relationship",
        "lationship with China",
        "relationship with china",
        "Our relationship [led to the] meeting",
        "...",
        "",
    ],
)
def test_other_words_another_order_and_parts_of_words_do_not_stand(words: str) -> None:
    assert not occurs_verbatim(
        words, "Three weeks passed. " + SPEECH.replace("three weeks", "days")
    )


def test_characters_are_the_words_of_chinese() -> None:
    assert occurs_verbatim("好的", "他说好的吧")
    assert not occurs_verbatim("好坏", "他说好的吧")


def test_the_nearest_wording_is_shown_and_nothing_where_none_is_near() -> None:
    near = nearest_wording("China is very strong and growing", "Talks. " + SPEECH)
    assert "China is extremely strong" in near
    assert nearest_wording("penguins dislike hot weather", SPEECH) == ""


def test_two_wordings_of_one_saying_are_told_from_two_sayings() -> None:
    decide = "He will decide whether we move forward with this project or not."
    assert are_variant_quotes(decide, "He will decide whether we go forward with that or not.")
    assert not are_variant_quotes(decide, "He will decide whether we move forward")
    assert not are_variant_quotes(decide, decide.replace("He", "“He”"))
    assert not are_variant_quotes(decide, "There should no longer be any questions about it.")


@given(PROSE)
def test_spans_are_true_and_inner_lies_within(text: str) -> None:
    for quote in find_quotations(text):
        assert text[slice(*quote.inner)] == quote.text
        assert quote.span.start < quote.inner.start <= quote.inner.end <= quote.span.end


@given(PROSE)
def test_a_whole_quotation_alone_is_balanced_or_runs_on(text: str) -> None:
    quoted = "“" + "".join(char for char in text if char.isalnum() or char == " ") + "”"
    assert has_balanced_quotes(quoted)
    assert not has_balanced_quotes(quoted[:-1])


@given(WORDS, st.data())
def test_every_run_of_words_stands_in_its_text_and_is_its_own_nearest(
    words: list[str], data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    run = " ".join(words[start:end])
    assert occurs_verbatim(run, " ".join(words))
    assert sorted(nearest_wording(run, " ".join(words)).split()) == sorted(words[start:end])
