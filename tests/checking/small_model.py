"""A cross-encoder of a few hundred bytes: a claim is entailed if the premise has all its words.

It is contradicted if it says "no" and the premise does not. What it makes of a pair can so be read
off the pair.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from summarizer.checking.calibration import (
    Calibration,
    MeasuredShare,
    calibration_file,
    model_digest,
)
from summarizer.checking.cross_encoder import find_model_files

SPECIAL = ("[PAD]", "[CLS]", "[SEP]", "[UNK]")
WORDS = (
    "no the a minister opened new bridge in capital on monday tuesday mayor closed school said "
    "and fire destroyed depot bern police twelve people were injured nobody was hurt dam broke "
    "rain fell for days because of heavy filler"
).split()  # fmt: skip

THREE = ("entailment", "neutral", "contradiction")
TWO = ("entailment", "not_entailment")


def make_model(  # one keyword for each way in which models differ
    folder: Path,
    *,
    labels: Sequence[str] = THREE,
    length: int | str = "length",
    batch: int | str = "batch",
    type_ids: bool = True,
    integers: int = TensorProto.INT64,
    rows: int | None = None,
    graph: str = "model.onnx",
) -> Path:
    """The folder with a model of these labels in this order. ``length`` and ``batch``: fixed, or
    free under that name. ``rows``: of the table of tokens."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / graph).parent.mkdir(parents=True, exist_ok=True)
    vocabulary = {word: index for index, word in enumerate((*SPECIAL, *WORDS))}
    onnx.save(
        _graph(labels, (batch, length), integers, rows or len(vocabulary), type_ids=type_ids),
        str(folder / graph),
    )
    save_tokenizer(folder / "tokenizer.json", vocabulary)
    config = {"id2label": dict(enumerate(labels)), "max_position_embeddings": 60}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return folder


def calibrate(folder: Path, lowest: float | None, highest: float | None) -> Calibration:
    """Writes a calibration of the model: ``lowest`` that is supported, ``highest`` that is not. Of
    ten rows called either, one is wrong."""
    none = MeasuredShare(count=0, total=0, share=None, low=None, high=None)
    one, nine = (
        MeasuredShare(count=each, total=10, share=each / 10, low=0, high=1) for each in (1, 9)
    )
    calibration = Calibration(
        model_sha256=model_digest(find_model_files(folder)), rows_sha256="", rows=20,
        faithful_rows=10, events=10, languages=("en",), min_supported=lowest,
        max_unsupported=highest, wrong_among_supported=one, faithful_supported=none,
        false_supported=none, faithful_unsupported=one, false_unsupported=nine,
    )  # fmt: skip
    text = calibration.model_dump_json(by_alias=True)
    calibration_file(find_model_files(folder)).write_text(text, encoding="utf-8")
    return calibration


def save_tokenizer(file: Path, vocabulary: dict[str, int], *, pairs: bool = True) -> None:
    """Writes a tokenizer of whole words, which cuts and pads as those of hubs do."""
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))  # noqa: S106
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    if pairs:
        tokenizer.post_processor = processors.TemplateProcessing(
            single="[CLS] $A [SEP]",
            pair="[CLS] $A [SEP] $B:1 [SEP]:1",
            special_tokens=[("[CLS]", 1), ("[SEP]", 2)],
        )
    tokenizer.enable_truncation(8)
    tokenizer.enable_padding(length=8)
    tokenizer.save(str(file))


def _graph(
    labels: Sequence[str],
    shape: tuple[int | str, int | str],
    integers: int,
    rows: int,
    *,
    type_ids: bool,
) -> onnx.ModelProto:
    names = ["input_ids", "attention_mask", *(["token_type_ids"] if type_ids else [])]
    inputs = [helper.make_tensor_value_info(name, integers, shape) for name in names]
    weights = np.array([0, 0, 0, 0, *[1] * rows][:rows], dtype=np.float32)
    is_no = np.eye(1, rows, 4, dtype=np.float32)[0]
    constants = {
        "weights": weights, "is_no": is_no, "sep": np.array(2, np.int64),
        "one": np.array(1, np.int64), "rows": np.array([2], np.int64),
        "columns": np.array([1], np.int64), "four": np.array(4, np.float32),
        "two": np.array(2, np.float32), "eight": np.array(8, np.float32),
        "nought": np.array(0, np.float32),
    }  # fmt: skip
    node = helper.make_node
    nodes = [node("Cast", [name], [f"{name}_7"], to=TensorProto.INT64) for name in names]
    if type_ids:
        nodes.append(node("Identity", ["token_type_ids_7"], ["segment"]))
    else:  # one more behind each separator
        nodes += [
            node("Equal", ["input_ids_7", "sep"], ["at_sep"]),
            node("Cast", ["at_sep"], ["seps"], to=TensorProto.INT64),
            node("CumSum", ["seps", "one"], ["segment"], exclusive=1),
        ]
    nodes += [
        node("Equal", ["segment", "one"], ["later"]),
        node("Cast", ["later"], ["second"], to=TensorProto.FLOAT),
        node("Cast", ["attention_mask_7"], ["mask"], to=TensorProto.FLOAT),
        node("Gather", ["weights", "input_ids_7"], ["all_words"]),
        node("Mul", ["all_words", "mask"], ["words"]),
        node("Mul", ["words", "second"], ["claim"]),
        node("Sub", ["words", "claim"], ["premise"]),
        node("Unsqueeze", ["input_ids_7", "rows"], ["down"]),
        node("Unsqueeze", ["input_ids_7", "columns"], ["across"]),
        node("Equal", ["down", "across"], ["equal"]),
        node("Cast", ["equal"], ["same"], to=TensorProto.FLOAT),
        node("Unsqueeze", ["premise", "columns"], ["premises"]),
        node("Mul", ["same", "premises"], ["found"]),
        node("ReduceMax", ["found"], ["has"], axes=[2], keepdims=0),
        node("Mul", ["claim", "has"], ["carried"]),
        node("Sub", ["claim", "carried"], ["lacking"]),
        node("ReduceSum", ["lacking", "columns"], ["missing"], keepdims=1),
        node("Gather", ["is_no", "input_ids_7"], ["noes"]),
        node("Mul", ["noes", "lacking"], ["lacking_noes"]),
        node("ReduceMax", ["lacking_noes"], ["denied"], axes=[1], keepdims=1),
        node("Mul", ["missing", "four"], ["penalty"]),
        node("Sub", ["two", "penalty"], ["entailment"]),
        node("Mul", ["missing", "nought"], ["neutral"]),
        node("Mul", ["denied", "eight"], ["raised"]),
        node("Sub", ["raised", "four"], ["contradiction"]),
    ]
    outputs = {"not_entailment": "neutral"}
    columns = [outputs.get(label.lower(), label.lower()) for label in labels]
    columns = [each if each in THREE else "neutral" for each in columns]
    nodes.append(node("Concat", columns, ["logits"], axis=1))
    return helper.make_model(
        helper.make_graph(
            nodes,
            "words",
            inputs,
            [helper.make_tensor_value_info("logits", TensorProto.FLOAT, None)],
            [onnx.numpy_helper.from_array(value, name) for name, value in constants.items()],
        ),
        opset_imports=[helper.make_opsetid("", 13)],
        ir_version=8,
    )
