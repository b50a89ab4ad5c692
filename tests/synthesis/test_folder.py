import csv

import numpy as np
import pytest

from sigtdnn.corpus.build import build_corpus
from sigtdnn.formats import read_signature
from sigtdnn.synthesis.folder import write_study
from sigtdnn.synthesis.study import Study


@pytest.fixture
def few(study):
    return Study(study.collection, study.recordings[:3] + study.recordings[-2:])


def test_every_number_reads_back_equal(few, tmp_path):
    write_study(few, tmp_path / "out")
    for one in few.recordings:
        signature = read_signature(tmp_path / "out" / one.file)
        for name in ("t", "x", "y", "pen", "pressure"):
            np.testing.assert_array_equal(
                getattr(signature, name), getattr(one.signature, name), strict=True
            )


def test_preprocess_knows_who_signed(few, tmp_path):
    write_study(few, tmp_path / "out")
    recordings = build_corpus([tmp_path / "out"]).corpus.recordings.set_index("file")
    for one in few.recordings:
        row = recordings.loc[one.file]
        assert tuple(row[["signer", "writer", "kind", "session", "number"]]) == (
            one.signer, one.writer, one.kind, one.session, one.number,
        )  # fmt: skip
        assert row["collection"] == "synthetic-study"


def test_recordings_csv_has_local_names(few, tmp_path):
    write_study(few, tmp_path / "out")
    with (tmp_path / "out" / "recordings.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0] == {
        "file": "S001-01.csv", "collection": "synthetic-study", "signer": "S001",
        "writer": "S001", "kind": "genuine", "session": "1", "number": "1",
    }  # fmt: skip


def test_an_interrupted_writing_leaves_nothing(few, tmp_path):
    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_study(few, tmp_path / "out", progress=stop)
    assert list(tmp_path.iterdir()) == []
