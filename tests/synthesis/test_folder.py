import csv

import numpy as np
import pytest

from sigtdnn.corpus.build import build_corpus
from sigtdnn.formats import read_signature
from sigtdnn.signature import Signature
from sigtdnn.synthesis.folder import stroke_file, write_study
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


def test_without_pressure_there_is_no_column():
    signature = Signature.from_samples([0, 0.01, 0.02], [0, 1.5, 2], [0, 1, 0], [1, 1, 0])
    assert stroke_file(signature) == "t,x,y,pen\n0.0,0,0,1\n0.01,1.5,1,1\n0.02,2,0,1\n"


@pytest.mark.parametrize("pen", [[1, 1, 0, 1], [1, 1, 0, 0], [1, 1, 1, 1], [1, 0, 1, 0]])
def test_strokes_read_back_equal_whatever_the_end(tmp_path, pen):
    i = np.arange(4)
    signature = Signature.from_samples(i / 100, i, i * i, pen)
    (tmp_path / "a.csv").write_text(stroke_file(signature))
    again = read_signature(tmp_path / "a.csv")
    last = signature.stroke >= 0
    np.testing.assert_array_equal(again.stroke, signature.stroke[last])


def test_an_interrupted_writing_leaves_nothing(few, tmp_path):
    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_study(few, tmp_path / "out", progress=stop)
    assert list(tmp_path.iterdir()) == []
