"""Hand-made stroke files: a few lines each, from no real recording."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sigtdnn.formats import read_signature
from sigtdnn.signature import Signature


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Signature]:
    """read(lines, name, format=None): the signature in a file `name` with these lines."""

    def reader(
        lines: list[str], name: str, format: str | None = None, end: str = "\n"
    ) -> Signature:
        path = tmp_path / name
        path.write_bytes("".join(line + end for line in lines).encode())
        return read_signature(path, format)

    return reader
