from collections import Counter
from dataclasses import replace

import numpy as np

from sigtdnn.synthesis.population import generate_population
from sigtdnn.synthesis.tablet import NCR_5990


def by_file(study):
    return {one.file: one.signature for one in study.recordings}


def test_everybody_signs_and_forges_as_often_as_asked():
    population = generate_population(3, genuine=2, forgers=2, attempts=4)
    counts = Counter((r.signer, r.writer, r.kind, r.session) for r in population.recordings)
    expected = {}
    for signer in (f"artificial-population-0/S000{i}" for i in (1, 2, 3)):
        expected |= {(signer, signer, "genuine", session): 2 for session in (1, 2)}
        expected |= {(signer, f"{signer}-F{k}", "skilled", 1): 4 for k in (1, 2)}
    assert counts == expected
    assert len(by_file(population)) == len(population.recordings)


def test_genuines_are_numbered_through_the_sessions():
    population = generate_population(1, genuine=3, forgers=0)
    assert [(one.session, one.number) for one in population.recordings] == [
        (1, 1), (1, 2), (1, 3), (2, 4), (2, 5), (2, 6),
    ]  # fmt: skip


def test_nobodys_signatures_depend_on_how_many_people_there_are():
    """Not those of the signers on the number of signers, nor of the forgers on their number."""
    few = by_file(generate_population(1, genuine=2, forgers=1, attempts=2))
    many = by_file(generate_population(3, genuine=2, forgers=3, attempts=2))
    assert few.keys() < many.keys()
    for file, signature in few.items():
        np.testing.assert_array_equal(signature.x, many[file].x)
        np.testing.assert_array_equal(signature.t, many[file].t)


def test_another_seed_gives_other_people():
    one, other = (generate_population(1, seed, genuine=1, forgers=1) for seed in (0, 1))
    assert {r.signer for r in one.recordings}.isdisjoint(r.signer for r in other.recordings)
    assert not np.array_equal(one.recordings[0].signature.x, other.recordings[0].signature.x)


def test_whoever_signs_or_forges_one_name_uses_one_tablet():
    population = generate_population(12, genuine=1, forgers=1, attempts=1)
    tablets = {}
    for one in population.recordings:
        rate = round(1 / np.diff(one.signature.t).min())
        tablets.setdefault(one.signer, set()).add((rate, one.signature.pressure is None))
    assert {len(of_one) for of_one in tablets.values()} == {1}
    assert len(set().union(*tablets.values())) > 8
    assert {without for of_one in tablets.values() for _, without in of_one} == {False, True}


def test_all_may_use_the_same_tablet():
    slow = replace(NCR_5990, rate=50.0)
    population = generate_population(3, genuine=1, forgers=1, attempts=1, tablet=slow)
    for one in population.recordings:
        np.testing.assert_allclose(np.diff(one.signature.t), 1 / 50)


def test_progress_counts_signers():
    seen = []
    generate_population(2, genuine=1, forgers=0, progress=lambda *counts: seen.append(counts))
    assert seen == [(1, 2), (2, 2)]
