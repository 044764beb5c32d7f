"""What decides from outside a sentence what it says: quotations, headings, neighbours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.framing import find_frames, says_frame
from summarizer.text.quotes import quoted_spans
from summarizer.text.sentences import split_sentences


def frames(text: str, language: str = "en") -> dict[str, tuple[str, str]]:
    """The framed sentences of a text -> kind and text of their frames."""
    spans = split_sentences(text, language)
    found = zip(spans, find_frames(text, spans, language), strict=True)
    return {text[a:b]: (frame.kind, frame.text) for (a, b), frame in found if frame}


@pytest.mark.parametrize(
    ("language", "text", "middle", "speaker"),
    [
        (
            "en",
            "“The tank was empty when we came back from the harbour. The pump had been sold. We"
            " walked home,” said Ada Holm.",
            "The pump had been sold.",
            "We walked home,” said Ada Holm.",
        ),
        (
            "de",
            "„Der Tank war leer, als wir vom Hafen kamen. Die Pumpe war verkauft. Wir gingen zu"
            " Fuß“, sagte Ada Holm.",
            "Die Pumpe war verkauft.",
            "Wir gingen zu Fuß“, sagte Ada Holm.",
        ),
        (
            "de",
            "Ada Holm erklärte: »Der Tank war leer, als wir vom Hafen kamen. Die Pumpe war"
            " verkauft. Wir gingen zu Fuß.«",
            "Die Pumpe war verkauft.",
            "Ada Holm erklärte: »Der Tank war leer, als wir vom Hafen kamen.",
        ),
        (
            "fr",
            "« Le réservoir était vide à notre retour du port. La pompe était vendue. Nous sommes"
            " rentrés à pied », a dit Ada Holm.",
            "La pompe était vendue.",
            "Nous sommes rentrés à pied », a dit Ada Holm.",
        ),
        (
            "es",
            "«El depósito estaba vacío cuando volvimos del puerto. La bomba estaba vendida. Fuimos"
            " a pie», dijo Ada Holm.",
            "La bomba estaba vendida.",
            "Fuimos a pie», dijo Ada Holm.",
        ),
        (
            "pl",
            "„Zbiornik był pusty, kiedy wróciliśmy z portu. Pompa była sprzedana. Poszliśmy"
            " pieszo”, powiedziała Ada Holm.",
            "Pompa była sprzedana.",
            "Poszliśmy pieszo”, powiedziała Ada Holm.",
        ),
        (
            "sv",
            "”Tanken var tom när vi kom tillbaka från hamnen. Pumpen var såld. Vi gick hem”, sade"
            " Ada Holm.",
            "Pumpen var såld.",
            "Vi gick hem”, sade Ada Holm.",
        ),
        (
            "ja",
            "「港から戻るとタンクは空だった。ポンプは売られていた。歩いて帰った」とホルム氏は述べた。",
            "ポンプは売られていた。",
            "歩いて帰った」とホルム氏は述べた。",
        ),
    ],
)
def test_a_sentence_within_a_quotation_is_framed_by_its_speaker(
    language: str, text: str, middle: str, speaker: str
) -> None:
    assert frames(text, language)[middle] == ("quoted", speaker)
    assert speaker not in frames(text, language)


@pytest.mark.parametrize(
    "text",
    [
        "“The tank was empty.\n\n“The pump had been sold.\n\n“We walked home,” Ada Holm said.",
        "“The tank was empty.\n\nThe pump had been sold.\n\nWe walked home,” Ada Holm said.",
        '"The tank was empty.\n\nThe pump had been sold.\n\nWe walked home," Ada Holm said.',
        "“The tank was empty. The pump had been sold. We walked home.\n\nThe road was dark.",
        "Ada Holm said:\n\nThe tank was empty. The pump had been sold.",
        "Ada Holm wrote:\n\n> The tank was empty. The pump had been sold.\n\nIt rained.",
        "HOLM: The tank was empty. The pump had been sold.\n\nRIIS: We walked home.",
    ],
)
def test_quotations_over_paragraphs_and_without_marks(text: str) -> None:
    found = {sentence.strip("“"): kind for sentence, (kind, _) in frames(text).items()}
    assert found["The pump had been sold."] == "quoted"
    assert "The road was dark." not in found
    assert "It rained." not in found


def test_the_speaker_may_be_in_the_sentence_before_or_after() -> None:
    quoted = "“The tank was empty, and so was the boat.” “The pump had been sold to a stranger.”"
    before = frames(f"Ada Holm spoke to the press. {quoted}")
    after = frames(f"{quoted} Ada Holm said no more.")
    for found in (before, after):
        assert {kind for kind, _ in found.values()} == {"quoted"}
        assert all("Ada Holm" in text for _, text in found.values())


def test_words_in_marks_are_no_quotation_of_a_sentence() -> None:
    text = "The “best boat” of the harbour sank. Its owner called it “a sad day”. It rained."
    assert frames(text) == {}


@pytest.mark.parametrize(
    ("language", "head"),
    [
        ("en", "Myths about the harbour"), ("en", "Untrue:"), ("en", "What the mayor did not say"),
        ("en", "Which of these is false?"), ("de", "Gerüchte:"), ("de", "Was nicht stimmt"),
        ("fr", "Idées reçues sur le port"), ("es", "Bulos:"), ("sv", "Myter om hamnen"),
        ("pl", "Mity o porcie"), ("ja", "港についての誤解"), ("zh", "关于港口的谣言"),
        ("fi", "Huhuja satamasta"),
    ],
)  # fmt: skip
def test_items_of_a_list_under_a_line_that_denies(language: str, head: str) -> None:
    """Where the lexicon has no words for it, no list is read."""
    items = {"- The crane burned in May.", "- The quay was sold."}
    found = frames(f"{head}\n\n" + "\n".join(sorted(items)), language)
    assert found == dict.fromkeys(items, ("doubted", head))


@pytest.mark.parametrize("head", ["Key points", "What happened next:", "Winners of the evening"])
def test_items_of_other_lists_say_what_they_say(head: str) -> None:
    assert frames(f"{head}\n\n- The crane burned in May.\n- The quay was sold.") == {}


def test_a_lead_in_governs_one_paragraph_and_a_title_none() -> None:
    assert list(frames("Untrue:\n\nThe crane burned.\n\nThe quay was sold.")) == [
        "The crane burned."
    ]
    assert frames("Mayor denies the sale of the quay\n\nThe crane burned on Monday.") == {}


@pytest.mark.parametrize(
    ("language", "denial"),
    [
        ("en", "He denied it."), ("en", "This was false."), ("en", "That report was wrong."),
        ("en", "So the rebels claimed."), ("en", "Or has it?"),
        ("de", "Er bestritt das."), ("fr", "C'est faux."), ("es", "Él lo niega."),
        ("sv", "Det är inte sant."), ("pl", "To nieprawda."), ("ja", "これは誤りだ。"),
    ],
)  # fmt: skip
def test_a_sentence_that_the_next_one_takes_back(language: str, denial: str) -> None:
    text = f"The crane burned on Monday. {denial}"
    assert frames(text, language) == {"The crane burned on Monday.": ("taken_back", denial)}


def test_a_denial_of_something_else_takes_nothing_back() -> None:
    text = (
        "The crane burned on Monday. In a long interview with the newspaper Dagen the owner of the"
        " quay denied that the harbour had ever been for sale."
    )
    assert frames(text) == {}


def test_what_is_only_imagined_is_doubted() -> None:
    found = frames("Imagine this. The crane burns.")
    assert found == {"The crane burns.": ("doubted", "Imagine this.")}


def test_a_claim_says_its_frame_by_a_word() -> None:
    assert says_frame("According to Ada Holm, the pump had been sold.", "quoted", "en")
    assert says_frame("Ada Holm sagte, die Pumpe sei verkauft.", "quoted", "de")
    assert not says_frame("The pump had been sold.", "quoted", "en")
    assert says_frame("It is untrue that the crane burned.", "doubted", "en")


def test_hard_wrapped_quotations_are_read_across_lines() -> None:
    text = (
        "“The tank was empty when we came back from the\nharbour in the evening. The pump had been"
        " sold to a\nstranger in the meantime,” said Ada Holm of the\nharbour office on Monday.\n"
    )
    assert quoted_spans(text)[0].end == text.index("”") + 1


@given(st.text(alphabet="“”\"'«» .:\n-ab", max_size=80))
def test_any_text_is_read(text: str) -> None:
    spans = split_sentences(text)
    assert len(find_frames(text, spans)) == len(spans)
    for one, other in zip(quoted_spans(text), quoted_spans(text)[1:], strict=False):
        assert one.end <= other.end
