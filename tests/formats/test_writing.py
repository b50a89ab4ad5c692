"""What is written is whole, is read again, and what is lost is said."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigtdnn.errors import ConfigurationError, FormatError
from sigtdnn.formats import read_signature, write_signatures
from sigtdnn.formats.writing import WRITTEN, encode, losses
from sigtdnn.signature import Device, Signature
from tests.artificial import loops
from tests.formats.drawn import signatures


def rich(samples=60, **device):
    """A signature with all that a format may lose."""
    i = np.arange(samples)
    stroke = np.where(i % 20 < 15, i // 20, -1)
    stroke[-5:] = samples // 20 - 1
    tilt = np.column_stack([np.full(samples, 1.23), np.linspace(0.5, 1.5, samples)])
    pressure = 0.25 + 0.5 * np.sin(i / 30) ** 2
    return Signature.from_strokes(
        i / 133, 100 * np.cos(i / 5), 70.25 * np.sin(i / 7), stroke, pressure, tilt=tilt,
        device=Device(**{"rate": 133.0, "units": 39.37, "levels": 2047} | device),
    )  # fmt: skip


def lost(format, *written):
    return losses(written, encode(written, format), format)


LOST = {
    "svc2004": [
        "samples in the air", "precision of times (0.0005 s)", "precision of pressure (0.0005)",
        "range of pressure (2047)", "precision of tilt (0.05 degrees)", "sampling rate",
        "units a millimetre",
    ],
    "wacom": [
        "precision of pressure (0.0002)", "precision of tilt (0.05 degrees)", "sampling rate",
        "units a millimetre",
    ],
    "iso19794": [
        "precision of times (2e-05 s)", "precision of coordinates (0.0002 of the extent)",
        "precision of pressure (0.0002)", "precision of tilt (0.05 degrees)", "sampling rate",
    ],
    "csv": ["range of pressure (2047)", "tilt", "sampling rate", "units a millimetre"],
    "signature_pad": ["samples in the air", "range of pressure (2047)", "sampling rate",
                      "units a millimetre"],
    "inkml": ["precision of pressure (0.0002)"],
    "unipen": ["precision of pressure (0.0002)", "tilt"],
}  # fmt: skip


@pytest.mark.parametrize("format", LOST)
def test_what_a_format_has_no_place_for_is_said(format):
    assert lost(format, rich()) == LOST[format]


def test_range_of_pressure_is_lost_where_the_largest_tells_another():
    i = np.arange(30)
    light = Signature.from_samples(
        i / 100, i, i * i % 7, i > -1, np.full(30, 400 / 2047), device=Device(levels=2047)
    )
    assert lost("unipen", light) == ["range of pressure (tell --pressure-range 2047 to read it)"]


def test_pressure_that_a_browser_reports_of_a_mouse_is_lost():
    i = np.arange(30)
    half = Signature.from_samples(i / 100, i, i * i % 7, i > -1, np.full(30, 0.5))
    assert lost("signature_pad", half) == ["pressure"]
    assert lost("svc2004", half) == ["precision of pressure (0.0005)"]


def test_nothing_is_lost_of_plain_strokes():
    for format in WRITTEN:
        i = np.arange(40)
        plain = Signature.from_strokes(i / 100, 10 * i, i * i % 97, i // 20)
        assert lost(format, plain) == []


def test_the_air_around_is_no_loss():
    assert loops(0).stroke[-1] == -1
    assert lost("inkml", loops(0)) == lost("csv", loops(0)) == []


def test_a_dot_is_lost_where_every_sample_has_its_pen_flag():
    i = np.arange(12)
    dotted = Signature.from_strokes(i / 100, i, i * i, np.clip(i - 8, 0, 2))
    assert lost("csv", dotted) == ["dots of one sample"]
    assert lost("inkml", dotted) == []


def test_what_is_lost_of_several_is_said_once():
    assert lost("unipen", rich(), rich(80)) == LOST["unipen"]


@given(st.sampled_from(WRITTEN), signatures(whole=False, units=(None, 10.0)))
def test_whatever_is_written_reads_again_and_what_is_lost_is_said(format, signature):
    assert all(isinstance(word, str) for word in lost(format, signature))


def test_a_file_is_written_and_an_older_one_replaced(tmp_path):
    path = tmp_path / "new" / "a.json"
    for seed in (0, 1):
        assert write_signatures(path, [loops(seed)], "signature_pad") == ["samples in the air"]
        found = read_signature(path)
        written = loops(seed).stroke >= 0
        np.testing.assert_allclose(found.x, loops(seed).x[written])
    assert [one.name for one in path.parent.iterdir()] == ["a.json"]


@pytest.mark.parametrize(
    ("format", "count", "message"),
    [
        ("susig", 1, "format 'susig' is read, not written; write one of svc2004, "),
        ("none", 1, "unknown format 'none'"),
        ("csv", 2, "format 'csv' holds one signature a file, not 2; write a file for each"),
    ],
)
def test_what_cannot_be_written_is_refused(tmp_path, format, count, message):
    with pytest.raises(ConfigurationError, match=message):
        write_signatures(tmp_path / "a", [loops(0)] * count, format)
    assert list(tmp_path.iterdir()) == []


def test_what_would_be_no_signature_any_more_is_not_written(tmp_path):
    i = np.arange(9)
    # All but two points are in the air.
    stroke = np.where(i % 8 == 0, i // 8, -1)
    with pytest.raises(FormatError, match="2 distinct points"):
        write_signatures(tmp_path / "a.txt", [Signature.from_strokes(i, i, i, stroke)], "svc2004")
    assert list(tmp_path.iterdir()) == []
