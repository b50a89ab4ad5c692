from pathlib import Path

import numpy as np
import pytest

from sigtdnn.corpus.identity import Identity
from sigtdnn.corpus.layouts import COLLECTIONS, is_stroke_name, known_identity
from sigtdnn.signature import Signature


def scribble(pressure):
    i = np.arange(9)
    return Signature.from_samples(i, i, i * i, i >= 0, i / 9 if pressure else None)


def genuine(collection, signer, session, number):
    name = f"{collection}/{signer}"
    return Identity(collection, name, name, "genuine", session, number)


def skilled(collection, signer, writer, number):
    by = f"{collection}/{writer}" if writer else ""
    return Identity(collection, f"{collection}/{signer}", by, "skilled", None, number)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("U7S1.TXT", genuine("svc2004-task2", "7", 1, 1)),
        ("u7s10.txt", genuine("svc2004-task2", "7", 1, 10)),
        ("U7S11.TXT", genuine("svc2004-task2", "7", 2, 11)),
        ("U40S20.TXT", genuine("svc2004-task2", "40", 2, 20)),
        ("U7S21.TXT", skilled("svc2004-task2", "7", "", 21)),
        ("USER5_40.txt", skilled("svc2004-sample", "5", "", 40)),
        ("USER5_2.txt", genuine("svc2004-sample", "5", 1, 2)),
        ("001_1_10.sig", genuine("susig-visual", "001", 1, 10)),
        ("001_2_1.sig", genuine("susig-visual", "001", 2, 11)),
        ("001_2_10.sig", genuine("susig-visual", "001", 2, 20)),
        ("005_f_3.sig", skilled("susig-visual", "005", "", 3)),
        ("NFI-00204002.hwr", genuine("sigcomp2009-nfi", "002", None, 4)),
        ("NFI-03512002.hwr", skilled("sigcomp2009-nfi", "002", "035", 12)),
        ("003_24.hwr", genuine("sigcomp2011-dutch", "003", None, 24)),
        ("003_190_04.hwr", skilled("sigcomp2011-dutch", "003", "190", 4)),
        ("0120003_04.HWR", skilled("sigcomp2011-dutch", "003", "0120", 4)),
        ("0120001_1.HWR", skilled("sigcomp2011-chinese", "001", "0120", 1)),
        ("001_1.HWR", genuine("sigcomp2011-chinese", "001", None, 1)),
        ("001_12.HWR", genuine("sigcomp2011-chinese", "001", None, 12)),
        ("Dutch/Online/001_12.HWR", genuine("sigcomp2011-dutch", "001", None, 12)),
        ("Chinese/Online/001_02.hwr", genuine("sigcomp2011-chinese", "001", None, 2)),
        ("NISDCC-001_002_003.hwr", skilled("sigcomp2009-nisdcc", "002", "001", 3)),
        ("NISDCC-004_004_002_6g.hwr", genuine("sigcomp2009-nisdcc", "004", None, 2)),
        ("U7S1.TXT.gz", genuine("svc2004-task2", "7", 1, 1)),
        ("set.zip/U7S1.TXT", genuine("svc2004-task2", "7", 1, 1)),
        ("u1001_g_0001.txt", genuine("deepsigndb", "1001", None, None)),
        ("u1001_s_u2_3.TXT", skilled("deepsigndb", "1001", "", None)),
    ],
)
def test_public_sets_are_known_by_their_file_names(name, expected):
    identity = known_identity(Path("any") / name, scribble(pressure=True))
    assert identity == expected
    assert identity.collection in COLLECTIONS
    assert is_stroke_name(Path(name))


def test_the_folders_of_deepsigndb_tell_people_of_one_number_apart():
    for folder in ("development-stylus", "evaluation-finger"):
        path = Path("DeepSignDB", *folder.title().split("-"), "u0001_g_0.txt")
        expected = genuine(f"deepsigndb-{folder}", "0001", None, None)
        assert known_identity(path, scribble(pressure=True)) == expected
        assert expected.collection in COLLECTIONS


def test_mcyt_as_text_says_what_is_genuine_and_else_nothing():
    expected = genuine("mcyt", "001", None, 3)
    assert known_identity(Path("001-g-03.tsv"), scribble(pressure=True)) == expected
    questioned = Identity("mcyt", "mcyt/001", number=45)
    assert known_identity(Path("001-45.txt"), scribble(pressure=True)) == questioned
    assert not is_stroke_name(Path("001-45.txt"))


def test_task_1_is_told_by_its_lack_of_pressure():
    identity = known_identity(Path("U7S1.TXT"), scribble(pressure=False))
    assert identity == genuine("svc2004-task1", "7", 1, 1)


@pytest.mark.parametrize(
    "name",
    [
        "U7S.TXT",
        "XU7S1.TXT",
        "U7S1.TXT.bak",
        "001_3_1.sig",
        "NFI-0020400.hwr",
        "a.csv",
        "001-45.csv",
        "u101_g_1.txt",
        "120001_1.HWR",
    ],
)
def test_other_names_are_unknown(name):
    assert known_identity(Path(name), scribble(pressure=True)) is None


@pytest.mark.parametrize(
    ("name", "says"), [("x.HWR", True), ("x.sig", True), ("x.svc", True), ("README.txt", False)]
)
def test_some_endings_say_that_a_file_holds_strokes(name, says):
    assert is_stroke_name(Path(name)) is says


def test_numbers_are_in_order_of_signing_only_where_that_is_known():
    ordered = {name for name, collection in COLLECTIONS.items() if collection.ordered}
    assert ordered == {"svc2004-task1", "svc2004-task2", "svc2004-sample", "susig-visual"}
