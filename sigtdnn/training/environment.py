"""What the last bits of a result depend on, besides the settings and the seed."""

import platform
from typing import Any

import numpy as np


def environment() -> dict[str, Any]:
    """Of a result that NumPy computed."""
    return {
        "machine": platform.machine(),
        "python": platform.python_version(),
        "numpy": np.__version__,
    }


def torch_environment() -> dict[str, Any]:
    """Of a result that torch computed, too."""
    import torch

    return {**environment(), "torch": torch.__version__, "threads": torch.get_num_threads()}
