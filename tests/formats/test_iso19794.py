"""The record of ISO/IEC 19794-7, beside a second implementation."""

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigtdnn.errors import FormatError, UnsupportedLayoutError
from sigtdnn.formats import iso_record, read_signature
from sigtdnn.formats.iso19794 import read, write
from sigtdnn.formats.iso_record import CHANNELS, SIGNED, Record, nearest_scaling, pack, unpack
from sigtdnn.formats.options import NOTHING_TOLD, ReadingOptions
from sigtdnn.formats.source import UNNAMED, Source
from sigtdnn.signature import Device, Signature
from tests.formats.drawn import signatures
from tests.formats.iso19794_second import decode, encode

# X and Y at 82 units a millimetre, T in milliseconds, S; three points.
BY_HAND = bytes.fromhex(
    "53444900 20313000"  # SDI, version 10
    "C120"  # X, Y, T, S
    "80 B240  80 B240"  # scaling: exponent 22 - 16, mantissa 576 / 2048
    "80 CFA0  00"  # scaling: exponent 25 - 16, mantissa 1952 / 2048
    "00 00 000003"
    "8000 8001 0000 01"
    "800A 7FFF 000A 01"
    "8014 8000 0014 00"
)


def source(data):
    return Source(UNNAMED, data)


def test_a_record_written_out_by_hand():
    signature = read(source(BY_HAND), NOTHING_TOLD)
    assert signature.x.tolist() == [0, 10, 20]
    assert signature.y.tolist() == [1, -1, 0]
    np.testing.assert_allclose(signature.t, [0, 0.01, 0.02])
    assert signature.pen.tolist() == [True, True, True]
    assert signature.device == Device(units=(1 + 576 / 2048) * 64)
    assert signature.pressure is signature.tilt is None


def channel_values(name):
    low, high = (-32768, 32767) if name in SIGNED else (0, 255 if name == "S" else 65535)
    return st.integers(low, high)


@st.composite
def records(draw):
    names = ["X", "Y", *draw(st.lists(st.sampled_from(CHANNELS[2:]), unique=True))]
    channels = {}
    for name in names:
        bounds = {
            field: draw(channel_values("Z" if field == "std" or name == "S" else name))
            for field in draw(st.sets(st.sampled_from(("min", "max", "mean", "std"))))
        }
        mantissa = draw(st.none() | st.integers(0, 2047))
        if mantissa is not None:
            bounds["scaling"] = (1 + mantissa / 2048) * 2.0 ** draw(st.integers(-16, 15))
        bounds["constant"] = name not in "XY" and draw(st.booleans())
        bounds["linear"] = draw(st.booleans())
        channels[name] = bounds
    stored = [name for name in names if not channels[name]["constant"]]
    point = st.fixed_dictionaries({name: channel_values(name) for name in stored})
    return channels, draw(st.lists(point, min_size=1, max_size=5)), draw(st.binary(max_size=9))


@given(records())
def test_every_record_is_read_as_the_second_implementation_writes_it(drawn):
    channels, points, extended = drawn
    record = unpack(source(encode(channels, points, extended)))
    assert record.extended == extended
    assert set(record.descriptions) == set(channels)
    for name, told in channels.items():
        about = record.descriptions[name]
        assert about.scaling == told.get("scaling")
        assert (about.minimum, about.maximum) == (told.get("min"), told.get("max"))
        assert (about.mean, about.deviation) == (told.get("mean"), told.get("std"))
        assert (about.constant, about.detrended) == (told["constant"], told["linear"])
        wanted = [point.get(name, 1) for point in points]
        assert record.points[name].tolist() == wanted


@given(records())
def test_a_record_is_packed_as_it_was(drawn):
    data = encode(*drawn)
    assert pack(unpack(source(data))) == data


def test_a_file_beyond_the_largest_is_refused(monkeypatch):
    monkeypatch.setattr(iso_record, "MAX_BYTES", len(BY_HAND) - 1)
    with pytest.raises(FormatError, match="over 0 MiB; give the strokes of one signature"):
        read(source(BY_HAND), NOTHING_TOLD)


@given(signatures())
def test_what_is_written_is_read_by_the_second_implementation(signature):
    channels, points = decode(write(signature))
    assert {"X", "Y", "T", "S"} <= set(channels)
    assert ("F" in channels) == (signature.pressure is not None)
    assert ("Az" in channels) == ("El" in channels) == (signature.tilt is not None)
    assert sum(point["S"] for point in points) >= signature.pen[:-1].sum()
    x = [point["X"] for point in points]
    assert (channels["X"]["min"], channels["X"]["max"]) == (min(x), max(x))
    if signature.pressure is not None:
        assert channels["F"]["max"] == signature.device.levels


def again(signature):
    return read(source(write(signature)), NOTHING_TOLD)


@given(signatures())
def test_whole_numbers_survive_as_they_are(signature):
    found = again(signature)
    assert found.strokes == signature.strokes
    inside = np.isin(found.t.round(6), signature.t.round(6))
    lifts = np.count_nonzero(~inside)
    assert len(found) == len(signature) + lifts
    np.testing.assert_array_equal(found.x[inside], signature.x)
    np.testing.assert_array_equal(found.y[inside], signature.y)
    np.testing.assert_allclose(found.t[inside], signature.t, atol=1e-9)
    if signature.pressure is None:
        assert found.pressure is None
    else:
        np.testing.assert_allclose(found.pressure[inside], signature.pressure, atol=1e-12)
        assert found.device.levels == signature.device.levels
    if signature.tilt is None:
        assert found.tilt is None
    else:
        np.testing.assert_allclose(found.tilt[inside], signature.tilt, atol=1e-9)
    if not lifts:
        np.testing.assert_array_equal(found.stroke, signature.stroke)


@given(signatures(whole=False, units=(None, 1.0, 100.0)))
def test_fractions_survive_to_the_step_of_the_record(signature):
    channels, _ = decode(write(signature))
    found = again(signature)
    assert found.strokes == signature.strokes
    step = 1 / channels["T"]["scaling"]
    assert step <= max(2 * signature.duration / 65534, 1 / 2**15) or step == 1e-3
    inside = np.array([np.abs(found.t - t).argmin() for t in signature.t])
    np.testing.assert_allclose(found.t[inside], signature.t, atol=step)
    for name in ("x", "y"):
        was, now = getattr(signature, name), getattr(found, name)[inside]
        factor = np.ptp(now) / np.ptp(was)
        power = 2.0 ** np.round(np.log2(factor))
        # One step for rounding and one for the origin.
        np.testing.assert_allclose(now - now[0], (was - was[0]) * power, atol=1.01)
    if signature.device.units is not None:
        assert found.device.units == pytest.approx(signature.device.units * power, rel=1 / 2048)
        assert found.device.units <= 1000


def test_a_dot_stays_a_stroke_of_its_own():
    t = np.arange(8) / 100
    stroke = [0, 0, 0, -1, 1, 2, 2, 2]
    signature = Signature.from_strokes(t, np.arange(8), np.arange(8) ** 2, stroke)
    found = again(signature)
    assert found.stroke.tolist() == [0, 0, 0, -1, 1, 1, 2, 2, 2]
    assert found.x[4:6].tolist() == [4, 4]
    assert found.t[5] == pytest.approx(0.045)


@pytest.mark.parametrize("far", [40_000, 2.0**40])
def test_coordinates_beyond_two_bytes_are_shifted_and_then_divided(far):
    t = np.arange(5) / 100
    x = far + np.array([0, 1000, 2000, 3000, 4000])
    found = again(Signature.from_samples(t, x, np.arange(5) ** 2, np.ones(5)))
    np.testing.assert_array_equal(found.x - found.x[0], x - x[0])
    wide = Signature.from_samples(t, x * 1000, np.arange(5) ** 2, np.ones(5))
    np.testing.assert_allclose(np.diff(again(wide).x), np.full(4, 1e6 / 64), atol=1)


def signed(**channels):
    """A record with X, Y and three points, and these channels beside: (attributes, numbers)."""
    told = {"X": ({}, [0, 5, 9]), "Y": ({}, [0, 1, 4])} | channels
    points = [{name: numbers[i] for name, (_, numbers) in told.items()} for i in range(3)]
    return {name: attributes for name, (attributes, _) in told.items()}, points


MS = ({"scaling": 1000.0}, [0, 10, 20])


def read_record(channels, points, options=NOTHING_TOLD, **how):
    return read(source(encode(channels, points, **how)), options)


def test_a_constant_interval_is_the_rate():
    channels, points = signed(DT=({"scaling": 200.0, "constant": True}, [1, 1, 1]))
    found = read_record(channels, points)
    np.testing.assert_allclose(found.t, [0, 0.005, 0.01])
    assert found.device.rate == 200


def test_intervals_add_up():
    found = read_record(*signed(DT=({"scaling": 1000.0}, [7, 10, 30])))
    np.testing.assert_allclose(found.t, [0, 0.01, 0.04])
    assert found.device.rate is None


def test_a_counter_that_starts_anew_goes_on():
    found = read_record(*signed(T=({"scaling": 1000.0}, [65_530, 4, 14])))
    np.testing.assert_allclose(found.t, [0, 0.01, 0.02])


def test_without_time_a_rate_is_asked_for():
    with pytest.raises(FormatError, match=r"neither channel T nor DT; .* \(--rate\)"):
        read_record(*signed())
    found = read_record(*signed(), ReadingOptions(rate=50))
    np.testing.assert_allclose(found.t, [0, 0.02, 0.04])


def test_the_force_tells_the_pen_where_no_switch_does():
    found = read_record(*signed(T=MS, F=({"max": 100}, [50, 100, 0])))
    assert found.stroke.tolist() == [0, 0, 0]
    assert found.pressure.tolist() == [0.5, 1, 0]
    assert found.device.levels == 100
    assert read_record(*signed(T=MS)).strokes == 1


def test_the_range_of_the_force_is_told_stated_or_the_next_above():
    force = [50, 300, 100]
    assert read_record(*signed(T=MS, F=({}, force))).device.levels == 511
    assert read_record(*signed(T=MS, F=({"min": 10, "max": 410}, force))).pressure[0] == 0.1
    told = ReadingOptions(pressure_range=1000)
    assert read_record(*signed(T=MS, F=({"max": 600}, force)), told).pressure[1] == 0.3
    with pytest.raises(FormatError, match=r"pressure is 50..300, 0..200 is wanted; .*-range"):
        read_record(*signed(T=MS, F=({"max": 200}, force)))


def test_angles_are_degrees_over_their_scaling_value():
    az, el = ({"scaling": 10.0}, [900, 1800, 2700]), ({"scaling": 10.0}, [450, 600, 900])
    tilt = np.degrees(read_record(*signed(T=MS, Az=az, El=el)).tilt)
    np.testing.assert_allclose(tilt, [[90, 45], [180, 60], [270, 90]])
    lean = read_record(*signed(T=MS, TX=({}, [45, 0, -45]), TY=({}, [0, 30, 0])))
    np.testing.assert_allclose(np.degrees(lean.tilt), [[90, 45], [0, 60], [270, 45]], atol=1e-9)
    flat = read_record(*signed(T=MS, TX=({}, [90, 0, 0]), TY=({}, [0, 0, 0])))
    assert flat.tilt is None


def test_an_unlike_scaling_of_y_is_evened_out():
    channels, points = signed(T=MS)
    channels["X"]["scaling"], channels["Y"]["scaling"] = 100.0, 50.0
    found = read_record(channels, points)
    assert found.y.tolist() == [0, 2, 8]
    assert found.device.units == 100


def test_units_by_the_metre_are_left_open():
    channels, points = signed(T=MS)
    channels["X"]["scaling"] = channels["Y"]["scaling"] = 20_000.0
    assert read_record(channels, points).device.units is None


@pytest.mark.parametrize("how", [{"wide": True}, {"constants": True}])
def test_other_ways_to_store_the_points_are_told_by_the_length(how):
    channels, points = signed(
        DT=({"scaling": 100.0, "constant": True}, [1, 1, 1]), S=({}, [1, 1, 0])
    )
    found = read_record(channels, points, **how)
    assert found.x.tolist() == [0, 5, 9]
    assert found.strokes == 1


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"SDI\0", "version ''"),
        (b"SDI\0 20\0" + BY_HAND[8:], "version '20'"),
        (BY_HAND[:12], "header of the record is incomplete"),
        (BY_HAND[:22], "header of the record is incomplete"),
        (BY_HAND[:-1], "states 3 points, 20 bytes follow"),
        (BY_HAND + b"\0", "states 3 points, 22 bytes follow"),
        (b"SDI\0 10\0" + bytes(6) + b"\1", "no channel X"),
        (b"SDI\0 10\0" + bytes(7), "the record has no points"),
        (b"SDI\1" + BY_HAND[4:], "no record of ISO/IEC 19794-7"),
    ],
)
def test_what_is_wrong_is_named(data, message):
    with pytest.raises(FormatError, match=message):
        read(source(data), NOTHING_TOLD)


def test_a_removed_linear_component_cannot_be_put_back():
    channels, points = signed(T=MS)
    channels["Y"]["linear"] = True
    with pytest.raises(UnsupportedLayoutError, match="linear component of channel Y"):
        read_record(channels, points)


def test_no_points_are_an_error():
    channels, _ = signed(T=MS)
    with pytest.raises(FormatError):
        read_record(channels, [])


def test_a_record_of_constants_only_takes_no_memory():
    channels = {name: {"constant": name != "S"} for name in CHANNELS}
    data = encode(channels, [{"S": 1}] * 1000)
    record = unpack(source(data))
    assert isinstance(record, Record)
    assert sum(values.base is None for values in record.points.values()) == 1


@given(st.floats(2.0**-16, 2.0**15.9))
def test_a_scaling_value_is_the_next_below(wanted):
    found = nearest_scaling(wanted)
    assert wanted * (1 - 1 / 2048) < found <= wanted


@given(st.data())
def test_a_damaged_record_is_read_or_refused(data):
    whole = write(data.draw(signatures()))
    damaged = bytearray(whole)
    for place, byte in data.draw(
        st.lists(st.tuples(st.integers(8, len(whole) - 1), st.integers(0, 255)), max_size=6)
    ):
        damaged[place] = byte
    cut = damaged[: data.draw(st.integers(8, len(damaged)))]
    for content in (bytes(damaged), bytes(cut)):
        with suppress(FormatError):
            assert len(read(source(content), NOTHING_TOLD)) > 0


def test_a_record_is_recognised(tmp_path):
    t = np.arange(60) / 100
    signature = Signature.from_samples(t, 900 * np.sin(9 * t), 900 * np.cos(8 * t), t < 0.5)
    path = tmp_path / "signature.iso"
    path.write_bytes(write(signature))
    assert len(read_signature(path)) == 51
