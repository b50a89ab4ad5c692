"""Whatever the bytes, a reader gives a valid signature or a FormatError; what is valid survives."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigtdnn.errors import FormatError
from sigtdnn.formats import FORMATS, ReadingOptions, read_signature
from sigtdnn.formats.options import Columns
from sigtdnn.signature import runs
from tests.formats.drawn import signatures
from tests.tools import read_unchecked

FIRST_LINES = (
    "3", "4", "0", "-1", "99999999999", "A-1 4", "A-1 x", "t,x,y,pen", "t,x,y,pen,pressure",
    "pen,y,x,t,t", "x,y", "X, Y, TStamp, Pres., EndPts", "DataSize: 4", "1 2 3", "1 2", "\ufeff4",
)  # fmt: skip
FIELDS = (
    "0", "1", "2", "5", "-1", "-4", "1023", "1e300", "1e-300", "-9e15", "0.005", "nan", "inf",
    "1e999", "1_0", "0x10", "x", "", "--1", "+", "1.", ".5", "\x00", "é",
)  # fmt: skip
NAMES = ("a.txt", "a.hwr", "a.sig", "a.svc", "a.csv")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("strokes")


def check(path, content, format):
    path.write_bytes(content)
    try:
        signature = read_signature(path, ReadingOptions(format=format))
    except FormatError as caught:
        error = str(caught)
    else:
        check_valid(signature)
        return
    assert str(path) in error
    assert "\n" not in error


def check_valid(signature):
    assert signature.t[0] == 0
    assert (np.diff(signature.t) > 0).all()
    assert np.isfinite(signature.x).all()
    assert np.isfinite(signature.y).all()
    if signature.pressure is not None:
        assert 0 <= signature.pressure.min() <= signature.pressure.max() <= 1
    assert signature.strokes >= 1


formats = st.sampled_from([None, *FORMATS])
names = st.sampled_from(NAMES)
rows = st.lists(st.lists(st.sampled_from(FIELDS), max_size=8), max_size=9)


@given(st.binary(max_size=300), names, formats)
def test_arbitrary_bytes(folder, content, name, format):
    check(folder / name, content, format)


@given(st.text(max_size=300), names, formats)
def test_arbitrary_text(folder, content, name, format):
    check(folder / name, content.encode("utf-8", "surrogatepass"), format)


@given(
    st.lists(st.sampled_from(FIRST_LINES), max_size=2),
    rows,
    st.sampled_from([" ", ",", "\t", " , "]),
    st.sampled_from(["\n", "\r\n", "\r", "\n\n"]),
    names,
    formats,
)
def test_broken_rows_below_good_headers(folder, heads, body, separator, end, name, format):
    lines = [*heads, *(separator.join(fields) for fields in body)]
    check(folder / name, end.join(lines).encode(), format)


@given(st.data())
def test_small_whole_numbers_in_the_right_layout(folder, data):
    widths = {
        "svc2004": 4, "susig": 5, "sigcomp2009": 5, "sigcomp2011": 3, "mcyt": 7, "deepsigndb": 6,
        "wacom": 7, "iso19794": 1, "csv": 4,
    }  # fmt: skip
    format = data.draw(st.sampled_from(list(widths)))
    width = widths[format]
    row = st.lists(st.integers(-4, 9), min_size=width, max_size=width)
    body = data.draw(st.lists(row, min_size=1, max_size=12))
    heads = {
        "svc2004": [str(len(body))],
        "susig": ["X, Y, TStamp, Pres., EndPts", f"DataSize: {len(body)}"],
        "sigcomp2009": [f"A {len(body)}"],
        "sigcomp2011": [],
        "mcyt": [],
        "deepsigndb": [str(len(body) + 1)],
        "wacom": [str(len(body) - 1)],
        "iso19794": ["SDI"],
        "csv": ["pen,y,x,t"],
    }[format]
    separator = "," if format == "csv" else " "
    lines = [*heads, *(separator.join(map(str, fields)) for fields in body)]
    check(folder / "a.txt", "\n".join(lines).encode(), format)


told = st.builds(
    ReadingOptions,
    time_unit=st.sampled_from([None, "s", "ms", "ns"]),
    rate=st.sampled_from([None, 1e-300, 100.0, 1e300]),
    y=st.sampled_from([None, "down"]),
    pressure_range=st.sampled_from([None, 1, 1023]),
    separator=st.sampled_from([None, ",", ";", " ", "\t", "1"]),
    comment=st.sampled_from([None, "#", "t", "1"]),
    decimal_comma=st.booleans(),
    pen_from_pressure=st.booleans(),
    columns=st.builds(
        Columns,
        **{
            name: st.sampled_from([None, name, "x", "1", 2, 3, 99, "nan", '"'])
            for name in ("t", "x", "y", "pen", "stroke", "pressure", "azimuth", "altitude")
        },
    ),
)
events = st.sampled_from([((), ()), (("1",), ("0",)), (("x",), ("",))])


@given(
    st.sampled_from(["", "#\n", "4\n"]),
    st.sampled_from(FIRST_LINES),
    rows,
    st.sampled_from([",", ";", " ", "\t"]),
    told,
    events,
)
def test_tables_that_are_told(folder, before, head, body, separator, options, events):
    lines = [head, *(separator.join(fields) for fields in body)]
    path = folder / "a.csv"
    path.write_bytes((before + "\n".join(lines)).encode())
    try:
        signature = read_signature(path, replace(options, down=events[0], up=events[1]))
    except FormatError:
        return
    check_valid(signature)


units = st.integers(-(10**6), 10**6)
points = st.lists(st.tuples(units, units, st.booleans()), min_size=3, max_size=40)


@given(points, st.lists(st.integers(1, 10**6), min_size=40, max_size=40), st.integers(0, 10**12))
def test_a_valid_csv_survives_as_it_is(folder, samples, steps, origin):
    micros = origin + np.cumsum(steps)[: len(samples)]
    x, y, pen = (np.array(column) for column in zip(*samples, strict=True))
    pen[0] = pen[-1] = True
    y[:3], x[:3] = (0, 1, 5), (0, 2, 3)
    path = folder / "a.csv"
    rows = [
        f"{float(t) / 1e6!r},{a},{b},{int(p)}" for t, a, b, p in zip(micros, x, y, pen, strict=True)
    ]
    path.write_text("\n".join(["t,x,y,pen", *rows]))
    signature = read_unchecked(path)
    np.testing.assert_allclose(signature.t, (micros - micros[0]) / 1e6, atol=1e-9 + origin * 1e-21)
    assert signature.x.tolist() == x.tolist()
    assert signature.y.tolist() == y.tolist()
    assert signature.pen[:-1].tolist() == pen[:-1].tolist()
    assert signature.strokes == len(runs(pen))
    assert signature.repaired == 0


@given(points, st.lists(st.booleans(), min_size=40, max_size=40))
def test_a_valid_svc2004_file_survives_as_it_is(folder, samples, lifts):
    x, y, _ = (np.array(column) for column in zip(*samples, strict=True))
    y[:3], x[:3] = (0, 1, 5), (0, 2, 3)
    starts = np.array([True, *lifts[1 : len(samples)]])
    rows = [
        f"{a} {b} {10 * i} {int(not s)}"
        for i, (a, b, s) in enumerate(zip(x, y, starts, strict=True))
    ]
    path = folder / "a.txt"
    path.write_text("\n".join([str(len(rows)), *rows]))
    signature = read_unchecked(path, ReadingOptions(format="svc2004"))
    assert signature.x.tolist() == x.tolist()
    assert signature.y.tolist() == y.tolist()
    assert signature.strokes == starts.sum()
    assert signature.pen[:-1].tolist() == (~starts[1:]).tolist()


WRITTEN = [name for name, format in FORMATS.items() if format.write is not None]
# What has a meaning somewhere in what is written, and what has none.
PIECES = (
    b"", b"0", b"-", b".", b",", b" ", b"\n", b"'", b'"', b"*", b"?", b"!", b"#", b"T", b"{", b"}",
    b"[", b"]", b"<", b">", b"/", b":", b"&", b"<trace>", b"</trace>", b"<ink>", b'contextRef="#"',
    b'continuation="end"', b"<context>", b'type="penUp"', b"<!DOCTYPE a>", b"&#10;", b"9" * 400,
    b"1e400", b"NaN", b"null", b'{"x":[1],"y":[2]}', b'"points"', b".PEN_UP\n", b".PEN_DOWN\n",
    b".SEGMENT A 0-9\n", b".SEGMENT A 0\n", b".START_BOX\n", b".COORD X Y\n", b".DT 9\n",
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf",
)  # fmt: skip


@given(st.data(), signatures(), st.sampled_from(WRITTEN), st.booleans())
def test_what_is_written_and_then_broken(folder, data, signature, format, told):
    content = FORMATS[format].write([signature])
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content)))
        cut = data.draw(st.sampled_from([0, 0, 1, 7, 100]))
        content = content[:start] + data.draw(st.sampled_from(PIECES)) + content[start + cut :]
    check(folder / f"a{FORMATS[format].ending}", content, format if told else None)
