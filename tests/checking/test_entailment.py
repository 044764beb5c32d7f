import itertools
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from onnx import TensorProto

from summarizer.checking.entailment import (
    Entailment,
    EntailmentModel,
    PairTooLong,
    open_entailment_model,
)
from summarizer.errors import SettingsError
from tests.checking.small_model import SPECIAL, THREE, TWO, make_model, save_tokenizer

FIRE = "Fire destroyed the depot in Bern"
ENTAILED = "Fire destroyed a depot".replace(" a ", " the ")
OTHER = "The mayor closed the school"
DENIED = "No fire destroyed the depot in Bern"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> EntailmentModel:
    return open_entailment_model(make_model(tmp_path_factory.mktemp("models") / "small"))


def best(reading: Entailment) -> str:
    values = reading._asdict()
    return max(values, key=lambda name: values[name] or 0.0)


VARIANTS = [
    {"labels": labels, "length": length, "batch": batch, "type_ids": types, "integers": integers}
    for labels, length, batch, types, integers in [
        (THREE, "length", "batch", True, TensorProto.INT64),
        (THREE, 60, "batch", True, TensorProto.INT64),
        (THREE, "length", "batch", False, TensorProto.INT32),
        (THREE, 60, 2, False, TensorProto.INT64),
        *((order, "length", "batch", True, TensorProto.INT64)
          for order in itertools.permutations(THREE)),
        (("CONTRADICTION", "ENTAILMENT", "NEUTRAL"), 60, 1, True, TensorProto.INT32),
    ]
]  # fmt: skip


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_models_of_every_shape_are_read_alike(variant: dict[str, object], tmp_path: Path) -> None:
    opened = open_entailment_model(make_model(tmp_path, **variant))  # type: ignore[arg-type]
    pairs = [(FIRE, OTHER), (FIRE, ENTAILED), (FIRE, DENIED), (FIRE, FIRE)]
    readings = opened.read_pairs(pairs)
    assert [best(each) for each in readings] == [
        "neutral", "entailed", "contradicted", "entailed",
    ]  # fmt: skip
    assert all(sum(filter(None, each)) == pytest.approx(1) for each in readings)
    assert readings[1].entailed == pytest.approx(0.879, abs=0.01)


@pytest.mark.parametrize("labels", [TWO, TWO[::-1], ("Entailed", "not entailed")])
def test_a_model_of_two_labels_never_says_contradicted(
    labels: tuple[str, ...], tmp_path: Path
) -> None:
    folder = make_model(tmp_path, labels=[each.lower() for each in labels])
    config = {"id2label": dict(enumerate(labels)), "max_position_embeddings": 60}
    if labels[0] == "Entailed":
        make_model(tmp_path, labels=TWO)
        (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    opened = open_entailment_model(folder)
    entailed, denied = opened.read_pairs([(FIRE, ENTAILED), (FIRE, DENIED)])
    assert entailed.contradicted is denied.contradicted is None
    assert best(entailed) == "entailed"
    assert best(denied) == "neutral"
    assert opened.read(DENIED, [FIRE]).contradicted is None


def test_the_window_is_what_the_model_takes(tmp_path: Path) -> None:
    fixed = make_model(tmp_path / "fixed", length=36)
    free = make_model(tmp_path / "free")
    roberta = make_model(tmp_path / "roberta")
    (roberta / "config.json").write_text(
        json.dumps({"id2label": dict(enumerate(THREE)), "max_position_embeddings": 62,
                    "model_type": "xlm-roberta"}), encoding="utf-8",
    )  # fmt: skip
    long = make_model(tmp_path / "long")
    (long / "config.json").write_text(
        json.dumps({"id2label": dict(enumerate(THREE)), "max_position_embeddings": 8192}),
        encoding="utf-8",
    )
    (long / "tokenizer_config.json").write_text('{"model_max_length": 1e30}', encoding="utf-8")
    windows = [open_entailment_model(each).window_tokens for each in (fixed, free, roberta, long)]
    assert windows == [36, 60, 60, 512]


def test_a_pair_longer_than_the_window_is_refused(model: EntailmentModel) -> None:
    with pytest.raises(PairTooLong, match="more than the 60"):
        model.read_pairs([(FIRE, ENTAILED), ("filler " * 60, ENTAILED)])


FILLER = ["Filler filler the capital on Monday"] * 12


@pytest.mark.parametrize("place", range(len(FILLER) + 1))
def test_evidence_in_any_window_entails(model: EntailmentModel, place: int) -> None:
    evidence = [*FILLER[:place], FIRE, *FILLER[place:]]
    reading = model.read(FIRE, evidence)
    assert reading.entailed > 0.8
    assert reading.contradicted is not None
    assert reading.contradicted < 0.2


def test_sentences_that_lie_far_apart_entail_together(model: EntailmentModel) -> None:
    claim = "Fire destroyed the depot and twelve people were injured"
    halves = ["Fire destroyed the depot", *FILLER, "And twelve people were injured"]
    assert model.read(claim, halves).entailed > 0.8
    assert model.read(claim, halves[:-1]).entailed < 0.2
    assert model.read(claim, halves[1:]).entailed < 0.2


def test_what_one_window_denies_is_contradicted_unless_another_entails(
    model: EntailmentModel,
) -> None:
    denied = model.read(DENIED, [*FILLER, FIRE, *FILLER])
    assert best(denied) == "contradicted"
    both = model.read(DENIED, [FIRE, *FILLER, DENIED, *FILLER])
    assert best(both) == "entailed"
    assert sum(filter(None, both)) == pytest.approx(1)


@pytest.mark.parametrize("gap", [", ", "; ", " "])
def test_a_sentence_longer_than_the_window_is_read_in_parts(
    model: EntailmentModel, gap: str
) -> None:
    long = gap.join(["filler rain fell for days", FIRE, *["the mayor said"] * 30])
    assert model.read("Fire destroyed the depot", [long]).entailed > 0.8
    assert model.read("Twelve people were injured", [long]).entailed < 0.2


def test_a_long_run_of_letters_ends(model: EntailmentModel) -> None:
    assert model.read(FIRE, [",".join("x" * 5_000)]).entailed < 0.2


@pytest.mark.parametrize("evidence", [[], [""], ["  \n"]])
def test_no_evidence_is_neutral(model: EntailmentModel, evidence: list[str]) -> None:
    assert model.read(FIRE, evidence) == (0.0, 1.0, 0.0)


def test_a_claim_that_fills_the_window_is_neutral(model: EntailmentModel) -> None:
    claim = "the mayor said " * 15
    assert model.read(claim, [claim]) == (0.0, 1.0, 0.0)


def test_the_order_of_pairs_does_not_change_what_is_read(model: EntailmentModel) -> None:
    pairs = [(" ".join(FILLER[:n]) + " " + FIRE, FIRE) for n in range(5)]
    pairs += [(FIRE, OTHER), (FIRE, DENIED)] * 7
    readings = model.read_pairs(pairs)
    assert readings == model.read_pairs(pairs[::-1])[::-1]
    for pair, reading in zip(pairs, readings, strict=True):
        assert model.read_pairs([pair])[0] == pytest.approx(reading)
    assert model.read_pairs([]) == []


def test_one_question_is_read_once(tmp_path: Path) -> None:
    opened = open_entailment_model(make_model(tmp_path))
    first = opened.read(FIRE, [FIRE, *FILLER])
    assert opened.read(FIRE, (FIRE, *FILLER)) is first


def test_a_model_is_opened_once_and_by_threads_too(tmp_path: Path) -> None:
    folder = make_model(tmp_path / "small")
    (tmp_path / "link").symlink_to(folder)
    paths = [folder, tmp_path / "link", tmp_path / "small" / ".." / "small"] * 4
    with ThreadPoolExecutor(6) as pool:
        opened = list(pool.map(open_entailment_model, paths))
        assert len(set(map(id, opened))) == 1
        readings = list(pool.map(lambda n: opened[0].read(FIRE, [FIRE] * n), range(1, 30)))
    assert all(each.entailed > 0.8 for each in readings)


def test_a_file_beside_its_tokenizer_is_a_model(tmp_path: Path) -> None:
    folder = make_model(tmp_path / "small", graph="onnx/model_quantized.onnx")
    assert open_entailment_model(folder).name == "small"
    file = folder / "onnx" / "model_quantized.onnx"
    assert open_entailment_model(file).name == "model_quantized"


def test_a_child_process_opens_its_own(tmp_path: Path) -> None:
    opened = open_entailment_model(make_model(tmp_path))
    reader, writer = os.pipe()
    if not (child := os.fork()):  # pragma: no cover
        again = open_entailment_model(tmp_path)
        os.write(writer, b"own" if again is not opened and again.read(FIRE, [FIRE]) else b"no")
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reader, 3) == b"own"
    os.close(reader)
    os.close(writer)


def spoil(folder: Path, name: str, content: bytes | str | None) -> None:
    file = folder / name
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content.encode() if isinstance(content, str) else content)


def labels_json(*names: str) -> str:
    return json.dumps({"id2label": dict(enumerate(names))})


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("model.onnx", None, "has no model"),
        ("model.onnx", b"GIF89a, not a graph", "is no ONNX model"),
        ("model.onnx", b"", "is no ONNX model"),
        ("tokenizer.json", None, "has no tokenizer.json"),
        ("tokenizer.json", "{}", "is no tokenizer"),
        ("tokenizer.json", b"\xff\xfe", "is no tokenizer"),
        ("config.json", None, "has no config.json"),
        ("config.json", "{", "is not readable JSON"),
        ("config.json", "[]", "is not a JSON object"),
        ("config.json", "{}", "names no labels in id2label"),
        ("config.json", '{"id2label": {"0": "entailment", "2": "neutral"}}', "names no labels"),
        ("config.json", labels_json("LABEL_0", "LABEL_1", "LABEL_2"), "another task: LABEL_0"),
        ("config.json", labels_json("POSITIVE", "NEGATIVE"), "another task: POSITIVE, NEGATIVE"),
        ("config.json", labels_json("entailment", "entailment", "neutral"), "another task"),
        ("config.json", labels_json("entailment", "neutral"), "another task"),
        ("config.json", labels_json(*TWO), "numbers of shape"),
        ("config.json", labels_json(*THREE[::-1]), "no more than its opposite"),
    ],
)
def test_what_is_no_model_is_one_line_with_a_hint(
    name: str, content: bytes | str | None, message: str, tmp_path: Path
) -> None:
    folder = make_model(tmp_path)
    spoil(folder, name, content)
    with pytest.raises(SettingsError) as raised:
        open_entailment_model(folder)
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)
    assert raised.value.exit_code == 2


def test_a_path_that_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"does not exist \(`summarizer nli fetch`"):
        open_entailment_model(tmp_path / "missing")
    with pytest.raises(SettingsError, match="is no ONNX model"):
        open_entailment_model(tmp_path / "notes.txt")
    make_model(tmp_path, graph="a.onnx")
    make_model(tmp_path, graph="b.onnx")
    with pytest.raises(SettingsError, match=r"several models \(name one: a.onnx, b.onnx\)"):
        open_entailment_model(tmp_path)


def test_a_vocabulary_larger_than_the_table_is_found_at_opening(tmp_path: Path) -> None:
    folder = make_model(tmp_path, rows=40)
    with pytest.raises(SettingsError, match="cannot be run with this tokenizer"):
        open_entailment_model(folder)


def test_a_window_without_room_for_two_sentences_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="reads 24 tokens at once, too few"):
        open_entailment_model(make_model(tmp_path, length=24))


def test_a_tokenizer_of_single_texts_is_refused(tmp_path: Path) -> None:
    folder = make_model(tmp_path)
    save_tokenizer(
        folder / "tokenizer.json", {word: n for n, word in enumerate(SPECIAL)}, pairs=False
    )
    with pytest.raises(SettingsError, match="adds no tokens between two texts"):
        open_entailment_model(folder)


def test_a_missing_extra_is_named(tmp_path: Path) -> None:
    script = f"""
import sys
sys.modules["onnxruntime"] = None
from pathlib import Path
from summarizer.checking.entailment import open_entailment_model
try:
    open_entailment_model(Path({str(make_model(tmp_path))!r}))
except Exception as error:
    print(error)
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "pip install 'citably[nli]'" in ran.stdout
    assert "onnxruntime is not installed" in ran.stdout
