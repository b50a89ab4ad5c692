"""That the benchmarks run, not how fast."""

import os
import subprocess
import sys
from pathlib import Path

from sigtdnn.corpus.folder import write_corpus

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


def test_a_verification_by_the_model_that_ships_is_timed():
    printed = bench("bench_verify.py", "--repeats", 1, "--signers", 1)
    assert printed.count("identification among 20 signers") == 2


def test_a_pair_is_compared():
    lines = bench("bench_pair.py", "--pairs", 2, "--repeats", 1).splitlines()
    for line, size in zip(lines, (14, 26, 38), strict=True):
        assert line.startswith(f"pair: 140 frames, {size} functions: ")
        assert line.endswith(" x")


def test_an_evaluation_is_timed(make_corpus, tmp_path):
    write_corpus(make_corpus(signers=2), tmp_path / "corpus")
    printed = bench("bench_evaluate.py", tmp_path / "corpus", "--protocol", "first5")
    assert printed.startswith("evaluate: default, protocol first5: ")


def test_identification_is_compared():
    printed = bench("bench_identify.py", "--signers", 120, "--repeats", 1)
    assert printed.startswith("among 120 signers: first ")
    assert "DTW on 5 references of each" in printed


def test_reading_is_compared_with_splitting():
    lines = bench("bench_read.py", "--files", 3, "--repeats", 1).splitlines()
    assert [line.split(":")[0] for line in lines] == ["svc2004", "susig"]
    assert all(" x splitting its bytes" in line for line in lines)
