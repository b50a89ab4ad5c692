"""SVC2004: a line with the number of points, then `x y time button`, in Task 2 and the sample
set followed by `azimuth altitude pressure`.

time      milliseconds of a system clock, 100 samples a second
y         grows upward
azimuth   tenths of a degree, as altitude
pressure  0..1023, with another tablet more
button    a bit mask: bit 0 is the tip, the others are buttons on the side of the pen. 0 is the
          first point of a stroke and lies on the surface. A row with a side button and no
          tip (2, 4) hovers: it is dropped, and the pen was lifted there.

Reference: D.-Y. Yeung et al., "SVC2004: First International Signature Verification
Competition", ICBA 2004, LNCS 3072, pp. 16-22.
"""

import numpy as np

from sigtdnn.arrays import Float64, Rows
from sigtdnn.errors import AmbiguousLayoutError
from sigtdnn.formats.layout import columns_below_count, ending, has_pen_states, is_deepsigndb
from sigtdnn.formats.options import ReadingOptions
from sigtdnn.formats.pen_coding import gap_coded
from sigtdnn.formats.pressure import scaled
from sigtdnn.formats.source import Source, read_count, read_rows, require
from sigtdnn.formats.tilt import tenths
from sigtdnn.signature import Device, Signature

TASK_1 = ("x", "y", "time", "button")
TASK_2 = (*TASK_1, "azimuth", "altitude", "pressure")
RATE = 100.0
FULL_PRESSURE = 1023
TIP = 1
MAX_BUTTONS = 255
# Tablets have fewer buttons than the mask has bits. Where nothing else tells the layout, what is
# larger is no button, and so many rows of 0 that follow one another are in the air.
MAX_OF_FOUR = 7
MIN_IN_THE_AIR = 3


def sniff(source: Source) -> bool:
    """Whether line 1 is a count and line 2 has the columns of a task.

    Wacom has seven columns below a count, too: there the pen must be coded as here or, where no
    row tells, the name end in `.txt`.
    """
    if is_deepsigndb(source) or ending(source) == ".svc":
        return False
    columns = columns_below_count(source)
    if columns != len(TASK_2):
        return columns == len(TASK_1)
    states = has_pen_states(source)
    return ending(source) == ".txt" if states is None else not states


def read(source: Source, options: ReadingOptions) -> Signature:
    """The signature in an SVC2004 file; pressure is None in Task 1.

    Raises FormatError.
    """
    read_count(source, 1, source.line(1))
    first = source.line(2).split()
    rows = read_rows(source, 1, TASK_1 if len(first) == len(TASK_1) else TASK_2)
    columns = np.vstack([rows.T, options.seconds(rows[:, 2], "ms")])
    if options.format is None and len(rows[0]) == len(TASK_1):
        _require_buttons(source, columns[3])
    bits = _bits(source, columns[3])
    # A row that starts a stroke, or hovers, ends the stroke before it.
    ends = bits & TIP == 0
    lifts = np.concatenate([ends[1:], [False]])
    hovers = ends & (bits != 0)
    pressure, full = None, None
    if len(rows[0]) == len(TASK_2):
        pressure, full = scaled(source, 1, columns[6], options, FULL_PRESSURE)
    if hovers.any():
        columns, lifts = columns[:, ~hovers], lifts[~hovers]
        pressure = None if pressure is None else pressure[~hovers]
    return gap_coded(
        source,
        (columns[-1], columns[0], options.upward(columns[1], "up")),
        lifts,
        pressure,
        None if pressure is None else tenths(columns[4], columns[5]),
        Device(options.rate or RATE, levels=full, assumed=options.pressure_range is None),
    )


def write(signature: Signature) -> bytes:
    """The SVC2004 file of a signature: as of Task 2 where there is pressure, else of Task 1.

    Times are whole milliseconds. Points in the air have no place in the format.
    """
    written = signature.stroke >= 0
    stroke = signature.stroke[written]
    columns = [signature.x[written], signature.y[written], _milliseconds(signature.t[written])]
    columns.append((np.diff(stroke, prepend=-1) == 0).astype(np.float64))
    if signature.pressure is not None:
        tilt = np.zeros((len(stroke), 2)) if signature.tilt is None else signature.tilt[written]
        columns += [*np.rint(np.degrees(tilt) * 10).clip(0).T]
        force = np.rint(signature.pressure[written] * FULL_PRESSURE)
        # A first point without any would be read as one in the air.
        columns.append(np.where(columns[3] == 0, force.clip(1), force))
    texts = ([f"{value:.17g}" for value in column.tolist()] for column in columns)
    rows = (" ".join(row) for row in zip(*texts, strict=True))
    return "\n".join([str(len(stroke)), *rows, ""]).encode("ascii")


def _milliseconds(t: Float64) -> Float64:
    """Whole milliseconds from the first sample, shape (n,), none twice."""
    place = np.arange(len(t))
    rounded = np.rint((t - t[0]) * 1000)
    spread: Float64 = np.maximum.accumulate(rounded - place) + place
    return spread


def _bits(source: Source, button: Float64) -> Rows:
    bits = button.astype(np.intp)
    if not ((bits == button).all() and bits.min() >= 0 and bits.max() <= MAX_BUTTONS):
        mask = (bits == button) & (bits >= 0) & (bits <= MAX_BUTTONS)
        require(source, 1, "button", button, mask, f"a bit mask of 0..{MAX_BUTTONS}")
    return bits


def _require_buttons(source: Source, button: Float64) -> None:
    """Raises AmbiguousLayoutError when the fourth of four columns (n,) holds something else."""
    firsts = button == 0
    if (button > MAX_OF_FOUR).any() or (button != np.floor(button)).any():
        problem = f"reaches {button.max():g}"
    elif not firsts.any():
        problem = "is never 0, as at the first point of a stroke"
    elif np.count_nonzero(firsts[1:] & firsts[:-1]) >= MIN_IN_THE_AIR:
        problem = "is 0 in rows on end, which cannot all be first points of strokes"
    else:
        return
    raise AmbiguousLayoutError(
        source.path,
        2,
        f"column 4 {problem}: no buttons as in SVC2004, but perhaps a pressure or pen flag",
        "if it is the pressure, --format deepsigndb; or say which columns they are, such as "
        "--columns x=1,y=2,t=3,pen=4 --time-unit ms",
    )
