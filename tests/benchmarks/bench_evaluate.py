"""How long `sigtdnn evaluate` takes. Run by hand, on a corpus made by `sigtdnn preprocess`:

    PYTHONPATH=. python tests/benchmarks/bench_evaluate.py CORPUS [MODEL] [--protocol svc2004]

The command runs in a process of its own, start-up, compiler and report included. The time of the
processor is told beside the time that passed: distances are computed by all processors.
"""

import argparse
import os
import subprocess
import tempfile
from time import perf_counter

from bench_verify import COMMAND, ROOT, children_time


def main() -> None:
    """Prints the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus")
    parser.add_argument("model", nargs="?", default="default")
    parser.add_argument("--protocol", default="svc2004")
    options = parser.parse_args()
    told = ["--corpus", options.corpus, "--protocol", options.protocol]
    with tempfile.TemporaryDirectory() as folder:
        start, busy = perf_counter(), children_time()
        subprocess.run(
            [*COMMAND, "evaluate", options.model, *told, "-o", folder],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            check=True,
        )
        passed, used = perf_counter() - start, children_time() - busy
    print(
        f"evaluate: {options.model}, protocol {options.protocol}: {passed:.1f} s, of the "
        f"processors {used:.1f} s"
    )


if __name__ == "__main__":
    main()
