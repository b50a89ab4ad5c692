"""The whole preprocessor: Signature in, ten features of 200 frames out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sigtdnn.arrays import Float32
from sigtdnn.errors import PreprocessingError
from sigtdnn.preprocessing.features import FEATURES, features
from sigtdnn.preprocessing.normalise import normalise
from sigtdnn.preprocessing.resample import resample
from sigtdnn.signature import MIN_POINTS, Signature, count_distinct


@dataclass(frozen=True)
class PreprocessingSettings:
    """What the paper leaves open or varies before the features."""

    # The paper's 200; anything else needs a network of another size.
    frames: int = 200
    # The unit of time in derivatives. In frames, the duration of a signature is lost in
    # resampling, as in the paper; in seconds, speed and acceleration keep it.
    clock: Literal["frames", "seconds"] = "frames"
    # What becomes of recorded points in the air: network 2 removes them, so that a straight
    # line, flagged up, joins the strokes.
    air: Literal["kept", "removed"] = "kept"

    def __post_init__(self) -> None:
        if self.frames < MIN_POINTS:
            raise ValueError(f"frames is {self.frames}, at least {MIN_POINTS} are needed")


DEFAULT = PreprocessingSettings()


def preprocess(signature: Signature, settings: PreprocessingSettings = DEFAULT) -> Float32:
    """The features of a signature: float32, shape (10, frames), unscaled, rows as `FEATURES`.

    Order of the steps as in PAPER section 2: lines in time out of x and y, division by the
    deviation of y, resampling, and only then the features.

    Raises PreprocessingError when the signature has no size or no points left.
    """
    if settings.air == "removed":
        signature = without_air(signature)
    t = signature.t
    curve = normalise(t, signature.x + 1j * signature.y)
    curve, pen = resample(t, curve, signature.pen, settings.frames)
    step = np.array(frame_step(signature, settings))
    return features(curve, pen, step).astype(np.float32)


def frame_step(signature: Signature, settings: PreprocessingSettings) -> float:
    """The time between two frames of the signature, in the unit of `settings.clock`.

    Raises PreprocessingError when the signature has no points left.
    """
    if settings.clock == "frames":
        return 1.0
    if settings.air == "removed":
        signature = without_air(signature)
    return signature.duration / (settings.frames - 1)


def preprocess_batch(
    signatures: Sequence[Signature], settings: PreprocessingSettings = DEFAULT
) -> Float32:
    """The features of n signatures, shape (n, 10, frames)."""
    batch = np.empty((len(signatures), len(FEATURES), settings.frames), dtype=np.float32)
    for row, signature in zip(batch, signatures, strict=True):
        row[:] = preprocess(signature, settings)
    return batch


def without_air(signature: Signature) -> Signature:
    """The signature without its points in the air, at their own times (network 2 of the paper).

    The last point of a stroke stays, and the gap after it is up. Time begins with the first
    point that stays.

    Raises PreprocessingError when fewer than 3 distinct points remain.
    """
    kept = signature.stroke >= 0
    distinct = count_distinct(signature.x[kept], signature.y[kept])
    if distinct < MIN_POINTS:
        raise PreprocessingError(
            f"{distinct} distinct points remain without the pen-up trajectory, at least "
            f"{MIN_POINTS} are needed",
            "keep the air, or sign again",
        )
    return Signature.from_strokes(
        signature.t[kept],
        signature.x[kept],
        signature.y[kept],
        signature.stroke[kept],
        None if signature.pressure is None else signature.pressure[kept],
        tilt=None if signature.tilt is None else signature.tilt[kept],
        device=signature.device,
    )
