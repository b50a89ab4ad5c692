"""Devices that are not there are told in one line."""

import pytest
import torch

from sigtdnn.errors import ConfigurationError
from sigtdnn.training.device import open_device


def test_cpu_is_always_there() -> None:
    assert open_device("cpu") == torch.device("cpu")


@pytest.mark.parametrize("name", ["gpu", "cuda:99", ""])
def test_missing_device_is_refused_by_name(name: str) -> None:
    with pytest.raises(ConfigurationError, match=f"device '{name}' cannot be used .*; use cpu"):
        open_device(name)
