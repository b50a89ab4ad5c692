"""Stroke files packed by gzip or in a zip archive.

What unpacks is limited, in size, beside the size of the archive, and in number; nothing is written
anywhere. A file in a zip archive is named by its path below it: `set.zip/ann/01.csv`. Hidden files
and folders are passed over, an archive in an archive is refused.
"""

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from sigtdnn.errors import FormatError
from sigtdnn.formats.source import MAX_BYTES, Source

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
MAX_FILES = 10_000
# Strokes as text take up to this many times the bytes of their archive.
MAX_RATIO = 10
# So much may unpack from any archive, however small.
ROOM = 2**16

_MAC = "__MACOSX"
_ENCRYPTED = 1
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, LookupError,
    RuntimeError, OverflowError,
)  # fmt: skip
_COPY = "copy it again: it is damaged"
_UNPACK = "unpack it, and give its files or their folder"


def is_archive(source: Source) -> bool:
    """Whether a file is packed."""
    return source.data.startswith((GZIP, ZIP))


def contents(source: Source) -> Iterator[tuple[str, Source]]:
    """The files in a file, each after what names it within: '/ann/01.csv', '' if it is no archive.

    Raises FormatError when it is damaged, or too much unpacks.
    """
    if source.data.startswith(ZIP):
        yield from _unzipped(source)
    elif source.data.startswith(GZIP):
        yield "", _gunzipped(source)
    else:
        yield "", source


def _gunzipped(source: Source) -> Source:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(source.data)) as file:
            data = file.read(_limit(source) + 1)
    except _DAMAGED as error:
        raise _damaged(source, error) from error
    if len(data) > _limit(source):
        raise _too_much(source)
    return _plain(source, Source(source.path, data))


def _unzipped(source: Source) -> Iterator[tuple[str, Source]]:
    room = _limit(source)
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            for member in _members(source, archive):
                # No more is read than the size that is stated.
                room -= member.file_size
                if room < 0:
                    raise _too_much(source)
                inner = Source(source.path / member.filename, archive.read(member))
                yield f"/{member.filename}", _plain(source, inner)
    except FormatError:
        raise
    except _DAMAGED as error:
        raise _damaged(source, error) from error


def _members(source: Source, archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    members = archive.infolist()
    if len(members) > MAX_FILES:
        raise source.error(None, f"over {MAX_FILES} files in an archive", _UNPACK)
    for member in members:
        path = PurePosixPath(member.filename)
        if path.is_absolute() or ".." in path.parts or not member.filename.isprintable():
            problem = f"the archive holds {member.filename[:40]!r}, which leads out of it"
            raise source.error(None, problem, "do not trust it")
        if member.flag_bits & _ENCRYPTED:
            raise source.error(None, "the archive is encrypted", _UNPACK)
        hidden = any(part.startswith(".") or part == _MAC for part in path.parts)
        if not member.is_dir() and not hidden:
            yield member


def _limit(source: Source) -> int:
    return min(MAX_BYTES, max(ROOM, MAX_RATIO * len(source.data)))


def _plain(archive: Source, inner: Source) -> Source:
    if inner.data.startswith((GZIP, ZIP)):
        raise archive.error(None, f"an archive in an archive ({inner.path.name})", _UNPACK)
    return inner


def _too_much(source: Source) -> FormatError:
    return source.error(None, f"over {_limit(source) // 1024} KiB unpack", _UNPACK)


def _damaged(source: Source, error: Exception) -> FormatError:
    return source.error(None, f"the archive cannot be unpacked ({str(error)[:60]!r})", _COPY)
