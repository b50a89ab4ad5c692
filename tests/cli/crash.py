"""Runs commands in eight processes on one store, and kills them at random.

    python tests/cli/crash.py FOLDER MODEL STORE KILLS SEED

FOLDER holds the signatures g0.csv ... g9.csv. What the commands print is appended to
FOLDER/log: a line there was printed after its change was made. Each process enrols signers of
its own in two steps, deletes some, and verifies and updates `shared`.
"""

import os
import random
import signal
import sys
import time
from itertools import count

# Here, so that a process need not import them anew.
from cli import enroll, signers, verify  # noqa: F401
from cli.main import cli

PROCESSES = 8
# From one kill to the next: bytes that are printed meanwhile, so that a slow machine gets as
# far as a fast one, and then seconds, so that any moment of a command may be hit.
MOST_PRINTED = 3000
LONGEST_WAIT = 0.05


def main(folder: str, model: str, store: str, kills: str, seed: str) -> None:
    """Kills so many times; the processes that are left are killed at the end, too."""
    rng = random.Random(int(seed))
    open(f"{folder}/log", "w").close()
    numbers = count()
    alive = [fork(next(numbers), folder, model, store) for _ in range(PROCESSES)]
    for _ in range(int(kills)):
        wanted = os.path.getsize(f"{folder}/log") + rng.randrange(MOST_PRINTED)
        while os.path.getsize(f"{folder}/log") < wanted:
            time.sleep(0.001)
        time.sleep(rng.uniform(0, LONGEST_WAIT))
        place = rng.randrange(PROCESSES)
        end(alive[place])
        alive[place] = fork(next(numbers), folder, model, store)
    for process in alive:
        end(process)


def end(process: int) -> None:
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)


def fork(number: int, folder: str, model: str, store: str) -> int:
    """A process that works until it is killed."""
    process = os.fork()
    if process == 0:
        log = os.open(f"{folder}/log", os.O_WRONLY | os.O_APPEND)
        os.dup2(log, 1)
        os.dup2(log, 2)
        work(number, [f"{folder}/g{n}.csv" for n in range(10)], model, store)
    return process


def work(number: int, files: list[str], model: str, store: str) -> None:
    where, rng = ["--store", store, "--json"], random.Random(number)
    for turn in count():
        signer = f"signer {number}-{turn}"
        with_model = ["--model", model, *where]
        start(["enroll", signer, *files[:3], *with_model], signer)
        start(["enroll", signer, *files[3:6], *with_model], signer)
        start(["verify", signer, files[6], *with_model, "--threshold", "0"], signer)
        other = f"{store}-{number}.csv"
        slant(files[7], other, rng.uniform(-0.2, 0.2))
        start(["verify", "shared", other, *with_model, "--update", "--threshold", "0"], signer)
        if turn % 3 == 2:
            start(["signers", "delete", signer, *where], signer)


def slant(file: str, slanted: str, by: float) -> None:
    """Another signature, since none is learnt from twice."""
    with open(file) as given, open(slanted, "w") as made:
        made.write(next(given))
        for line in given:
            t, x, y, *rest = line.split(",")
            made.write(",".join((t, str(float(x) + by * float(y)), y, *rest)))


def start(words: list[str], signer: str) -> None:
    """Runs a command; says so if it fails."""
    try:
        cli(words)
    except SystemExit as end:
        if end.code != 0:
            print(f"FAILED with {end.code}: {signer}, {words}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
