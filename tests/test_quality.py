"""The published figures are the measured ones, and the measures are right on what is known."""

import gzip
import json
import random
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

import pytest

from benchmarks.quality.__main__ import BLOCK, EVERY, OUT, PAGE, PARTS, main
from benchmarks.quality.blocks import (
    LABELS_FILE,
    Block,
    LabelledPair,
    Result,
    measure_result,
    predict_articles,
    predict_sentences,
    read_pairs,
)
from benchmarks.quality.events import b_cubed
from benchmarks.quality.figures import Figure, row, table
from benchmarks.quality.syndicated import KINDS, retranslated, reworded
from summarizer.evaluation.statistics import bootstrap_statistic
from summarizer.sources.articles import Article
from summarizer.text.spans import Span


def published() -> list[Figure]:
    rows = json.loads(OUT.read_text(encoding="utf-8"))["figures"]
    verdicts = [each.pop("verdict") for each in rows]
    figures = [Figure(**each) for each in rows]
    assert [figure.verdict for figure in figures] == verdicts
    return figures


def test_the_document_shows_the_measured_figures() -> None:
    shown = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    assert shown == [table(published())]


def test_every_part_was_measured() -> None:
    assert {*PARTS, "all"} <= {figure.part for figure in published()} <= {*EVERY, "all"}


def test_b_cubed_of_stories_that_are_right_and_of_one_that_is_not() -> None:
    gold = {"a": 1, "b": 1, "c": 2, "d": 2}
    assert set(b_cubed([["a", "b"], ["c", "d"]], gold).values()) == {(1.0, 1.0)}
    assert set(b_cubed([["a", "b", "c", "d"]], gold).values()) == {(0.5, 1.0)}
    assert set(b_cubed([["a"], ["b"], ["c"], ["d"]], gold).values()) == {(1.0, 0.5)}


def test_an_interval_holds_its_value() -> None:
    def mean(values: Sequence[float]) -> float:
        return fmean(values)

    value, low, high = bootstrap_statistic([0.0, 1.0] * 50, mean, seed=1)
    assert low < value == 0.5 < high
    assert bootstrap_statistic([0.7] * 9, mean, seed=1) == pytest.approx((0.7, 0.7, 0.7))


def test_a_figure_says_whether_it_is_what_was_asked_for() -> None:
    verdicts = [
        Figure("p", "n", 91.0, least=90.0).verdict,
        Figure("p", "n", 89.0, least=90.0).verdict,
        Figure("p", "n", 601.0, most=600.0).verdict,
        Figure("p", "n", 1.0).verdict,
    ]
    assert verdicts == ["ok", "short", "short", ""]
    short = Figure("p", "name", 89.0, 85.0, 93.0, "TF-IDF", 80.0, 90.0)
    assert row(short).split() == ["p", "name", "89.0", "[85.0,", "93.0]", "≥", "90", "short",
                                  "TF-IDF", "80.0"]  # fmt: skip
    assert table([short]).splitlines()[-1] == (
        "| p | name | 89.0 | 85.0-93.0 | ≥ 90 (short) | TF-IDF: 80.0 |"
    )


def chance() -> random.Random:
    return random.Random(1)  # noqa: S311 - a drawing of samples, not a secret


def test_a_copy_tells_where_each_sentence_is_from() -> None:
    wire = [f"Sentence {n} was about the police of town {n}, and it said so." for n in range(8)]
    for rewrite in KINDS.values():
        made = rewrite(wire, chance())
        assert all(str(n) in text for text, n in made if n)


def test_quoted_words_and_names_are_not_re_worded() -> None:
    quoted = "“The police killed many people,” he said."
    assert reworded(quoted, chance(), 1.0) == quoted
    assert "Fire Police" in reworded("He told Fire Police about many children.", chance(), 1.0)
    assert retranslated("He told Bern's old mayor.", chance()) != "He told Bern's old mayor."


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["nonsense"], "no such part: nonsense"), (["--data", "/nowhere"], "name its folder")],
)
def test_wrong_input_is_told_in_one_line(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err.splitlines()[-1]


def test_the_document_stands_where_the_program_writes() -> None:
    assert Path(__file__).parent.parent / "docs" / "quality.md" == PAGE


def labelled_pairs(folder: Path, first_span: tuple[int, int]) -> list[LabelledPair]:
    """Two invented events of two articles each: one pair differs, the other is an update."""
    texts = {
        "1_1a": "Nine boats sank off Old Harbour.\nNobody was on board.",
        "1_2a": "Seven boats sank off Old Harbour.",
        "2_1a": "The bridge at Westford is closed.",
        "2_2a": "The bridge at Westford is open again.",
    }
    rows = [
        {"doc_id": name, "topic": int(name[0]), "event": f"{name[0]}a", "title": text, "text": text}
        for name, text in texts.items()
    ]
    (folder / "events").mkdir()
    with gzip.open(folder / "events" / "ecbplus.train_dev.jsonl.gz", "wt") as file:
        file.write("\n".join(map(json.dumps, rows)))
    labels = [
        {"id": "a", "documents": ["1_1a", "1_2a"], "spans": [first_span, (0, 33)],
         "label": "differ", "about": "boats", "half": "open", "chosen": "read"},
        {"id": "b", "documents": ["2_1a", "2_2a"], "spans": [(0, 33), (0, 37)],
         "label": "update", "about": "bridge", "half": "open", "chosen": "read"},
        {"id": "c", "documents": ["2_1a", "2_2a"], "spans": [(0, 33), (0, 37)],
         "label": "update", "about": "bridge", "half": "unseen", "chosen": "read"},
    ]  # fmt: skip
    (folder / "labels").write_text("\n".join(map(json.dumps, labels)), encoding="utf-8")
    return read_pairs(folder, labels=folder / "labels")


def test_labelled_pairs_of_one_half_hold_their_sentences(tmp_path: Path) -> None:
    pairs = labelled_pairs(tmp_path, (0, 32))
    assert [pair.id for pair in pairs] == ["a", "b"]
    assert pairs[0].sentences == (
        "Nine boats sank off Old Harbour.",
        "Seven boats sank off Old Harbour.",
    )


@pytest.mark.parametrize("span", [(0, 33), (1, 10), (0, 999), (20, 50)])
def test_a_span_that_holds_no_sentence_is_refused(tmp_path: Path, span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="a: no sentence at"):
        labelled_pairs(tmp_path, span)


def test_a_predictor_is_measured_on_sentences(tmp_path: Path) -> None:
    pairs = labelled_pairs(tmp_path, (0, 32))
    result = predict_sentences(lambda one, _: "differ" if "boats" in one else None, pairs)
    figures = {each.name: each.value for each in measure_result("it", result, pairs)}
    assert figures == {
        "it, shown: precision (1)": 100.0,
        "it, shown: recall (2)": 50.0,
        "it, differ: precision (1)": 100.0,
        "it, differ: recall (1)": 100.0,
        "it, update: recall (1)": 0.0,
        "it: blocks on other pairs (number)": 0,
    }


def test_blocks_shown_on_pairs_without_a_label_are_counted(tmp_path: Path) -> None:
    pairs = labelled_pairs(tmp_path, (0, 32))

    def predict(one: Article, _: Article) -> list[Block]:
        if "boats" not in one.text:
            return []
        return [
            Block((Span(5, 15), Span(6, 16)), "update"),
            Block((Span(33, 52), Span(0, 33)), "differ"),
        ]

    assert predict_articles(predict, pairs) == Result({"a": "update", "b": None}, 1)


def test_the_labelled_pairs_are_enough_and_their_halves_share_no_event() -> None:
    rows = [json.loads(line) for line in LABELS_FILE.read_text(encoding="utf-8").splitlines()]
    assert len({row["id"] for row in rows}) == len(rows) >= 300
    labels = [row["label"] for row in rows]
    assert min(map(labels.count, ("differ", "update"))) >= 60
    assert labels.count("same") + labels.count("other") >= 100
    events = {half: {r["id"].split("-")[0] for r in rows if r["half"] == half}
              for half in ("open", "unseen")}  # fmt: skip
    assert events["open"].isdisjoint(events["unseen"])
