"""SVC2004: a line with the number of points, then `x y time button`, in Task 2 and the sample
set followed by `azimuth altitude pressure`.

time      milliseconds of a system clock
y         grows upward
pressure  0..1023
button    a bit mask: bit 0 is the tip, the others are buttons on the side of the pen. 0 is the
          first point of a stroke and lies on the surface. A row with a side button and no
          tip (2, 4) hovers: it is dropped, and the pen was lifted there.

Reference: D.-Y. Yeung et al., "SVC2004: First International Signature Verification
Competition", ICBA 2004, LNCS 3072, pp. 16-22.
"""

import numpy as np

from sigtdnn.formats.pen_coding import gap_coded
from sigtdnn.formats.source import Source, read_count, read_rows, require
from sigtdnn.signature import Signature

TASK_1 = ("x", "y", "time", "button")
TASK_2 = (*TASK_1, "azimuth", "altitude", "pressure")
FULL_PRESSURE = 1023
TIP = 1
MAX_BUTTONS = 255


def read(source: Source) -> Signature:
    """The signature in an SVC2004 file; pressure is None in Task 1.

    Raises FormatError.
    """
    read_count(source, 1, source.lines[0])
    first = source.lines[1].split() if len(source.lines) > 1 else []
    rows = read_rows(source, 1, TASK_1 if len(first) == len(TASK_1) else TASK_2)
    x, y, time, button = rows[:, :4].T
    mask = (button == np.floor(button)) & (button >= 0) & (button <= MAX_BUTTONS)
    require(source, 1, "button", button, mask, f"a bit mask of 0..{MAX_BUTTONS}")
    pressure = None
    if rows.shape[1] == len(TASK_2):
        force = rows[:, 6]
        in_range = (force >= 0) & (force <= FULL_PRESSURE)
        require(source, 1, "pressure", force, in_range, f"0..{FULL_PRESSURE}")
        pressure = force / FULL_PRESSURE
    bits = button.astype(np.int64)
    touching = (bits == 0) | (bits & TIP == TIP)
    # A row that starts a stroke, or hovers, ends the stroke before it.
    lifts = np.append(((bits == 0) | ~touching)[1:], False)
    return gap_coded(
        source,
        time[touching] / 1000,
        x[touching],
        y[touching],
        lifts[touching],
        None if pressure is None else pressure[touching],
    )
