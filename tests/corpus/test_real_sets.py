"""The real sets, where they are at hand: every file is read, and counts are as documented."""

import pytest

from sigtdnn.corpus.build import build_corpus

SETS = {
    # folder: recordings, signers, genuine, skilled, rejected, skipped, recordings repaired
    "svc2004/Task1": (1600, 40, 800, 800, 0, 0, 405),
    "svc2004/Task2": (1600, 40, 800, 800, 0, 0, 441),
    "svc2004/sample": (200, 5, 100, 100, 0, 1, 43),
    "susig/VisualSubCorpus": (3014, 104, 1976, 1038, 3, 3, 155),
    "sigcomp2009-nfi": (1552, 79, 932, 620, 0, 0, 0),
    "sigcomp2011-dutch-sample": (139, 4, 96, 43, 0, 0, 0),
}


@pytest.fixture(scope="module")
def built(datasets):
    return {name: build_corpus([datasets / name], duplicates="first") for name in SETS}


@pytest.mark.parametrize("name", SETS)
def test_every_file_is_accounted_for(built, name):
    build = built[name]
    recordings = build.corpus.recordings
    counts = (
        len(recordings),
        recordings["signer"].nunique(),
        (recordings["kind"] == "genuine").sum(),
        (recordings["kind"] == "skilled").sum(),
        len(build.rejected),
        len(build.skipped),
        (recordings["repaired"] > 0).sum(),
    )
    assert counts == SETS[name]
    assert len(build.corpus.collections) == 1


def test_susig_rejects_only_broken_clocks_and_skips_only_copies(built):
    build = built["susig/VisualSubCorpus"]
    assert all("time stamps repeat or run backward" in error for _, error in build.rejected)
    assert [name for name, _ in build.skipped] == [
        "FORGERY/084_f_7.sig",
        "FORGERY/114_f_4.sig",
        "GENUINE/SESSION1/113_1_10.sig",
    ]
    single = build.corpus.recordings["strokes"] == 1
    assert 660 - len(build.skipped) - len(build.rejected) <= single.sum() <= 660


def test_nfi_has_the_documented_forgers(built):
    recordings = built["sigcomp2009-nfi"].corpus.recordings
    forgeries = recordings[recordings["kind"] == "skilled"]
    assert forgeries["signer"].nunique() == 19
    assert forgeries["writer"].nunique() == 33
    assert len(set(forgeries["writer"]) & set(recordings["signer"])) == 28
    # All points but the 786 lost samples.
    assert recordings["points"].sum() == 1_529_925


@pytest.mark.parametrize(("name", "marked"), [("svc2004/Task1", 8883), ("svc2004/Task2", 9073)])
def test_svc2004_has_at_least_the_strokes_that_button_0_marks(built, name, marked):
    recordings = built[name].corpus.recordings
    assert marked <= recordings["strokes"].sum() <= 1.01 * marked
