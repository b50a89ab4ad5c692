"""That the benchmarks run, not how fast."""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def bench(script, *words):
    found = subprocess.run(
        [sys.executable, str(HERE / script), *map(str, words)],
        env=os.environ | {"PYTHONPATH": str(HERE.parent.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    return found.stdout


def test_verification_is_compared(model_file):
    printed = bench("bench_verify.py", model_file("run"), "--repeats", 1, "--signers", 2)
    assert [line.split()[0] for line in printed.splitlines()] == [
        "cold:",
        "warm,",
        "warm,",
        "stored:",
    ]
    assert printed.count("identification among 10000 signers") == 2
    assert "template 80 bytes, habits 130" in printed


def test_the_shares_of_scoring_are_told(model_file):
    printed = bench("bench_score.py", model_file("run"), "--recordings", 3)
    assert printed.startswith("score: 3 recordings in ")
    assert "status 2" not in printed
    for part in ("reading", "preprocessing", "network", "start-up"):
        assert f"{part} " in printed
