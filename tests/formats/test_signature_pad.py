"""Invented strokes in the forms that web pages give them."""

import json
import re

import numpy as np
import pytest
from hypothesis import given

from sigtdnn.errors import FormatError, NotStrokesError
from sigtdnn.formats import ReadingOptions, read_signature
from tests.formats.drawn import again, check_equal, on_surface, signatures
from tests.tools import read_unchecked

EPOCH = 1_700_000_000_000
FIRST = [(10, 20, 0), (14, 28, 10), (19, 31, 22)]
DOT = [(60, 5, 200)]


def point(x, y, ms, **more):
    return {"x": x, "y": y, "time": EPOCH + ms, **more}


def pad(*strokes, **more):
    return [{"penColor": "black", "points": [point(*one, **more) for one in s]} for s in strokes]


@pytest.fixture
def load(tmp_path):
    def load(content, **told):
        path = tmp_path / "a.json"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return read_unchecked(path, ReadingOptions(**told))

    return load


def test_strokes_of_points_are_read_with_y_flipped_and_time_in_seconds(load):
    signature = load(pad(FIRST, DOT, [(70, 9, 400), (71, 8, 410)]))
    np.testing.assert_allclose(signature.t, [0, 0.01, 0.022, 0.2, 0.4, 0.41])
    assert signature.x.tolist() == [10, 14, 19, 60, 70, 71]
    assert signature.y.tolist() == [-20, -28, -31, -5, -9, -8]
    assert signature.stroke.tolist() == [0, 0, 0, 1, 2, 2]
    assert signature.pressure is None
    assert signature.device.levels is None


FORMS = {
    "points alone": [[point(*one) for one in FIRST]],
    "columns": [
        {"x": [10, 14, 19], "y": [20, 28, 31], "t": [0, 10, 22]},
    ],
    "one object of columns": {"x": [10, 14, 19], "y": [20, 28, 31], "t": [0, 10, 22]},
    "one stroke": pad(FIRST)[0],
    "one list of points": [point(*one) for one in FIRST],
    "wrapped": {"name": "anna", "size": [300, 150], "strokes": pad(FIRST)},
    "other names": [[{"X": x, "Y": y, "timestamp": t, "colour": None} for x, y, t in FIRST]],
    "an empty stroke": [{"points": []}, *pad(FIRST)],
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same(load, form):
    signature = load(FORMS[form])
    np.testing.assert_allclose(signature.t, [0, 0.01, 0.022])
    assert signature.x.tolist() == [10, 14, 19]
    assert signature.y.tolist() == [-20, -28, -31]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_recognised(form, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(json.dumps(FORMS[form]))
    with pytest.raises(FormatError) as caught:
        read_signature(path)
    assert "22 s at" in str(caught.value)


@pytest.mark.parametrize(
    ("reported", "read"),
    [
        ([0, 0, 0], None),
        ([0.5, 0.5, 0.5], None),
        ([0.5, 0.5, 0], None),
        ([0.5, 0.25, 0], [0.5, 0.25, 0]),
        ([100, 300, 400], np.divide([100, 300, 400], 511)),
    ],
)
def test_pressure_that_is_none_is_none(load, reported, read):
    points = [point(*one, pressure=p) for one, p in zip(FIRST, reported, strict=True)]
    pressure = load([{"points": points}]).pressure
    assert (None if pressure is None else pressure.tolist()) == (
        None if read is None else list(read)
    )


def test_the_range_of_pressure_is_told(load):
    signature = load(pad(FIRST, pressure=300), pressure_range=600)
    assert signature.pressure.tolist() == [0.5] * 3
    assert signature.device.levels == 600


def test_a_rate_takes_the_place_of_a_missing_time(load):
    points = [{"x": x, "y": y} for x, y, _ in FIRST]
    with pytest.raises(FormatError, match=r"the points have no time; say .*--rate"):
        load([points])
    assert load([points], rate=50).t.tolist() == [0, 0.02, 0.04]


def test_angles_of_pointer_events_are_the_tilt(load):
    # Leaning to the right: azimuth a quarter turn from where y grows.
    right = load(pad(FIRST, azimuthAngle=0, altitudeAngle=np.pi / 3))
    also = load(pad(FIRST, tiltX=30, tiltY=0))
    np.testing.assert_allclose(right.tilt, [[np.pi / 2, np.pi / 3]] * 3)
    np.testing.assert_allclose(also.tilt, right.tilt)
    # Leaning towards the signer, down the screen.
    np.testing.assert_allclose(load(pad(FIRST, tiltX=0, tiltY=20)).tilt[0, 0], np.pi)
    np.testing.assert_allclose(
        load(pad(FIRST, azimuthAngle=np.pi / 2, altitudeAngle=1)).tilt[0], [np.pi, 1]
    )
    assert load(pad(FIRST, azimuthAngle=0, altitudeAngle=0)).tilt is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b'[{"points": [{"x": 1, "y": 2]', "line 1: is no JSON"),
        (b'[\n{"x": 1,\n"y": }]', "line 3: is no JSON"),
        (b'[{"x": 1, "y": "\xff"}]', "not UTF-8"),
        (b'{"x": ' + b"[" * 100_000, "JSON in too many levels"),
        (b'[[{"x": NaN, "y": 1, "t": 1}]]', "point 1 of stroke 1: x is nan, not a number"),
        (b'[[{"x": 1e999, "y": 1, "t": 1}]]', "x is inf, not a number"),
        (b'[[{"x": ' + b"9" * 9999 + b', "y": 1, "t": 1}]]', "x is inf, not a number"),
        ([[{"x": "a" * 99, "y": 1}]], "x is 'aaaaaaaaaaaaaaaaaaaa', not a number"),
        ([[{"x": True, "y": 1}]], "x is True, not a number"),
        ([[{"x": [1], "y": 1}]], "x is a list, not a number"),
        ([[point(1, 2, 3), {"x": 1}]], "point 2 of stroke 1: (y|time) is missing here or before"),
        ([[{"y": 1}, {"x": 1}]], "point 1 of stroke 1: .* is missing|y"),
        ([[point(1, 2, 3), point(1, 2, 3, pressure=1)]], "point 2 of stroke 1: pressure is"),
        ([[point(1, 2, 3)], [{"x": 1, "y": 2}]], "stroke 2: no time, which other strokes have"),
        ([{"x": [1, 2], "y": [1]}], "stroke 1: no columns x and y as long as all others"),
        ([[[1, 2, 3], [4, 5, 6]]], "points without names"),
        ([{"points": 5}], "stroke 1: no list of points"),
        ([[point(1, 2, 3), "x"]], "point 2 of stroke 1: 'x' is no point"),
        ({"a": pad(FIRST), "b": pad(FIRST)}, "JSON with 2 lists of strokes"),
        ({"x": 1, "y": 2}, "JSON with 0 lists of strokes"),
        ("x", "JSON with no list of strokes"),
        ([], "no points"),
        ([{"points": []}], "no points"),
        (pad(FIRST, pressure=-1), r"pressure is -1, 0\.\."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_where(load, content, message):
    with pytest.raises(FormatError, match=message):
        load(content, format="signature_pad")


def test_a_file_of_too_many_points_is_refused(load, monkeypatch):
    monkeypatch.setattr("sigtdnn.formats.stroke_json.MAX_LINES", 3)
    with pytest.raises(FormatError, match="over 3 points"):
        load(pad(FIRST))


@pytest.mark.parametrize("content", ['{"name": "anna"}', "[1, 2]", '"x"', "{}"])
def test_other_json_is_no_stroke_file(tmp_path, content):
    (tmp_path / "a.json").write_text(content)
    with pytest.raises(NotStrokesError):
        read_signature(tmp_path / "a.json")


@given(signatures(units=(None, 100.0, 39.37)))
def test_what_is_written_reads_back_equal_but_for_the_air(signature):
    (found,) = again("signature_pad", signature)
    check_equal(found, on_surface(signature), "device")


def test_files_of_the_library_itself(datasets, load):
    folder = datasets / "formats" / "signature_pad"
    face, square = (load(typescript(folder / name)) for name in ("face.ts", "square.ts"))
    assert (len(face), face.strokes) == (18, 3)
    assert face.stroke[:3].tolist() == [0, 1, 2]
    np.testing.assert_allclose(face.t[:4], [0, 0.666, 1.339, 1.548])
    assert face.x[:4].tolist() == [125, 175, 83, 85]
    assert face.y[:4].tolist() == [-54, -54, -57, -63]
    assert face.pressure is None
    assert (len(square), square.strokes) == (25, 1)
    np.testing.assert_allclose(square.t[:3], [0, 0.285, 0.370])
    assert square.y[:3].tolist() == [-27, -37, -42]


def typescript(path):
    """The JSON of the value in a TypeScript file."""
    value = path.read_text().split("[] = ")[1].strip().rstrip(";")
    value = re.sub(r"(\w+):", r'"\1":', value).replace("'", '"')
    return re.sub(r",(\s*[\]}])", r"\1", value).encode()
