"""What verification costs, beside what a user would pick instead. Run by hand:

    PYTHONPATH=. python tests/benchmarks/bench_verify.py [MODEL]

The model is a file, a run folder or one that ships; `default` unless named.

Signatures are artificial; the times do not depend on who wrote them. An exact DTW by
dtaidistance (C, one thread, six functions of time, given ready) on five references is the
other side (of the extra `test`), for verification and, a signer, for identification among
10,000, or among 20 where a representation is no vector. All times are medians, taken in turns;
those of one process are of the processor, so that a busy machine does not spoil them. A verifier
remembers templates that it has unpacked: the times are of a service that knows its signers.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import numpy as np

from sigtdnn import Signature, SignerRecord, Verifier
from sigtdnn.store.sqlite import open_store

ROOT = Path(__file__).parent.parent.parent
POINTS = (200, 560)  # 560: the median of NFI at its native rate
REFERENCES = 5
SIGNERS = 10_000  # to identify among
FEW_SIGNERS = 20  # where each is compared by itself
WARM = 20  # repetitions of one in a turn, so that the caches are its own
FUNCTIONS = 6  # of time, that DTW compares
COMMAND = [sys.executable, "-c", "from cli.main import cli; cli()"]


def signature(seed: int, points: int) -> Signature:
    """The same loops every time, less some noise, at 200 points a second."""
    rng = np.random.default_rng(seed)
    s = np.linspace(0, 1.5, points)
    shake = np.cumsum(rng.normal(size=(2, points)), axis=1) * 0.02 * (150 / points) ** 0.5
    x, y = np.cos(9 * s) + 2 * s + shake[0], np.sin(13 * s) + shake[1]
    return Signature.from_samples(np.arange(points) / 200, x, y, s % 0.5 < 0.4)


def write(path: Path, of: Signature) -> Path:
    """The signature as CSV."""
    rows = zip(of.t, of.x, of.y, of.pen, strict=True)
    lines = (f"{t:.4f},{x:.5f},{y:.5f},{pen:d}" for t, x, y, pen in rows)
    path.write_text("\n".join(["t,x,y,pen", *lines]))
    return path


def in_turns(
    actions: Sequence[Callable[[], object]],
    repeats: int,
    clock: Callable[[], float],
    number: int = 1,
) -> list[float]:
    """Median seconds of each of the actions, by a clock; done so many times in one turn."""
    times: list[list[float]] = [[] for _ in actions]
    for _ in range(repeats):
        for action, taken in zip(actions, times, strict=True):
            start = clock()
            for _ in range(number):
                action()
            taken.append((clock() - start) / number)
    return [median(taken) for taken in times]


def cold(model: str, folder: Path, repeats: int) -> None:
    """The whole processes of `sigtdnn verify`, and of its help, against that of `import numpy`."""
    files = [write(folder / f"{n}.csv", signature(n, 200)) for n in range(7)]
    store = ["--model", model, "--store", str(folder / "cold.db")]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}

    def process(words: list[str]) -> Callable[[], None]:
        def run() -> None:
            done = subprocess.run(words, env=environment, capture_output=True, text=True)
            if done.returncode > 1:  # 1: rejected
                raise RuntimeError(done.stderr)

        return run

    process([*COMMAND, "enroll", "anna", *map(str, files[:6]), *store])()
    verify = [*COMMAND, "verify", "anna", str(files[6]), *store]
    shown = [*COMMAND, "verify", "-h"]
    actions = [process([sys.executable, "-c", "import numpy"]), process(verify), process(shown)]
    numpy, ours, help_ = in_turns(actions, repeats, perf_counter)
    busy = in_turns(actions, repeats, children_time)
    print(
        f"cold: import numpy {numpy:.3f} s, sigtdnn verify {ours:.3f} s, {ours / numpy:.2f} x, its "
        f"help {help_:.3f} s, {help_ / numpy:.2f} x; of the processor {busy[0]:.3f} s, "
        f"{busy[1]:.3f} s and {busy[2]:.3f} s, {busy[1] / busy[0]:.2f} x and "
        f"{busy[2] / busy[0]:.2f} x"
    )


def children_time() -> float:
    """Seconds of the processor that ended children have taken."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def many_records(verifier: Verifier) -> dict[str, SignerRecord]:
    """Records of invented signers, by name; five random vectors make a template."""
    shape = np.shape(verifier.model.represent([signature(0, POINTS[0])])[0])
    count = SIGNERS if len(shape) == 1 else FEW_SIGNERS
    rng = np.random.default_rng(1)
    references = rng.normal(size=(count, REFERENCES, *shape)).astype(np.float32)
    return {
        f"signer {n}": SignerRecord.imported(verifier.template(five))
        for n, five in enumerate(references)
    }


def warm(verifier: Verifier, known: dict[str, SignerRecord], points: int, repeats: int) -> None:
    """One signature, features included, with one signer and with many; and DTW with five others."""
    from dtaidistance import dtw_ndim

    record = verifier.reference([signature(n, points) for n in range(REFERENCES)])
    questioned = signature(9, points)
    rng = np.random.default_rng(0)
    functions = [rng.normal(size=(points, FUNCTIONS)) for _ in range(REFERENCES + 1)]

    def verification() -> None:
        verifier.score(record, questioned)

    def dtw() -> None:
        for reference in functions[1:]:
            dtw_ndim.distance_fast(functions[0], reference)

    def identification() -> None:
        verifier.identify(questioned, known)

    identification()  # unpacks the templates
    one, five, many = in_turns([verification, dtw, identification], repeats, process_time, WARM)
    each = many / len(known)
    print(
        f"warm, {points} points: verification {1e6 * one:.0f} us, DTW on {REFERENCES} references "
        f"{1e6 * five:.0f} us, {five / one:.1f} x; identification among {len(known)} signers "
        f"{1e6 * each:.2f} us a signer, {five / each:.0f} x"
    )


def stored(verifier: Verifier, folder: Path, signers: int) -> None:
    """Bytes a signer, here and where references are kept."""
    path = folder / "many.db"
    with open_store(path, "create") as store:
        for n in range(signers):
            record, _ = verifier.enroll([signature(6 * n + m, 200) for m in range(6)])
            with store.changing():
                store.put(f"signer {n}", record)
    template, habits = len(record.template or b""), len(record.habits or b"")
    print(
        f"stored: template {template} bytes, habits {habits}, file "
        f"{path.stat().st_size / signers:.0f} a signer of {signers}; {REFERENCES} references of "
        f"200 x {FUNCTIONS} float32 {REFERENCES * 200 * FUNCTIONS * 4}"
    )


def main() -> None:
    """Prints all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", nargs="?", default="default")
    parser.add_argument("--repeats", type=int, default=21)
    parser.add_argument("--signers", type=int, default=200)
    options = parser.parse_args()
    verifier = Verifier.load(options.model)
    with tempfile.TemporaryDirectory() as folder:
        cold(options.model, Path(folder), options.repeats)
        known = many_records(verifier)
        for points in POINTS:
            warm(verifier, known, points, options.repeats)
        stored(verifier, Path(folder), options.signers)


if __name__ == "__main__":
    main()
