"""Files and folders that appear whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path to write a file or make a folder at, renamed to `path` when the block ends.

    It lies beside `path`, so that renaming stays within one file system. If the block
    fails, nothing is left behind and an older `path` is untouched. A folder replaces only
    an absent or empty folder.
    """
    # Scoring, which writes no files, must start fast.
    import shutil
    import tempfile

    path.parent.mkdir(parents=True, exist_ok=True)
    holder = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
    try:
        yield holder / path.name
        os.replace(holder / path.name, path)
    finally:
        shutil.rmtree(holder)
