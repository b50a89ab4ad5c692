"""How many right signers the quick look of the elastic matcher loses among 10,000 artificial ones.

Each signer enrols with the genuines of a first session, and the first of a second session is
questioned. Two populations: all on one tablet, where no tablet tells its signers, and each on a
tablet of their own. The matcher is untrained: the quick look uses nothing that is learnt.
results/identification.json has of each

lost    the share of questioned signatures whose signer is not among so many that the quick look
        leaves, by that number
rank_1  the share, in a store of a few hundred, whose signer comes first, compared with `all` or
        with those whom the `quick look` leaves
"""

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import click
import numpy as np

from paper_repro.figures import write_results
from sigtdnn import parallel
from sigtdnn.arrays import Float32
from sigtdnn.matching.elastic import Elastic
from sigtdnn.matching.elastic.shortlist import (
    CANDIDATES,
    mean_shrunk,
    nearest,
    shrunk,
    shrunk_distances,
)
from sigtdnn.synthesis.population import generate_population
from sigtdnn.synthesis.tablet import NCR_5990, Tablet

TABLETS: Mapping[str, Tablet | None] = {"one tablet": NCR_5990, "own tablets": None}
REFERENCES = 4
SIGNERS = 10_000
SMALL = 200  # signers of the small store
ASKED = 2_000  # signers questioned
GROUP = 100  # signers made together; each group has a seed of its own
SEED = 1_000  # of the first group
LEFT = (10, 25, 50, 100, 200)

Signer = tuple[list[Float32], Float32]  # functions of time of the references, and of the questioned


def main(output: Path) -> None:
    """Measures, and writes the results into the folder."""
    populations = {}
    for name, tablet in TABLETS.items():
        populations[name] = {
            "lost": lost(tablet, SIGNERS, ASKED),
            "rank_1": rank_1(tablet, SMALL),
        }
        click.echo(f"measured: {name}", err=True)
    content = {
        "signers": SIGNERS,
        "asked": ASKED,
        "small": SMALL,
        "references": REFERENCES,
        "candidates": CANDIDATES,
        "populations": populations,
    }
    write_results(output / "identification.json", content)


def lost(tablet: Tablet | None, signers: int, asked: int) -> dict[str, float]:
    """The share of right signers lost, by how many are left, when so many signers are asked."""
    groups = parallel.map(partial(_shrunk_group, tablet), _sizes(signers), os.cpu_count() or 1)
    known, questioned = [], []
    for references, others in groups:
        known += [*references]
        questioned += [*others]
    chosen = np.linspace(0, len(known) - 1, asked).astype(np.intp)

    def rank(place: int) -> int:
        distances = shrunk_distances(questioned[place], known)
        return int((distances < distances[place]).sum())

    ranks = parallel.map(rank, chosen.tolist(), os.cpu_count() or 1, threads=True)
    found = np.fromiter(ranks, np.intp)
    return {str(left): float((found >= left).mean()) for left in LEFT}


def rank_1(tablet: Tablet | None, signers: int) -> dict[str, float]:
    """The share of so many signers who come first, with and without the quick look."""
    matcher = Elastic()
    people = [one for group in _sizes(signers) for one in _group(tablet, group)]
    templates = [matcher.enroll(references) for references, _ in people]
    known = [template.shrunk for template in templates]

    def first(place: int) -> tuple[bool, bool]:
        functions = people[place][1]
        raw = matcher.compare_each(templates, functions)
        left = nearest(shrunk(functions), known, CANDIDATES)
        return bool(raw.argmax() == place), bool(left[raw[left].argmax()] == place)

    ranks = parallel.map(first, range(signers), os.cpu_count() or 1, threads=True)
    every, some = np.mean(list(ranks), axis=0).tolist()
    return {"all": every, "quick look": some}


def _sizes(signers: int) -> list[tuple[int, int]]:
    """The seed and the size of each group of so many signers."""
    starts = range(0, signers, GROUP)
    return [(SEED + n, min(GROUP, signers - start)) for n, start in enumerate(starts)]


def _shrunk_group(tablet: Tablet | None, group: tuple[int, int]) -> tuple[Float32, Float32]:
    """The shrunk references (n, 24, k) and questioned signatures (n, 24, k) of a group."""
    people = _group(tablet, group)
    known = [mean_shrunk(references) for references, _ in people]
    return np.array(known), np.array([shrunk(functions) for _, functions in people])


def _group(tablet: Tablet | None, group: tuple[int, int]) -> list[Signer]:
    seed, size = group
    study = generate_population(size, seed, genuine=REFERENCES, forgers=0, tablet=tablet)
    signed: dict[str, list[Any]] = {}
    for recording in study.recordings:
        signed.setdefault(recording.signer, []).append(recording.signature)
    represented = (Elastic().represent(own[: REFERENCES + 1]) for own in signed.values())
    return [(functions[:REFERENCES], functions[REFERENCES]) for functions in represented]
