"""Throws broken files at all readers: counts foreign exceptions, hangs and memory. Long, by hand:

    PYTHONPATH=. python tests/formats/fuzz.py --inputs 1000000 --seed 1

Files of every format are cut, spliced, grown and filled with awkward fields, named and packed at
random, and read with options drawn at random. Whatever comes, a reader gives signatures or a
FormatError; warnings count as foreign. What fails is printed, and kept in the folder `--keep`. A
run is the same for the same seed; the exit status is 1 when something failed.
"""

import argparse
import gzip
import io
import signal
import sys
import time
import traceback
import tracemalloc
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from sigtdnn.errors import ConfigurationError, FormatError
from sigtdnn.formats import FORMATS, ReadingOptions, read_parts
from sigtdnn.formats.archive import MAX_RATIO, is_archive
from sigtdnn.formats.source import Source
from sigtdnn.signature import Device, Signature

AWKWARD = (
    b"", b" ", b"0", b"-0", b"1", b"-1", b"nan", b"inf", b"1e999", b"1e-999", b"9" * 20, b"9" * 400,
    b".", b"-", b"1_0", b"0x1", b"\0", b"\xff", b"\xc3\xa9", b"\r", b"\n\n", b"\t", b",", b";",
    b"#2", b'"', b"'", b"[", b"]", b"{", b"}", b"<", b">", b"&a;", b"<!DOCTYPE a>", b"null",
    b"true", b"1,5", b"<trace>", b".PEN_UP", b".COORD X Y", b"DataSize: 9", b"9999999999",
)  # fmt: skip
ENDINGS = (".txt", ".csv", ".hwr", ".sig", ".svc", ".json", ".inkml", ".dat", ".iso", ".gz", "")
# So long a file may take: seconds, and seconds a byte.
PATIENCE, PATIENCE_A_BYTE = 1.0, 5e-5
HANG = 60
# Memory beside the size of the file, unpacked, beyond what the interpreter takes anyway.
MAX_MEMORY, ROOM = 100, 2**21
# One file in so many is measured: that is slow.
MEASURED = 40


class HangError(BaseException):
    """What no reader catches."""


@dataclass
class Outcome:
    """What came of the inputs so far, and what failed: the problem and the input."""

    counts: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[str, str, bytes]] = field(default_factory=list)


def seeds() -> list[bytes]:
    """Good files of every format."""
    i = np.arange(40)
    x, y = np.rint(900 * np.sin(i / 5)), np.rint(700 * np.cos(i / 3))
    tilt = np.radians(np.column_stack([90 + i, 45 + i / 4]))
    signature = Signature.from_samples(
        i / 100, x, y, i % 15 < 12, (i + 1) / 100, tilt=tilt, device=Device(100, 100, 1023)
    )
    files = [format.write([signature]) for format in FORMATS.values() if format.write is not None]
    t, p = 10 * i, 9 * i + 1
    tables: list[tuple[str, tuple[object, ...]]] = [
        ("X, Y, TStamp, Pres., EndPts\nDataSize: 40\n", (x, y, t, p // 2, i % 15 == 11)),
        ("A-1 40\n", (x, y, p, 0 * i + 900, 0 * i + 500)),
        ("", (x, y, p * (i % 15 < 12))),
        ("", (i / 100, x, y, p * (i % 15 < 12), i % 15 == 0, 0 * i + 90, 0 * i + 50)),
        ("40\n", (x, y, t, p * (i % 15 < 12))),
        ("41\n", (x, y, t, 0 * i + 900, 0 * i + 500, p)),
        ("39\n", (x, y, t, i % 15 < 12, 0 * i + 900, 0 * i + 500, p)),
    ]
    for header, columns in tables:
        rows = np.column_stack(columns)
        files.append((header + "\n".join(" ".join(f"{v:g}" for v in row) for row in rows)).encode())
    return files


def mutated(rng: np.random.Generator, files: list[bytes]) -> bytes:
    """A file of a few mutations, packed now and then."""
    data = files[rng.integers(len(files))]
    for _ in range(rng.integers(0, 4)):
        data = MUTATIONS[rng.integers(len(MUTATIONS))](rng, data, files)
    return _packed(rng, data)


def _byte(rng: np.random.Generator, data: bytes, files: list[bytes]) -> bytes:
    place = rng.integers(len(data) + 1)
    return data[:place] + rng.bytes(1) + data[place + 1 :]


def _cut(rng: np.random.Generator, data: bytes, files: list[bytes]) -> bytes:
    first, last = sorted(rng.integers(len(data) + 1, size=2))
    return data[:first] + data[last:]


def _repeat(rng: np.random.Generator, data: bytes, files: list[bytes]) -> bytes:
    first, last = sorted(rng.integers(len(data) + 1, size=2))
    times = 2 if rng.random() < 0.98 else min(300, 300_000 // (last - first + 1))
    return data[:last] + data[first:last] * times + data[last:]


def _splice(rng: np.random.Generator, data: bytes, files: list[bytes]) -> bytes:
    other = files[rng.integers(len(files))]
    return data[: rng.integers(len(data) + 1)] + other[rng.integers(len(other) + 1) :]


def _awkward(rng: np.random.Generator, data: bytes, files: list[bytes]) -> bytes:
    blanks = [place for place, byte in enumerate(data[:20_000]) if byte in b' ,\n\t"<>'] or [0]
    place = blanks[rng.integers(len(blanks))]
    rest = data[place + 1 :]
    if rng.random() < 0.7:
        rest = rest.lstrip(b"0123456789.-")
    return data[: place + 1] + AWKWARD[rng.integers(len(AWKWARD))] + rest


def _separators(rng: np.random.Generator, data: bytes, files: list[bytes]) -> bytes:
    marks = (b" ", b",", b";", b"\t", b"\n", b"\r\n", b"\r", b".", b'"')
    old, new = rng.choice(len(marks), 2, replace=False)
    return data.replace(marks[old], marks[new])


MUTATIONS: tuple[Callable[[np.random.Generator, bytes, list[bytes]], bytes], ...] = (
    _byte, _byte, _cut, _repeat, _splice, _awkward, _awkward, _awkward, _separators
)  # fmt: skip


def _packed(rng: np.random.Generator, data: bytes) -> bytes:
    how = rng.random()
    if how < 0.03:
        data = gzip.compress(data)
    elif how < 0.06:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(rng.integers(1, 4)):
                archive.writestr(f"{number}.txt", data)
        data = buffer.getvalue()
    elif how < 0.08:
        data = data.decode("latin-1").encode("utf-16")
    if how < 0.06 and rng.random() < 0.5:
        data = _byte(rng, _byte(rng, data, []), [])
    return data


def drawn_options(rng: np.random.Generator) -> ReadingOptions:
    """Mostly what is told of no file, else anything."""

    def maybe(values: list[object]) -> object:
        return values[rng.integers(len(values))] if rng.random() < 0.08 else None

    formats: list[object] = [*FORMATS]
    return ReadingOptions(
        format=maybe(formats),  # type: ignore[arg-type]
        time_unit=maybe(["s", "ms", "us", "ns"]),  # type: ignore[arg-type]
        rate=maybe([1e-9, 50.0, 200.0, 1e300]),  # type: ignore[arg-type]
        y=maybe(["up", "down"]),  # type: ignore[arg-type]
        pressure_range=maybe([1, 1023, 10**9]),  # type: ignore[arg-type]
    )


def inputs(seed: int, count: int) -> Iterator[tuple[Source, ReadingOptions]]:
    """Broken files and what is told of them."""
    files = seeds()
    rng = np.random.default_rng(seed)
    for number in range(count):
        name = f"a{ENDINGS[rng.integers(len(ENDINGS))]}"
        data = rng.bytes(rng.integers(200)) if number % 50 == 0 else mutated(rng, files)
        yield Source(Path(name), data), drawn_options(rng)


def try_input(source: Source, options: ReadingOptions, outcome: Outcome, measured: bool) -> None:
    """Reads one, and adds what came of it."""
    size = len(source.data) * (MAX_RATIO if is_archive(source) else 1)
    if measured:
        tracemalloc.start()
    began = time.process_time()
    problem = ""
    try:
        for _, one in read_parts(source, options):
            outcome.counts["broken" if isinstance(one, FormatError) else "signature"] += 1
    except (FormatError, ConfigurationError) as error:
        outcome.counts["refused"] += 1
        if "\n" in str(error):
            problem = f"an error of several lines: {error!r}"
    except HangError:
        problem = f"hang: over {HANG} s"
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        problem = f"foreign: {error!r} in {Path(where.filename).name}, line {where.lineno}"
    taken = time.process_time() - began
    if measured:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        if peak > MAX_MEMORY * size + ROOM:
            problem = problem or f"memory: {peak} bytes for {size}"
    elif not problem and _is_slow(taken, size):
        # Once may be the machine.
        taken = _time(source, options)
        problem = f"slow: {taken:.2f} s for {size} bytes" if _is_slow(taken, size) else ""
    if problem:
        outcome.counts[problem.split(":")[0]] += 1
        outcome.failures.append((problem, f"{source.path} {options}", source.data))


def _is_slow(taken: float, size: int) -> bool:
    return taken > PATIENCE + PATIENCE_A_BYTE * size


def _time(source: Source, options: ReadingOptions) -> float:
    began = time.process_time()
    with suppress(FormatError, ConfigurationError):
        read_parts(Source(source.path, source.data), options)
    return time.process_time() - began


def fuzz(seed: int, count: int) -> Outcome:
    """What comes of so many inputs."""

    def hang(*_: object) -> None:
        raise HangError

    outcome = Outcome()
    previous = signal.signal(signal.SIGALRM, hang)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for number, (source, options) in enumerate(inputs(seed, count)):
                signal.alarm(HANG)
                try_input(source, options, outcome, measured=number % MEASURED == 0)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)
    return outcome


def main() -> int:
    """Prints the counts, and each kind of failure once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="a folder for inputs that failed")
    told = parser.parse_args()
    outcome = fuzz(told.seed, told.inputs)
    print(f"{told.inputs} inputs: {dict(outcome.counts)}")
    for number, (problem, how, data) in enumerate(outcome.failures):
        if number < 20:
            print(f"{problem}\n    {how}\n    {data[:120]!r}")
        if told.keep is not None:
            told.keep.mkdir(parents=True, exist_ok=True)
            (told.keep / f"{number}.bin").write_bytes(data)
    return bool(outcome.failures)


if __name__ == "__main__":
    sys.exit(main())
