"""What an entailment model was measured to be worth: the file ``calibration.json`` beside it.

The scales of models differ: a score of 0.9 means "follows" to one and "is not in conflict" to
another. So a model decides only by thresholds that were measured on labelled rows, and only in the
languages of those rows. The file belongs to one model: beside another it counts as none.
"""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Literal

from pydantic import Field, NonNegativeInt, ValidationError

from summarizer.briefing import FrozenValue, Share
from summarizer.checking.cross_encoder import ModelFiles
from summarizer.errors import SettingsError
from summarizer.text.languages import languages_differ


class MeasuredShare(FrozenValue):
    """``count`` of ``total`` rows, as a share with its 95 % interval, clustered by event; None
    where nothing was counted."""

    count: NonNegativeInt
    total: NonNegativeInt
    share: Share | None
    low: Share | None
    high: Share | None


class Calibration(FrozenValue):
    """Thresholds on ``entailed`` of one model, and the errors that they make.

    ``min_supported``: from here a claim is supported; ``max_unsupported``: up to here it is not;
    None where no threshold keeps the error allowed. The shares are of the rows that the rules let
    the model decide so, each judged by the thresholds of the other events.
    ``wrong_among_supported``: false rows among those called supported, its share as if half of the
    rows were false.
    """

    schema_: Literal["summarizer/calibration/1"] = Field(
        default="summarizer/calibration/1", alias="schema"
    )
    model_sha256: str
    rows_sha256: str
    rows: NonNegativeInt
    faithful_rows: NonNegativeInt
    events: NonNegativeInt
    languages: tuple[str, ...]
    min_supported: Share | None
    max_unsupported: Share | None
    wrong_among_supported: MeasuredShare
    faithful_supported: MeasuredShare
    false_supported: MeasuredShare
    faithful_unsupported: MeasuredShare
    false_unsupported: MeasuredShare

    @property
    def decides(self) -> bool:
        """Whether the model may decide anything at all."""
        return self.min_supported is not None or self.max_unsupported is not None

    def covers(self, language: str) -> bool:
        """Whether rows in this language were measured."""
        return any(not languages_differ(language, each) for each in self.languages)

    @property
    def support_if_supported(self) -> float:
        """Measured probability that a claim called supported is faithful, half of all being so."""
        return 1 - (self.wrong_among_supported.share or 0.0)

    @property
    def support_if_unsupported(self) -> float:
        """Measured probability that a claim called unsupported is faithful, half of all being
        so."""
        faithful, false = (
            self.faithful_unsupported.share or 0.0,
            self.false_unsupported.share or 0.0,
        )
        return faithful / (faithful + false) if faithful else 0.0


def calibration_file(files: ModelFiles) -> Path:
    """Where the calibration of a model is."""
    return files.graph.with_name("calibration.json")


def read_calibration(files: ModelFiles) -> Calibration | None:
    """The calibration beside a model; None where there is none, or one of another model.

    Raises SettingsError where the file cannot be read.
    """
    file = calibration_file(files)
    if not file.is_file():
        return None
    try:
        calibration = Calibration.model_validate_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        hint = "delete it, and measure again with `summarizer nli calibrate`"
        raise SettingsError("is no calibration", subject=str(file), hint=hint) from error
    return calibration if calibration.model_sha256 == model_digest(files) else None


def model_digest(files: ModelFiles) -> str:
    """The sha256 of all that decides what a model reads: graph, tokenizer and configuration."""
    paths = (files.graph, files.tokenizer, files.config)
    stats = [path.stat() for path in paths]
    return _digest_of(paths, tuple((each.st_size, each.st_mtime_ns) for each in stats))


# As many as the models that are named. One of 90 MB takes 0.3 s, and a service asks for each
# briefing.
@cache
def _digest_of(paths: tuple[Path, ...], _states: tuple[tuple[int, int], ...]) -> str:
    digest = sha256()
    for path in paths:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()
