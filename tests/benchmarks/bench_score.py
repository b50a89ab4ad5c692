"""Where the time of `sigtdnn score` goes on a stream of recordings. Run by hand:

    PYTHONPATH=. python tests/benchmarks/bench_score.py MODEL

The command runs in this process, with a stopwatch around reading, preprocessing, network and
reason; its start-up is that of a process of its own with an empty stream. Times are of the
processor, so that a busy machine does not spoil them.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Any

from bench_verify import COMMAND, ROOT, children_time, signature, write

from cli.main import cli
from sigtdnn.networks import encoder
from sigtdnn.networks.encoder import Encoder
from sigtdnn.verification import scorer, verifier

POINTS = 200
REFERENCES = 6
QUESTIONED = 20  # of a signer


def trials(folder: Path, recordings: int) -> Path:
    """A stream of trials, some signers after one another."""
    lines = []
    for start in range(0, recordings, QUESTIONED):
        references = [
            str(write(folder / f"{start}-r{n}.csv", signature(start + n, POINTS)))
            for n in range(REFERENCES)
        ]
        for n in range(start, min(start + QUESTIONED, recordings)):
            questioned = write(folder / f"{n}.csv", signature(10_000 + n, POINTS))
            lines.append(json.dumps({"file": str(questioned), "references": references}))
    (folder / "trials.jsonl").write_text("\n".join(lines))
    return folder / "trials.jsonl"


def main() -> None:
    """Prints the share of each part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--recordings", type=int, default=1600)
    options = parser.parse_args()
    taken: dict[str, float] = {}

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        taken[name] = 0.0

        def run(*arguments: Any) -> Any:
            start = process_time()
            try:
                return function(*arguments)
            finally:
                taken[name] += process_time() - start

        return run

    read = timed("reading", scorer.read_signature)  # type: ignore[attr-defined]
    scorer.read_signature = verifier.read_signature = read  # type: ignore[attr-defined]
    encoder.preprocess_batch = timed(  # type: ignore[attr-defined]
        "preprocessing", encoder.preprocess_batch
    )
    Encoder.encode = timed("network", Encoder.encode)  # type: ignore[method-assign]
    verifier.traits_of = timed("reason", verifier.traits_of)  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stream = trials(folder, options.recordings)
        words = ["score", "--model", str(options.model.resolve()), "--json", "--trials"]
        start = process_time()
        with (folder / "out").open("w") as out, contextlib.redirect_stdout(out):
            try:
                cli([*words, str(stream)])
            except SystemExit as end:
                status = end.code
        whole = process_time() - start
        answers = len((folder / "out").read_text().splitlines())
        start = children_time()
        subprocess.run(
            [*COMMAND, *words, "-"],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            check=True,
        )
        taken["start-up"] = children_time() - start
    taken["rest"] = whole - sum(taken.values()) + taken["start-up"]
    whole += taken["start-up"]
    shares = ", ".join(f"{part} {time / whole:.0%}" for part, time in taken.items())
    print(f"score: {answers} recordings in {whole:.1f} s, status {status}: {shares}")


if __name__ == "__main__":
    sys.exit(main())
