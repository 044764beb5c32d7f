"""What a text may not take from a quotation, a list of untruths, or a sentence that is taken back;
and what only its exact form tells."""

import pytest

from summarizer import Article, check

FALSE: list[tuple[str, str]] = [
    # source, claim
    (
        "“The lock was open when we reached the boathouse at dawn. The guard was asleep. Anyone"
        " could walk in,” said rower Mia Falk.",
        "The guard was asleep.",
    ),
    (
        "„Das Tor stand offen, als wir am Morgen ankamen. Der Wächter schlief. Jeder kam hinein“,"
        " sagte die Ruderin Mia Falk.",
        "Der Wächter schlief.",
    ),
    (
        "« La grille était ouverte à notre arrivée. Le gardien dormait. Tout le monde entrait »,"
        " a déclaré la rameuse Mia Falk.",
        "Le gardien dormait.",
    ),
    ("“We came at dawn.\n\n“The guard was asleep.\n\n“Nobody saw us,” she said.",
     "The guard was asleep."),
    ("The club wrote to its members:\n\n> The guard was asleep. We regret this.",
     "The guard was asleep."),
    ("FALK: We came at dawn. The guard was asleep.\n\nRIIS: That is not what I saw.",
     "The guard was asleep."),
    ("Myths about the boathouse\n\n- The guard was asleep.\n- The boats were sold.",
     "The boats were sold."),
    ("Falsch ist:\n\n- Der Wächter schlief.\n- Die Boote sind weg.", "Die Boote sind weg."),
    ("The guard was asleep. The club has denied this.", "The guard was asleep."),
    ("Der Wächter schlief. Das stimmt nicht.", "Der Wächter schlief."),
    ("The guard was asleep.*\n\n* This was later retracted.", "The guard was asleep."),
    ("The lamp draws 6 mW at night.", "The lamp draws 6 MW at night."),
    ("The camera stores 64 GB of film.", "The camera stores 64 Gb of film."),
    ("The update to 5.10 broke the lock.", "The update to 5.1 broke the lock."),
    ("The club bought a fish-eating bird.", "The club bought a fish eating bird."),
    ("The club elected a new chair.", "The club elected a new chair 🤥."),
]  # fmt: skip

FAITHFUL: list[tuple[str, str]] = [
    ("Key points\n\n- The guard was awake.\n- No boat is missing.", "No boat is missing."),
    ("“The lock was open,” said Mia Falk. The boathouse is locked at nine.",
     "The boathouse is locked at nine."),
    ("“The lock was open,” said Mia Falk. The boathouse is locked at nine.",
     "“The lock was open,” said Mia Falk."),
    ("The guard was asleep. The club dismissed him in May.", "The guard was asleep."),
    ("The lamp draws 6 mW at night.", "The lamp draws 6 mW at night."),
    ("The update to 5.10 broke the lock.", "The update to 5.10 broke the lock."),
    ("The guard was asleep. He denied it.", "The guard was asleep. He denied it."),
]  # fmt: skip


def verdicts(source: str, claim: str) -> list[str]:
    marked = claim.replace(".”", "”.") if claim.endswith(".”") else claim
    report = check(f"{marked[:-1]} [1]{marked[-1]}", Article.of(source, name="source.txt"))
    return [sentence.verdict for sentence in report.sentences]


@pytest.mark.parametrize(("source", "claim"), FALSE)
def test_words_out_of_their_frame_are_not_supported(source: str, claim: str) -> None:
    assert verdicts(source, claim) == ["unverified"]


@pytest.mark.parametrize(("source", "claim"), FAITHFUL[:-1])
def test_what_the_source_says_itself_is(source: str, claim: str) -> None:
    assert verdicts(source, claim) == ["supported"]


def test_the_reason_names_the_speaker() -> None:
    report = check("The guard was asleep [1].", Article.of(FALSE[0][0], name="source.txt"))
    (sentence,) = report.sentences
    kinds = {issue.kind: issue.detail for issue in sentence.issues}
    assert kinds["speaker"] == (
        "the source quotes it; there: “Anyone could walk in,” said rower Mia Falk.”"
    )
    assert "--judge-model NAME" in kinds["support"]
    assert "--nli PATH" in kinds["support"]
    assert sentence.checked_by == "rules"


def test_a_claim_with_its_speaker_or_in_marks_lacks_none() -> None:
    source = Article.of(FALSE[0][0], name="source.txt")
    for claim in ("The guard was asleep, Mia Falk said [1].", "“The guard was asleep” [1]."):
        (sentence,) = check(claim, source).sentences
        assert sentence.verdict in ("supported", "unverified")
        assert not [issue for issue in sentence.issues if issue.kind == "speaker"]


def test_a_draft_that_quotes_as_its_source_does_is_supported() -> None:
    quoted = FALSE[0][0]
    report = check(f"{quoted[:-1]} [1].", Article.of(quoted, name="source.txt"))
    assert [sentence.verdict for sentence in report.sentences] == ["supported"] * 3
    other = f"{quoted[:-1]} [1].".replace("Mia Falk", "Jon Riis")
    report = check(other, Article.of(quoted, name="source.txt"))
    assert "supported" not in [sentence.verdict for sentence in report.sentences[1:]]


def test_a_sentence_is_judged_on_its_whole_passage() -> None:
    source = "Mia Falk chairs the club. The boats are old. She sold the boathouse to the town."
    report = check("Mia Falk sold the boathouse to the town [1].", Article.of(source, name="s.txt"))
    assert [sentence.verdict for sentence in report.sentences] == ["unverified"]
    assert not [issue for issue in report.sentences[0].issues if issue.kind == "name"]
