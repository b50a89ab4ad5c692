"""Fixtures for all tests."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def datasets() -> Path:
    """The folder of the real sets, told by SIGTDNN_DATASETS; without it the test is skipped."""
    folder = os.environ.get("SIGTDNN_DATASETS")
    if not folder:
        pytest.skip("real data: set SIGTDNN_DATASETS to the folder that holds the sets")
    return Path(folder)
