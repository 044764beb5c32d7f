"""A classifier of sentence pairs: an ONNX graph, its tokenizer and the names of its labels.

The files are those that model hubs publish: ``model.onnx``, ``tokenizer.json`` and ``config.json``.
Whatever is wrong with them is found when the model is opened, by its files and by a few pairs whose
outcome is known, and is one line for the user.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

from summarizer.errors import SettingsError
from summarizer.extras import require_extra

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

T = TypeVar("T")

Label = Literal["entailed", "not_entailed", "neutral", "contradicted"]

MAX_WINDOW_TOKENS = 512
"""Tokens of a pair, also where a graph would take more: these models are trained on short pairs."""

MAX_BATCH_PAIRS = 8
"""Pairs that are read in one run of the graph."""

_LABEL_PATTERNS: Mapping[Label, re.Pattern[str]] = {
    "entailed": re.compile(r"entail(s|ed|ment)?"),
    "not_entailed": re.compile(r"(not|non|no)[ _-]?entail(s|ed|ment)?"),
    "neutral": re.compile(r"neutral"),
    "contradicted": re.compile(r"contradict(s|ed|ion|ory)?"),
}

_LABEL_SETS = ({"entailed", "not_entailed"}, {"entailed", "neutral", "contradicted"})

_INPUT_NAMES = ("input_ids", "attention_mask", "token_type_ids")


class PairTokens(NamedTuple):
    """A pair of texts as the graph reads it. ``type_ids``: 0 for the first text, 1 for the other,
    as far as the tokenizer tells them apart."""

    ids: list[int]
    type_ids: list[int]


class ModelFiles(NamedTuple):
    """The files of one model. ``name``: what reports call it."""

    name: str
    graph: Path
    tokenizer: Path
    config: Path


def find_model_files(path: Path) -> ModelFiles:
    """The files of the model at ``path``: a folder, or an ``.onnx`` file in or below one.

    Raises SettingsError.
    """
    path = path.expanduser().absolute()
    if not path.exists():
        raise SettingsError(
            "does not exist", subject=str(path), hint="`summarizer nli fetch` downloads a model"
        )
    graph = path if path.is_file() else _graph_in(path)
    if graph.suffix != ".onnx":
        hint = "name a folder with model.onnx, tokenizer.json and config.json"
        raise SettingsError("is no ONNX model", subject=str(path), hint=hint)
    folder = graph.parent
    if folder.name == "onnx" and not (folder / "tokenizer.json").exists():
        folder = folder.parent
    for needed in ("tokenizer.json", "config.json"):
        if not (folder / needed).is_file():
            hint = f"the model's {needed} belongs beside it"
            raise SettingsError(f"has no {needed}", subject=str(folder), hint=hint)
    name = folder.name if path.is_dir() or graph.stem == "model" else graph.stem
    return ModelFiles(name, graph, folder / "tokenizer.json", folder / "config.json")


def _graph_in(folder: Path) -> Path:
    for usual in (folder / "model.onnx", folder / "onnx" / "model.onnx"):
        if usual.is_file():
            return usual
    graphs = sorted([*folder.glob("*.onnx"), *folder.glob("onnx/*.onnx")])
    if len(graphs) == 1:
        return graphs[0]
    if graphs:
        names = ", ".join(graph.name for graph in graphs)
        raise SettingsError("has several models", subject=str(folder), hint=f"name one: {names}")
    hint = "a model is a folder with model.onnx, tokenizer.json and config.json"
    raise SettingsError("has no model", subject=str(folder), hint=hint)


def _read_json(file: Path) -> dict[str, Any]:
    """The JSON object in ``file``. Raises SettingsError."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise SettingsError("is not readable JSON", subject=str(file)) from error
    if not isinstance(content, dict):
        raise SettingsError("is not a JSON object", subject=str(file))
    return content


def _labels_of(config: Mapping[str, Any], file: Path) -> tuple[Label, ...]:
    """What each output of the graph means, by ``id2label``. Raises SettingsError."""
    named = config.get("id2label")
    if not isinstance(named, dict) or sorted(named) != sorted(map(str, range(len(named)))):
        hint = 'for example "id2label": {"0": "entailment", "1": "not_entailment"}'
        raise SettingsError("names no labels in id2label", subject=str(file), hint=hint)
    names = [str(named[str(index)]) for index in range(len(named))]
    labels = tuple(
        label
        for name in names
        for label, pattern in _LABEL_PATTERNS.items()
        if pattern.fullmatch(name.strip().casefold())
    )
    if len(labels) != len(names) or set(labels) not in _LABEL_SETS:
        hint = "they must be entailment, neutral and contradiction, or entailment, not_entailment"
        what = f"has labels of another task: {', '.join(names)[:80]}"
        raise SettingsError(what, subject=str(file), hint=hint)
    return labels


@dataclass(frozen=True, slots=True)
class CrossEncoder:
    """An open model. ``labels``: by position of the graph's outputs; ``length``: tokens to which
    the graph needs every pair padded, ``batch``: pairs that it needs in each run; None where it
    takes any number. ``batch_changes_results``: whether it reads a pair differently beside others,
    as graphs do that quantize their activations."""

    name: str
    labels: tuple[Label, ...]
    window_tokens: int
    length: int | None
    batch: int | None
    batch_changes_results: bool
    pad_id: int
    _session: "InferenceSession"
    _tokenizer: "Tokenizer"

    @property
    def special_tokens(self) -> int:
        """Tokens that a pair has besides those of its two texts."""
        return int(self._tokenizer.num_special_tokens_to_add(is_pair=True))

    def count_tokens(self, text: str) -> int:
        """Tokens of one text."""
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def encode(self, premise: str, hypothesis: str) -> PairTokens:
        """The tokens of a pair, complete even where they exceed the window."""
        encoding = self._tokenizer.encode(premise, hypothesis)
        return PairTokens(encoding.ids, encoding.type_ids)

    def last_token(self) -> int:
        """The highest id of the tokenizer's vocabulary."""
        return max(self._tokenizer.get_vocab(with_added_tokens=False).values(), default=0)

    def probabilities(self, pairs: Sequence[PairTokens]) -> list[list[float]]:
        """For each pair the probability of each label, in the order of ``labels``."""
        # Pairs of similar length share a run, so that little of it is padding.
        order = sorted(range(len(pairs)), key=lambda index: len(pairs[index].ids))
        results: dict[int, list[float]] = {}
        size = self.batch or (1 if self.batch_changes_results else MAX_BATCH_PAIRS)
        for start in range(0, len(order), size):
            indexes = order[start : start + size]
            rows = self._run([pairs[index] for index in indexes])
            results.update(zip(indexes, rows, strict=False))
        return [results[index] for index in range(len(pairs))]

    def _run(self, pairs: Sequence[PairTokens]) -> list[list[float]]:
        """One run of the graph; rows that only fill a fixed batch come last."""
        import numpy as np

        length = self.length or max(len(pair.ids) for pair in pairs)
        rows = [*pairs, *[pairs[-1]] * ((self.batch or 0) - len(pairs))]
        padded = {
            "input_ids": [[*p.ids, *[self.pad_id] * (length - len(p.ids))] for p in rows],
            "attention_mask": [[*[1] * len(p.ids), *[0] * (length - len(p.ids))] for p in rows],
            "token_type_ids": [[*p.type_ids, *[0] * (length - len(p.ids))] for p in rows],
        }
        inputs = {
            each.name: np.array(
                padded[each.name], dtype=np.int32 if "int32" in each.type else np.int64
            )
            for each in self._session.get_inputs()
        }
        logits = np.asarray(self._session.run(None, inputs)[0], dtype=np.float64)
        if logits.shape != (len(rows), len(self.labels)) or not np.isfinite(logits).all():
            what = f"answers with numbers of shape {logits.shape} for {len(self.labels)} labels"
            raise SettingsError(what, subject=self.name)
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares: list[list[float]] = (powers / powers.sum(axis=1, keepdims=True)).tolist()
        return shares


def open_cross_encoder(files: ModelFiles, threads: int) -> CrossEncoder:
    """The model of these files. Raises SettingsError for whatever does not fit together."""
    config = _read_json(files.config)
    labels = _labels_of(config, files.config)
    require_extra("nli", setting="nli")
    tokenizer = _open_tokenizer(files.tokenizer)
    session = _open_session(files.graph, threads)
    shape = _input_shape(session, files.graph)
    batch, length = (size if isinstance(size, int) else None for size in shape)
    pad_id = config.get("pad_token_id")
    if not isinstance(pad_id, int):
        pad_id = (tokenizer.padding or {}).get("pad_id", 0)
    tokenizer.no_truncation()  # what is too long is divided by the caller, never cut
    tokenizer.no_padding()
    encoder = CrossEncoder(
        files.name, labels, length or _window_of(config, files.tokenizer), length, batch, False,
        pad_id, session, tokenizer,
    )  # fmt: skip
    return _checked_on_known_pairs(encoder, files)


def _open_tokenizer(file: Path) -> "Tokenizer":
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(file))
    except Exception as error:  # the library raises no class of its own
        raise SettingsError(f"is no tokenizer: {_one_line(error)}", subject=str(file)) from error
    if tokenizer.num_special_tokens_to_add(is_pair=True) < 2:
        hint = "its post_processor must put them around a pair"
        raise SettingsError("adds no tokens between two texts", subject=str(file), hint=hint)
    return tokenizer


def _open_session(file: Path, threads: int) -> "InferenceSession":
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4  # whatever fails is raised, too
    # Processors without VNNI add 8-bit products up with saturation unless this is set: of one model
    # the same pairs then had an AUC of 0.66 instead of 0.78.
    options.add_session_config_entry("session.x64quantprecision", "1")
    return _readable(
        lambda: onnxruntime.InferenceSession(
            str(file), options, providers=["CPUExecutionProvider"]
        ),
        file,
        "is no ONNX model",
    )


def _readable(run: Callable[[], T], file: Path, problem: str) -> T:
    """What ``run`` returns; an error of the ONNX library as SettingsError."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    errors = (
        state.Fail, state.InvalidArgument, state.InvalidGraph, state.InvalidProtobuf,
        state.NoModel, state.NoSuchFile, state.NotImplemented, state.RuntimeException,
    )  # fmt: skip
    try:
        return run()
    except errors as error:
        raise SettingsError(f"{problem}: {_one_line(error)}", subject=str(file)) from error


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:120]


def _input_shape(session: "InferenceSession", file: Path) -> Sequence[int | str | None]:
    """The shape of the graph's token ids. Raises SettingsError for inputs of another kind."""
    inputs = {each.name: each for each in session.get_inputs()}
    unknown = [name for name in inputs if name not in _INPUT_NAMES]
    if unknown or "input_ids" not in inputs or len(inputs["input_ids"].shape) != 2:
        named = ", ".join(inputs)[:80]
        hint = f"a classifier of pairs takes {', '.join(_INPUT_NAMES)}"
        raise SettingsError(f"takes other inputs: {named}", subject=str(file), hint=hint)
    shape: Sequence[int | str | None] = inputs["input_ids"].shape
    return shape


def _window_of(config: Mapping[str, Any], tokenizer: Path) -> int:
    """Tokens of a pair, where the graph itself does not say."""
    limits = [config.get("max_position_embeddings")]
    if "roberta" in str(config.get("model_type")) and isinstance(limits[0], int):
        limits[0] -= 2  # its positions begin behind the id of the padding
    beside = tokenizer.with_name("tokenizer_config.json")
    if beside.is_file():
        limits.append(_read_json(beside).get("model_max_length"))
    known = [limit for limit in limits if isinstance(limit, int) and limit > 0]
    return min([*known, MAX_WINDOW_TOKENS])


_PREMISE = "The minister opened a new bridge in the capital on Monday."
_OPPOSITE = "No minister opened a bridge on Monday."


MAX_BATCH_DIFFERENCE = 1e-4
"""Difference of a probability beside other pairs that is only rounding."""


def _checked_on_known_pairs(encoder: CrossEncoder, files: ModelFiles) -> CrossEncoder:
    """The model, after it has read three pairs.

    Raises SettingsError where its parts do not belong together: the last token of the vocabulary is
    outside the graph's table, or a sentence entails itself no more than its opposite.
    """
    same, opposite = (encoder.encode(_PREMISE, each) for each in (_PREMISE, _OPPOSITE))
    last = PairTokens([*same.ids[:-1], encoder.last_token(), same.ids[-1]], [*same.type_ids, 0])
    if max(len(each.ids) for each in (same, opposite, last)) > encoder.window_tokens:
        what = f"reads {encoder.window_tokens} tokens at once, too few for two sentences"
        raise SettingsError(what, subject=str(files.graph))
    together, alone = _readable(
        lambda: (encoder.probabilities([same, opposite, last]), encoder.probabilities([same])),
        files.graph,
        "cannot be run with this tokenizer",
    )
    entailed = encoder.labels.index("entailed")
    if together[0][entailed] <= together[1][entailed]:
        hint = "do its config.json and tokenizer.json belong to it?"
        what = "says that a sentence entails itself no more than its opposite"
        raise SettingsError(what, subject=str(files.graph), hint=hint)
    changed = abs(together[0][entailed] - alone[0][entailed]) > MAX_BATCH_DIFFERENCE
    return replace(encoder, batch_changes_results=changed)
