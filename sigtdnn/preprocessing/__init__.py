"""From a pen trajectory to ten functions of time (PAPER section 2)."""

from sigtdnn.preprocessing.features import FEATURES
from sigtdnn.preprocessing.pipeline import (
    PreprocessingSettings,
    preprocess,
    preprocess_batch,
)

__all__ = ["FEATURES", "PreprocessingSettings", "preprocess", "preprocess_batch"]
