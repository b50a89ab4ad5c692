import importlib.util
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

from sigtdnn.corpus.cleaning import clean
from sigtdnn.preprocessing import preprocess
from sigtdnn.synthesis import study as module
from sigtdnn.synthesis.study import generate_study

DATA = Path(__file__).parent / "data"
KINDS = ("genuine", "skilled")


def load_script(name):
    spec = importlib.util.spec_from_file_location(name, DATA / f"{name}.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


def by_signer(study, kind):
    groups = {}
    for one in study.recordings:
        if one.kind == kind:
            groups.setdefault(one.signer, []).append(one)
    return groups


def test_the_study_equals_the_stored_values(study):
    golden = json.loads((DATA / "golden.json").read_text(encoding="utf-8"))
    digest = load_script("make_golden").digest(study)
    assert len(digest) == len(golden)
    for row, stored in zip(digest, golden, strict=True):
        assert row.keys() == stored.keys()
        for key, value in stored.items():
            if isinstance(value, list):
                np.testing.assert_allclose(row[key], value, rtol=1e-6, atol=1e-12)
            else:
                assert row[key] == value


def test_another_seed_gives_other_signatures(small_study):
    one, same, other = (generate_study(seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(one.recordings[5].signature.x, same.recordings[5].signature.x)
    assert len(one.recordings[0].signature) != len(other.recordings[0].signature)


def test_progress_counts_people(small_study):
    seen = []
    generate_study(0, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(i, 12) for i in range(1, 13)]


def test_people_are_those_of_the_paper(study):
    genuine, skilled = by_signer(study, "genuine"), by_signer(study, "skilled")
    assert len(genuine) == 145
    forgers = Counter(len({one.writer for one in own}) for own in skilled.values())
    assert forgers == {1: 46, 2: 14}
    assert len({one.writer for own in skilled.values() for one in own}) == 74
    assert 2800 <= len(study.recordings) <= 3300


def test_everybody_gives_10_to_20_but_for_the_few_who_left_early(study):
    counts = Counter(one.writer for one in study.recordings)
    few = [count for count in counts.values() if count < 6]
    assert len(few) == module.LEFT_EARLY
    assert all(3 <= count <= 20 for count in counts.values())
    assert sum(10 <= count <= 20 for count in counts.values()) == 219 - module.LEFT_EARLY


def test_names_are_global_and_files_unique(study):
    assert len({one.file for one in study.recordings}) == len(study.recordings)
    assert all(one.signer.startswith("synthetic-study/S") for one in study.recordings)
    for one in study.recordings:
        assert (one.writer == one.signer) == (one.kind == "genuine")


def test_people_of_another_seed_have_other_names(small_study):
    names = [{one.writer for one in generate_study(seed).recordings} for seed in (0, 1)]
    assert not names[0] & names[1]


def test_genuines_are_numbered_through_two_sessions(study):
    own = by_signer(study, "genuine")["synthetic-study/S001"]
    assert [one.number for one in own] == list(range(1, len(own) + 1))
    sessions = [one.session for one in own]
    assert sessions == sorted(sessions)
    assert set(sessions) == {1, 2}


def test_the_cleaning_rules_find_something_and_leave_most(study):
    rows = [(r.signer, r.kind, r.session, r.number, r.signature.strokes) for r in study.recordings]
    columns = ["signer", "kind", "session", "number", "strokes"]
    taken = clean(pd.DataFrame(rows, columns=columns)).taken
    genuine, skilled = (sum(r.kind == kind for r in study.recordings) for kind in KINDS)
    assert 0.05 < taken["strokes of genuines"] / genuine < 0.3
    assert 0.05 < taken["strokes of forgeries"] / skilled < 0.4
    assert 0 < taken["signatures a signer"] < 0.1 * genuine


def test_forgeries_are_slower_and_weaker(study):
    slower, weaker = [], []
    genuine = by_signer(study, "genuine")
    for signer, own in by_signer(study, "skilled").items():
        for ratios, value in (
            (slower, lambda one: one.signature.duration),
            (weaker, lambda one: one.signature.pressure[one.signature.pen].mean()),
        ):
            forged, true = (np.mean([value(o) for o in some]) for some in (own, genuine[signer]))
            ratios.append(forged / true)
    assert 1.3 < np.median(slower) < 2.3
    assert 0.65 < np.median(weaker) < 0.95


def test_genuines_are_nearer_to_one_another_than_to_forgeries_and_to_others(study):
    genuine, skilled = by_signer(study, "genuine"), by_signer(study, "skilled")
    signers = list(skilled)

    def place(one):
        return preprocess(one.signature)[1:3].ravel()

    own, forged, strange = [], [], []
    for signer, other in zip(signers, signers[1:] + signers[:1], strict=True):
        references = np.array([place(one) for one in genuine[signer][:5]])
        for distances, some in (
            (own, genuine[signer][5:]), (forged, skilled[signer]), (strange, genuine[other]),
        ):  # fmt: skip
            apart = [np.linalg.norm(references - place(one), axis=1).min() for one in some]
            distances.append(np.median(apart))
    # Without warping time, some good forgeries are as near as genuines: the study is hard.
    assert np.mean(np.array(own) < np.array(forged)) > 0.7
    assert np.mean(np.array(forged) < np.array(strange)) > 0.85
