"""Hand-made stroke files: a few lines each, from no real recording."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sigtdnn.formats import ReadingOptions
from sigtdnn.signature import Signature
from tests.tools import read_unchecked


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Signature]:
    """read(lines, name, format=None): the signature in a file `name` with these lines.

    `told` are further options. A few lines are no plausible signature; that is not checked here.
    """

    def reader(
        lines: list[str], name: str, format: str | None = None, end: str = "\n", **told: object
    ) -> Signature:
        path = tmp_path / name
        path.write_bytes("".join(line + end for line in lines).encode())
        return read_unchecked(path, ReadingOptions(format=format, **told))

    return reader
