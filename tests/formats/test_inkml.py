"""Invented traces, in the ways that InkML tells them."""

import numpy as np
import pytest
from hypothesis import given

from sigtdnn.errors import FormatError
from sigtdnn.formats import ReadingOptions, read_signature
from tests.formats.drawn import again, check_equal, signatures
from tests.tools import read_unchecked

XYT = '<traceFormat><channel name="X"/><channel name="Y"/><channel name="T"/></traceFormat>'
FIRST = "<trace>10 20 0, 14 28 10, 19 31 22</trace>"


def channels(*told):
    return f"<traceFormat>{''.join(f'<channel {one}/>' for one in told)}</traceFormat>"


@pytest.fixture
def ink(tmp_path):
    """ink(content, ...): the signature in a file with this content below <ink>."""

    def ink(*content, **told):
        path = tmp_path / "a.inkml"
        path.write_text("\n".join(["<ink>", *content, "</ink>"]))
        return read_unchecked(path, ReadingOptions(**told))

    return ink


@pytest.fixture
def bare(tmp_path):
    """bare(bytes): the signature in a file of these bytes."""

    def bare(data, **told):
        path = tmp_path / "a.inkml"
        path.write_bytes(data)
        return read_unchecked(path, ReadingOptions(format="inkml", **told))

    return bare


def test_traces_are_strokes_with_y_flipped_and_time_in_seconds(ink):
    signature = ink(XYT, FIRST, "<trace>30 9 50</trace>", "<trace>40 5 90, 41 6 100</trace>")
    np.testing.assert_allclose(signature.t, [0, 0.01, 0.022, 0.05, 0.09, 0.1])
    assert signature.x.tolist() == [10, 14, 19, 30, 40, 41]
    assert signature.y.tolist() == [-20, -28, -31, -9, -5, -6]
    assert signature.stroke.tolist() == [0, 0, 0, 1, 2, 2]


def test_traces_in_the_air_lift_the_pen(ink):
    air = '<trace type="penUp">22 33 30, 26 33 40</trace>'
    signature = ink(XYT, FIRST, air, "<trace>40 5 90, 41 6 100</trace>")
    assert signature.stroke.tolist() == [0, 0, 0, 0, -1, 1, 1]


@pytest.mark.parametrize(
    "text",
    [
        "1125 18432,1148 18475,1178 18510,1211 18540,1251 18564",
        # The example of the recommendation.
        "1125 18432,'23'43,\"7\"-8,3-5,7 -6",
        "1125 18432, '23 '43, '30'35,33 30,40 24",
        "!1125!18432,!1148!18475,\"30\"35,'33'30,'40'24".replace('"30"35', "'30'35"),
        "#465 #4800, 1148 18475, +1178 1.8510e4, 1211. 18540.0, 1251 18564",
        "\n 1125\t18432 ,\n1148 18475,1178 18510,1211 18540,1251 18564\n",
    ],
)
def test_values_are_told_in_many_ways(ink, text):
    signature = ink(f"<trace>{text}</trace>", rate=100)
    assert signature.x.tolist() == [1125, 1148, 1178, 1211, 1251]
    assert (-signature.y).tolist() == [18432, 18475, 18510, 18540, 18564]


def test_a_star_leaves_a_value_and_a_question_mark_leaves_it_unknown(ink):
    told = channels('name="X"', 'name="Y"', 'name="F" max="100"', 'name="OA"')
    signature = ink(told, "<trace>1 1 50 ?,2 * * ?,4 8 100 ?,'3 9 * 5</trace>", rate=100)
    assert signature.x.tolist() == [1, 2, 4, 7]
    assert (-signature.y).tolist() == [1, 1, 8, 9]
    assert signature.pressure.tolist() == [0.5, 0.5, 1, 1]
    assert signature.tilt is None


def test_channels_may_be_boolean_or_left_out(ink):
    told = (
        '<traceFormat><channel name="Y"/><channel name="S" type="boolean"/><channel name="X"/>'
        '<intermittentChannels><channel name="B1" type="boolean" default="F"/>'
        "</intermittentChannels></traceFormat>"
    )
    signature = ink(told, "<trace>1T1,2T4F,5T9,6F9T,7F8,8 T5,9*6</trace>", rate=100)
    assert signature.x.tolist() == [1, 4, 9, 9, 8, 5, 6]
    assert signature.stroke.tolist() == [0, 0, 0, 0, -1, 1, 1]


CONTEXTS = """
<definitions>
  <context xml:id="a"><inkSource xml:id="tablet">
    <traceFormat xml:id="f"><channel name="X"/><channel name="Y"/><channel name="T"/></traceFormat>
    <sampleRate value="100"/>
    <channelProperties>
      <channelProperty channel="X" name="resolution" value="1000" units="1/cm"/>
      <channelProperty channel="Y" name="resolution" value="1000" units="1/cm"/>
    </channelProperties>
  </inkSource></context>
  <context xml:id="b" contextRef="#a"/>
  <context xml:id="c"><traceFormat><channel name="T" units="s"/><channel name="Y" units="mm"/>
    <channel name="X" units="mm"/></traceFormat></context>
  <context xml:id="d" traceFormatRef="#f" inkSourceRef="#tablet"/>
  <context xml:id="loop" contextRef="#loop"/>
  <context xml:id="none"><inkSource><channelProperties>
    <channelProperty channel="X" name="resolution" value="0" units="1/cm"/>
    <channelProperty channel="X" name="quantization" value="1" units="1/cm"/>
  </channelProperties></inkSource></context>
</definitions>
"""


@pytest.mark.parametrize("context", ["#a", "#b", "#d", "a"])
def test_contexts_tell_channels_units_and_rate(ink, context):
    signature = ink(CONTEXTS, f'<trace contextRef="{context}">1 1 0, 2 4 10, 3 9 20</trace>')
    np.testing.assert_allclose(signature.t, [0, 0.01, 0.02])
    assert signature.device.units == pytest.approx(100)
    assert signature.device.rate == 100


def test_every_trace_has_its_context_and_all_the_units_of_the_first(ink):
    signature = ink(
        CONTEXTS,
        '<traceGroup contextRef="#a"><trace>100 200 0, 200 400 10</trace>',
        '<traceGroup><trace contextRef="#c">0.03 7 3, 0.04 8 4</trace></traceGroup></traceGroup>',
    )
    np.testing.assert_allclose(signature.t, [0, 0.01, 0.03, 0.04])
    np.testing.assert_allclose(signature.x, [100, 200, 300, 400])
    np.testing.assert_allclose(signature.y, [-200, -400, -700, -800])


def test_the_context_last_before_a_trace_is_its_own(ink):
    turned = channels('name="T"', 'name="Y"', 'name="X"')
    signature = ink(XYT, FIRST, turned, "<trace>40 6 50, 50 7 60</trace>")
    assert signature.x.tolist() == [10, 14, 19, 50, 60]
    np.testing.assert_allclose(signature.t, [0, 0.01, 0.022, 0.04, 0.05])


@pytest.mark.parametrize("context", ["#loop", "#none"])
def test_a_context_that_tells_nothing_leaves_x_and_y(ink, context):
    signature = ink(CONTEXTS, f'<trace contextRef="{context}">1 1, 2 4, 3 9</trace>', rate=50)
    np.testing.assert_allclose(signature.t, [0, 0.02, 0.04])
    assert signature.device.units is None


def test_a_resolution_of_0_is_none(ink):
    told = CONTEXTS.replace(
        '<context xml:id="none"><inkSource>',
        '<context xml:id="none"><inkSource><traceFormat><channel name="X"/><channel name="Y"/>'
        "</traceFormat>",
    )
    signature = ink(told, '<trace contextRef="#none">1 1, 2 4, 3 9</trace>', rate=50)
    assert signature.device.units is None


@pytest.mark.parametrize("prefix", ["", "inkml:", "a-b.c:"])
def test_namespaces_do_not_count(bare, prefix):
    lines = [f"<{prefix}ink xmlns:{prefix.rstrip(':') or 'x'}='http://www.w3.org/2003/InkML'>",
             XYT.replace("<", f"<{prefix}").replace(f"<{prefix}/", f"</{prefix}"),
             f"<{prefix}trace>1 1 0, 2 4 10, 3 9 20</{prefix}trace></{prefix}ink>"]  # fmt: skip
    assert bare("\n".join(lines).encode()).x.tolist() == [1, 2, 3]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_other_encodings_are_read(tmp_path, encoding):
    name = encoding.removesuffix("-sig")
    points = ", ".join(f"{10 * i % 70} {i * i % 31} {10 * i}" for i in range(40))
    head = f'<?xml version="1.0" encoding="{name}"?><!-- Füße -->'
    text = f"{head}<ink>{XYT}<trace>{points}</trace></ink>"
    (tmp_path / "a.xml").write_bytes(text.encode(encoding))
    assert len(read_signature(tmp_path / "a.xml")) == 40


def test_the_time_of_a_trace_may_count_from_its_beginning(ink):
    second = '<trace timeOffset="500">40 5 0, 41 6 10</trace>'
    np.testing.assert_allclose(ink(XYT, FIRST, second).t, [0, 0.01, 0.022, 0.5, 0.51])
    stamped = XYT.replace('"T"', '"T" respectTo="#ts"')
    signature = ink(stamped, FIRST, '<trace timeOffset="90">40 5 90, 41 6 100</trace>')
    np.testing.assert_allclose(signature.t, [0, 0.01, 0.022, 0.09, 0.1])


def test_without_times_points_come_at_the_rate_of_the_source(ink):
    told = (
        '<context><inkSource><sampleRate value="50"/></inkSource><traceFormat><channel name="X"/>'
        '<channel name="Y"/></traceFormat></context>'
    )
    np.testing.assert_allclose(ink(told, "<trace>1 1, 2 4, 3 9</trace>").t, [0, 0.02, 0.04])
    with pytest.raises(FormatError, match=r"without a time \(channel T\); .*--rate"):
        ink("<trace>1 1, 2 4, 3 9</trace>")


def test_the_unit_of_time_is_told(ink):
    np.testing.assert_allclose(ink(XYT, FIRST, time_unit="us").t, [0, 1e-5, 2.2e-5])


def test_a_trace_continues_another(ink):
    middle = '<trace continuation="middle">22 30 30</trace>'
    end = '<trace continuation="end">24 30 40, 25 31 50</trace>'
    begin = FIRST.replace("<trace>", '<trace continuation="begin">')
    assert ink(XYT, begin, middle, end).stroke.tolist() == [0] * 6


@pytest.mark.parametrize(
    ("told", "values", "pressure", "levels"),
    [
        ('max="200"', [50, 100, 200], [0.25, 0.5, 1], 200),
        ('min="100" max="300"', [100, 200, 300], [0, 0.5, 1], 200),
        ('max="1"', [0.25, 0.5, 1], [0.25, 0.5, 1], None),
        ("", [0.25, 0.5, 0.75], [0.25, 0.5, 0.75], None),
        ("", [0, 500, 1000], [0, 500 / 1023, 1000 / 1023], 1023),
        ('max="wide"', [0, 0, 0], None, None),
    ],
)
def test_pressure_has_the_range_of_its_channel(ink, told, values, pressure, levels):
    points = ", ".join(f"{i} {i * i} {v}" for i, v in enumerate(values))
    format = channels('name="X"', 'name="Y"', f'name="F" {told}')
    signature = ink(format, f"<trace>{points}</trace>", rate=100)
    if pressure is None:
        assert signature.pressure is None
    else:
        np.testing.assert_allclose(signature.pressure, pressure)
    assert signature.device.levels == levels


def test_traces_in_the_air_need_no_pressure(ink):
    xyf = channels('name="X"', 'name="Y"', 'name="F" max="10"')
    xy = channels('name="X"', 'name="Y"')
    air = '<trace type="penUp">5 5, 6 7</trace>'
    signature = ink(
        xyf, "<trace>1 1 5, 2 4 5</trace>", xy, air, xyf, "<trace>9 9 5</trace>", rate=9
    )
    assert signature.pressure.tolist() == [0.5, 0.5, 0, 0, 0.5]
    with pytest.raises(FormatError, match="some points on the surface have no pressure"):
        ink(xyf, "<trace>1 1 5, 2 4 ?, 3 9 5</trace>", rate=100)


@pytest.mark.parametrize(
    ("names", "angles", "tilt"),
    [
        (("OA", "OE"), "90 60", [90, 60]),
        (("OTx", "OTy"), "30 0", [90, 60]),
        (("OTx", "OTy"), "0 30", [180, 60]),
        (("OA", "OE"), "0 0", None),
        (("OTx", "OTy"), "90 0", None),
    ],
)
def test_angles_are_the_tilt(ink, names, angles, tilt):
    format = channels('name="X"', 'name="Y"', *(f'name="{name}" units="deg"' for name in names))
    points = ", ".join(f"{i} {i * i} {angles}" for i in range(3))
    signature = ink(format, f"<trace>{points}</trace>", rate=100)
    if tilt is None:
        assert signature.tilt is None
    else:
        np.testing.assert_allclose(signature.tilt, np.radians([tilt] * 3))


def test_angles_have_units(ink):
    format = channels('name="X"', 'name="Y"', 'name="OA" units="rad"', 'name="OE" units="rad"')
    signature = ink(format, "<trace>1 1 1.5 1, 2 4 1.5 1, 3 9 1.5 1</trace>", rate=100)
    np.testing.assert_allclose(signature.tilt, [[1.5, 1]] * 3)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("<trace>T, F</trace>", "line 2: point 1 of the trace has 1 values, the trace format 2"),
        ("<trace>1 2, 3 4 5</trace>", "point 2 of the trace has 3 values, the trace format 2"),
        ("<trace>1 2,, 3 4</trace>", "point 2 of the trace has 0 values"),
        ("<trace>1 2, 3 four</trace>", "point 2 of the trace has 'four', no value"),
        ("<trace>1 2, 3 1e400</trace>", "has a value over 9.0072e"),
        ("<trace>1 2, 3 nan</trace>", "has 'nan', no value"),
        (f"<trace>1{' ' * 10**6}x</trace>", "has 'x', no value"),
        ("<trace>9e15 2, '9e15 1, 1 1</trace>", "point 2 of the trace has a value over"),
        ("<trace>1 ?, 3 4, 4 9</trace>", "Y is unknown at a point of the trace"),
        ("<trace>'1 2, 3 4, 4 9</trace>", "X is unknown"),
        (channels('name="X"') + "<trace>1, 2</trace>", "the trace has no channel Y"),
        ('<trace contextRef="#none">1 2</trace>', "line 2: '#none' is not in the file"),
        ('<trace contextRef="a.xml#b">1 2</trace>', "'a.xml#b' is in another file"),
        (channels(*['name="B"'] * 17) + "<trace>1</trace>", "17 channels, at most 16 are read"),
        ("<traceGroup/>", "no traces with points"),
        ("<trace> </trace>", "no traces with points"),
        ('<trace type="penUp">1 1, 2 4, 3 9</trace>', "never touches"),
        ("<trace>1 1</traceGroup>", "line 2: is no well-formed XML"),
        (XYT + FIRST + channels('name="X"', 'name="Y"') + "<trace>1 1</trace>", "without a time"),
    ],
)
def test_what_is_wrong_is_said_and_where(ink, content, message):
    told = {} if "time" in message else {"rate": 100.0}
    with pytest.raises(FormatError, match=message):
        ink(content, **told)


LAUGHS = b'<!DOCTYPE ink [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><ink>&b;</ink>'


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (LAUGHS, "line 1: declares a document type, which is not read"),
        (b'<!DOCTYPE ink SYSTEM "file:///etc/passwd"><ink/>', "declares a document type"),
        (b"<ink>&who;</ink>", "undefined entity"),
        (b"<ink>" + b"<traceGroup>" * 99, "over 64 levels"),
        (b"<ink>" + b"<trace/>" * 100_001, "or 100000 elements"),
        (b"<svg/>", "the root is <svg>, not <ink>"),
        (b"", "the file is empty"),
        (b"<ink", "is no well-formed XML"),
        (b"<?xml version='1.0' encoding='cp9999'?><ink/>", "in an unknown encoding|well-formed"),
        (b"\x00\x01<ink>", "is no well-formed XML"),
    ],
)
def test_hostile_xml_is_refused(bare, data, message):
    with pytest.raises(FormatError, match=message):
        bare(data)


def test_a_file_of_too_many_points_is_refused(ink, monkeypatch):
    monkeypatch.setattr("sigtdnn.formats.inkml.MAX_LINES", 3)
    with pytest.raises(FormatError, match="over 3 points"):
        ink("<trace>1 1, 2 4, 3 9</trace>", "<trace>1 1, 2 4, 3 9</trace>", rate=100)


@given(signatures(units=(None, 100.0, 39.37)))
def test_what_is_written_reads_back_equal(signature):
    (found,) = again("inkml", signature)
    check_equal(found, signature, pressure=1e-9)


FILES = {
    # file: points, strokes, units, levels, then x and y of the first three by hand
    "10065.inkml": (281, 12, None, None, [3, 20, 32], [3, 39, 67]),
    "correct.inkml": (140, 1, 100, 32767, [7464, 7464 + 37, 7501 + 53], [13670, 13630, 13572]),
    "highlighter_onenote.inkml": (219, 1, 100, None, [9212, 9225, 9239], [65294, 65272, 65253]),
    "journal_output.inkml": (7064, 116, 100, 32767, [2988, 2895, 2789], [13425, 13462, 13498]),
    "onenote_web.inkml": (281, 6, 100, 32767, [1423, 1468, 1506], [7569, 7288, 7176]),
    "word_output.inkml": (237, 1, 100, 32767, [2561, 2532, 2505], [1, 36, 73]),
}


@pytest.mark.parametrize("name", FILES)
def test_files_of_others(datasets, name):
    points, strokes, units, levels, x, y = FILES[name]
    signature = read_unchecked(datasets / "formats" / "inkml" / name, ReadingOptions(rate=100))
    assert (len(signature), signature.strokes) == (points, strokes)
    assert signature.device.units == (None if units is None else pytest.approx(units))
    assert signature.device.levels == levels
    assert signature.x[:3].tolist() == x
    assert (-signature.y[:3]).tolist() == y


def test_files_of_others_tell_pressure_and_lean(datasets):
    folder = datasets / "formats" / "inkml"
    web = read_unchecked(folder / "onenote_web.inkml", ReadingOptions(rate=100))
    np.testing.assert_allclose(web.pressure[:3], np.divide([3456, 7040, 7168], 32767))
    page = read_unchecked(folder / "journal_output.inkml", ReadingOptions(rate=100))
    assert page.tilt is not None
    with pytest.raises(FormatError, match="point 1 of the trace has 1 values"):
        read_unchecked(folder / "bool_trace.inkml")
