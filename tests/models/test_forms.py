import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from summarizer.models.structured_output import (
    REPLY_FORMS,
    Account,
    Facts,
    Line,
    StatedFact,
    Verdict,
    form_schema,
)

KEYS = {
    "one, not in a list": ("a1", ("a1",)),
    "two in one text": ("a1, b2", ("a1", "b2")),
    "in brackets": (["⟦a1⟧", "[b2]", "(c3)"], ("a1", "b2", "c3")),
    "numbers": ([1, 2], ("1", "2")),
    "twice": (["a1", "a1"], ("a1",)),
    "nothing": (["", "⟦⟧"], ()),
}


@pytest.mark.parametrize("case", KEYS)
def test_keys_are_read_as_they_were_meant(case: str) -> None:
    given_keys, meant = KEYS[case]
    assert Line.model_validate({"text": "A fire.", "keys": given_keys}).keys == meant


@pytest.mark.parametrize("keys", [None, {"a1": 1}, [["a1"]], [None], 1.5])
def test_what_names_no_key_is_refused(keys: object) -> None:
    for form, reply in (
        (Line, {"text": "A fire.", "keys": keys}),
        (StatedFact, {"key": keys, "quote": "a fire", "fact": "A fire."}),
    ):
        with pytest.raises(ValidationError):
            form.model_validate(reply)


def test_a_missing_list_is_empty_and_a_further_field_is_passed_over() -> None:
    told = Account.model_validate(
        {"headline": {"text": "Fire"}, "sentences": None, "disagreements": None, "notes": "x"}
    )
    assert (told.sentences, told.disagreements, told.headline.keys) == ((), (), ())


def test_a_text_is_one_line() -> None:
    assert Line.model_validate({"text": " A\n fire.\t", "keys": []}).text == "A fire."


def test_half_a_character_can_be_written_down() -> None:
    line = Line.model_validate({"text": "A \ud800 fire.", "keys": ["\ud800"]})
    assert (line.text, line.keys) == ("A ? fire.", ("?",))


@pytest.mark.parametrize("form", REPLY_FORMS.values())
def test_every_schema_is_closed_and_demands_every_field(form: type[Line]) -> None:
    value = json.loads(form_schema(form))
    assert value["additionalProperties"] is False
    assert value["required"] == list(form.model_fields)


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["facts", "key", "quote", "fact", "headline", "text", "keys"]), inner
        )
    ),
    max_leaves=12,
)


@given(_ANY)
def test_whatever_is_replied_is_read_or_refused(value: object) -> None:
    for form in (Account, Facts, Line, Verdict):
        try:
            form.model_validate(value)
        except ValidationError:
            continue
