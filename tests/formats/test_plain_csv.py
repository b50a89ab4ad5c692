import numpy as np
import pytest
from hypothesis import given

from sigtdnn.formats.plain_csv import write
from sigtdnn.signature import Signature
from tests.formats.drawn import again, signatures


def test_without_pressure_no_column_is_written():
    signature = Signature.from_samples([0, 0.01, 0.02], [0, 1.5, 2], [0, 1, 0], [1, 1, 0])
    assert write(signature) == b"t,x,y,pen\n0.0,0,0,1\n0.01,1.5,1,1\n0.02,2,0,1\n"


@pytest.mark.parametrize("pen", [[1, 1, 0, 1], [1, 1, 0, 0], [1, 1, 1, 1], [1, 0, 1, 0]])
def test_strokes_read_back_equal_whatever_the_end(pen):
    i = np.arange(4)
    signature = Signature.from_samples(i / 100, i, i * i, pen)
    (found,) = again("csv", signature)
    last = signature.stroke >= 0
    np.testing.assert_array_equal(found.stroke, signature.stroke[last])


def test_a_dot_is_followed_by_its_lift():
    signature = Signature.from_strokes([0, 1, 2, 3, 5], range(5), [0, 1, 4, 9, 4], [0, 0, 1, 2, 2])
    assert [line.split(b",")[0] for line in write(signature).split()[1:]] == [
        b"0.0", b"1.0", b"2.0", b"2.5", b"3.0", b"5.0",
    ]  # fmt: skip
    (found,) = again("csv", signature)
    assert found.stroke.tolist() == [0, 0, 1, 1, 2, 2]


@given(signatures())
def test_what_is_written_reads_back_equal(signature):
    (found,) = again("csv", signature)
    own = np.isin(found.t, signature.t)
    assert found.t[own].tolist() == signature.t.tolist()
    assert found.x[own].tolist() == signature.x.tolist()
    assert found.stroke[own].tolist() == signature.stroke.tolist()
    if signature.pressure is not None:
        assert found.pressure[own].tolist() == signature.pressure.tolist()
