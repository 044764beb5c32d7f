import gzip
import json
from pathlib import Path

import pytest

from summarizer.errors import SettingsError
from summarizer.evaluation.labels import (
    LabelledClaim,
    document_numbers,
    read_labelled_claims,
    score_claim,
    tabulate_metrics,
)
from summarizer.evaluation.statistics import VerdictRow, verdict_shares

FIRE = "A fire destroyed a depot in Bern on Monday evening, police said."
GOOD = {"dataset": "d", "id": "a", "claim": "A fire destroyed a depot.", "evidence": [FIRE]}


def written(path: Path, *rows: object) -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def labelled(claim: str, label: int, *evidence: str, dataset: str = "d") -> LabelledClaim:
    return LabelledClaim(dataset, claim, claim, evidence or (FIRE,), label)


def test_plain_and_packed_files_hold_the_same_rows(tmp_path: Path) -> None:
    plain = written(tmp_path / "a.jsonl", {**GOOD, "label": 1, "meta": {"any": 1}}, "", " ")
    packed = tmp_path / "b"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert (
        list(read_labelled_claims(plain))
        == list(read_labelled_claims(packed))
        == [LabelledClaim("d", "a", "A fire destroyed a depot.", (FIRE,), 1)]
    )


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (GOOD, "label is missing (1 supported, 0 not supported)"),
        ({**GOOD, "label": 2}, "label is 2 "),
        ({**GOOD, "label": -1}, "label is -1 "),
        ({**GOOD, "label": 0.5}, "label is 0.5 "),
        ({**GOOD, "label": 1.0}, "label is 1.0 "),
        ({**GOOD, "label": True}, "label is true "),
        ({**GOOD, "label": 1, "published": "Monday"}, "published is no day such as 2025-11-30"),
        ({**GOOD, "label": "1"}, 'label is "1" '),
        ({**GOOD, "label": []}, "label is [] "),
        ({**GOOD, "label": 1, "claim": " "}, "claim is empty"),
        ({**GOOD, "label": 1, "claim": 7}, "claim is no text"),
        ({"id": "a", "label": 1, "claim": "x", "evidence": []}, "dataset is missing"),
        ({**GOOD, "label": 1, "evidence": None}, "evidence is missing"),
        ({**GOOD, "label": 1, "evidence": [1]}, "evidence is neither a text nor a list of texts"),
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[1]", "is not a JSON object"),
    ],
)
def test_a_malformed_line_is_told_with_its_place(tmp_path: Path, row: object, told: str) -> None:
    path = written(tmp_path / "c.jsonl", {**GOOD, "label": 1}, row)
    with pytest.raises(SettingsError) as raised:
        list(read_labelled_claims(path))
    assert str(raised.value).startswith(f"{path}:2: {told.strip()}")
    assert "\n" not in str(raised.value)


def test_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    broken = tmp_path / "broken.gz"
    broken.write_bytes(gzip.compress(json.dumps({**GOOD, "label": 1}).encode() * 99)[:60])
    latin = tmp_path / "latin.jsonl"
    latin.write_bytes(b'{"dataset": "\xe9"}')
    for path, told in [
        (tmp_path / "gone.jsonl", "does not exist"),
        (tmp_path, "cannot be read"),
        (broken, "damaged gzip"),
        (latin, "is not UTF-8"),
    ]:
        with pytest.raises(SettingsError, match=told):
            list(read_labelled_claims(path))


def test_a_row_is_judged_as_a_sentence_of_a_briefing() -> None:
    copied = score_claim(labelled(FIRE, 1))
    right = score_claim(labelled("A fire destroyed a depot in Bern.", 1))
    wrong = score_claim(labelled("A fire destroyed 12 depots in Bern.", 0))
    verdicts = [each.verdict for each in (copied, right, wrong)]
    assert verdicts == ["supported", "unverified", "unsupported"]
    assert copied.score > right.score > wrong.score
    assert [problem.kind for problem in wrong.findings] == ["number"]
    assert score_claim(labelled("A fire destroyed a depot.", 0, " ")).score == 0


def test_dates_are_read_from_the_day_of_the_row(tmp_path: Path) -> None:
    row = {**GOOD, "claim": "A fire destroyed a depot in Bern on 24 November.", "label": 1}
    days = [None, "2025-11-25", "2025-11-18"]
    held = read_labelled_claims(
        written(tmp_path / "d.jsonl", *({**row, "published": day} for day in days))
    )
    verdicts = [score_claim(one).verdict for one in held]
    assert verdicts == ["unsupported", "unverified", "unsupported"]


def test_evidence_may_come_whole_or_in_pieces() -> None:
    pieces = ("Police spoke of a fire.", FIRE, "Damage is put at 3 million francs.")
    claim = "Damage of 3 million francs, police said after the fire in Bern."
    whole, cut = (
        score_claim(labelled(claim, 1, "\n".join(pieces))),
        score_claim(labelled(claim, 1, *pieces)),
    )
    assert (whole.score, whole.verdict) == (cut.score, cut.verdict)


def test_shares_of_verdicts_leave_open_rows_aside() -> None:
    rows = [
        score_claim(labelled(FIRE, 1)),
        score_claim(labelled("A fire destroyed a depot in Bern.", 1)),
        score_claim(labelled("A fire destroyed 12 depots in Bern.", 0)),
        score_claim(labelled("A fire damaged a depot in Bern.", 0)),
    ]
    shares = tabulate_metrics(rows).shares["d"]
    assert shares.wrong_among_supported.value == shares.false_supported.value == 0
    assert (shares.true_supported.value, shares.true_flagged.value) == (0.5, 0)
    assert shares.undecided.value == 0.5


def test_wrong_among_supported_is_as_if_half_were_false() -> None:
    rows = [VerdictRow(1, "supported", at) for at in range(9)]
    rows += [VerdictRow(1, "unverified", 9), VerdictRow(0, "supported", 10)]
    shares = verdict_shares(rows)
    assert shares.true_supported.value == 0.9
    assert shares.wrong_among_supported.value == pytest.approx(1 / 1.9)
    assert verdict_shares(rows[-2:-1]).wrong_among_supported.value is None


def test_one_class_is_unscored_and_takes_no_part_in_the_mean() -> None:
    rows = [
        score_claim(labelled("A fire destroyed a depot.", 1, dataset="both")),
        score_claim(labelled("Aliens destroyed Bern.", 0, dataset="both")),
        score_claim(labelled("A depot in Bern burnt.", 1, dataset="one")),
    ]
    table = tabulate_metrics(rows)
    assert table.sets["one"].auc.value is None
    assert table.sets["one"].balanced.value is None
    assert table.auc.value == table.sets["both"].auc.value == 1.0
    assert table.pooled.rows == 3


def test_rows_that_share_a_passage_are_of_one_document() -> None:
    rows = [
        score_claim(labelled(f"Claim {n} of a depot.", n % 2, FIRE, "Other.")) for n in range(4)
    ]
    rows.append(
        score_claim(
            labelled("Another depot.", 1, "Something else that has some sixty letters " * 2)
        )
    )
    assert tabulate_metrics(rows).sets["d"].documents == 2


def test_rows_of_one_event_or_run_are_of_one_document(tmp_path: Path) -> None:
    rows = [
        {**GOOD, "evidence": f"{FIRE} {n}", "label": 1, **named}
        for n, named in enumerate(
            [{"event": "fire"}, {"event": "fire"}, {"run": "r1"}, {"run": "r1", "event": "storm"}]
        )
    ]
    scored = [
        score_claim(row) for row in read_labelled_claims(written(tmp_path / "e.jsonl", *rows))
    ]
    assert document_numbers(scored) == [0, 0, 1, 2]
