"""What reading a stroke file costs, beside splitting its bytes, once. Run by hand:

    PYTHONPATH=. python tests/benchmarks/bench_read.py

Artificial recordings as files of SVC2004, 200 rows of seven columns, and of SUSIG, from the bytes
to a Signature. Beside it: the fields split by Python, which every text reader would have to do,
and the same rows parsed by `numpy.loadtxt`. Medians of the processor, taken in turns.
"""

import argparse
from pathlib import Path
from time import process_time

import numpy as np
from bench_verify import in_turns

from sigtdnn.formats import read_parts, susig, svc2004
from sigtdnn.formats.options import NOTHING_TOLD
from sigtdnn.formats.source import Source

ROWS = 200


def files(count: int) -> dict[str, list[Source]]:
    """Stroke files of one format each, all unlike."""
    made: dict[str, list[Source]] = {"svc2004": [], "susig": []}
    for seed in range(count):
        rng = np.random.default_rng(seed)
        i = np.arange(ROWS)
        x, y = np.cumsum(rng.integers(-60, 80, (2, ROWS)), axis=1) + 4000
        t, first, force = 26_000_000 + 10 * i, i % 50 == 0, rng.integers(1, 1023, ROWS)
        task = np.column_stack([x, y, t, ~first, 0 * i + 1510, 0 * i + 600, force])
        made["svc2004"].append(_file("U1S1.TXT", [str(ROWS)], task, "\r\n"))
        visual = np.column_stack([x, y, 10 * i, force // 4, i % 50 == 49])
        names = ["X, Y, TStamp, Pres., EndPts", f"DataSize: {ROWS}"]
        made["susig"].append(_file("001_1_1.sig", names, visual, "\n"))
    return made


def _file(name: str, headers: list[str], rows: np.ndarray, end: str) -> Source:
    lines = [*headers, *(" ".join(map(str, row)) for row in rows.tolist())]
    return Source(Path(name), (end.join(lines) + end).encode())


def compared(name: str, sources: list[Source], repeats: int) -> None:
    """Prints what a file of a format takes."""
    reader, headers = {"svc2004": (svc2004, 1), "susig": (susig, 2)}[name]

    def split() -> None:
        for source in sources:
            source.data.split()

    def loadtxt() -> None:
        for source in sources:
            np.loadtxt(source.data.decode().splitlines()[headers:])

    def read() -> None:
        for source in sources:
            reader.read(Source(source.path, source.data), NOTHING_TOLD)

    def whole() -> None:
        for source in sources:
            read_parts(Source(source.path, source.data))

    taken = in_turns([split, loadtxt, read, whole], repeats, process_time)
    a, b, c, d = (one / len(sources) for one in taken)
    print(
        f"{name}: {1e6 * c:.0f} us a file, {c / a:.1f} x splitting its bytes, {c / b:.2f} x "
        f"numpy.loadtxt; recognised and checked {1e6 * d:.0f} us, {d / a:.1f} x"
    )


def main() -> None:
    """Prints all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=15)
    options = parser.parse_args()
    for name, sources in files(options.files).items():
        compared(name, sources, options.repeats)


if __name__ == "__main__":
    main()
