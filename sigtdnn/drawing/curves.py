"""The ten features as small curves, in the four groups by which a rejection is explained.

A group has a heading of its own; the one in which two signatures differ most is marked.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sigtdnn.arrays import Float32, Float64
from sigtdnn.drawing.pen_path import MARK
from sigtdnn.matching.difference import AIR, DIRECTION, RHYTHM, SHAPE
from sigtdnn.preprocessing import FEATURES
from sigtdnn.signature import runs

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import FigureBase

# Two columns of five curves; every group stands together.
COLUMNS = (
    {SHAPE: ("x", "y"), RHYTHM: ("spd", "acc-c", "acc-t")},
    {AIR: ("pud",), DIRECTION: ("cos_theta", "sin_theta", "cos_phi", "sin_phi")},
)
ROWS = 5
# What stands beside a curve where the feature's name says too little.
LABELS = {
    "pud": "pud\n(pen down)",
    "spd": "spd\n(speed)",
    "acc-c": "acc-c\n(sideways)",
    "acc-t": "acc-t\n(forward)",
    "cos_theta": "cos θ",
    "sin_theta": "sin θ",
    "cos_phi": "cos φ",
    "sin_phi": "sin φ",
}
MARKED_HEADING = "#9a3b00"
LIFTED = "0.93"


def draw_curves(
    sheet: "FigureBase",
    times: Sequence[Float64],
    features: Sequence[Float32],
    hues: Sequence[str],
    time_label: str,
    marked: str | None = None,
    where: tuple[float, float] | None = None,
) -> None:
    """Draws one or two signatures' features (10, frames) over times (frames,) on a sheet.

    Of a single signature the time in the air is shaded. `marked` names the group to mark, and
    `where` from and to which time it is; throughout without it.
    """
    columns = sheet.subplots(ROWS, len(COLUMNS), sharex=True, squeeze=False).T
    for panels, groups in zip(columns, COLUMNS, strict=True):
        curves = [(group, name) for group, names in groups.items() for name in names]
        for axes, (group, name) in zip(panels, curves, strict=True):
            _draw(axes, name, times, features, hues)
            if name == groups[group][0]:
                _heading(axes, group, group == marked)
            if group == marked:
                if where is None:
                    axes.set_facecolor(MARK)
                else:
                    axes.axvspan(*where, color=MARK, linewidth=0, zorder=0)
        panels[-1].set_xlabel(time_label, fontsize=8)


def _heading(axes: "Axes", group: str, marked: bool) -> None:
    text, colour = (f"{group}: differs most", MARKED_HEADING) if marked else (group, "0.25")
    axes.set_title(text, loc="left", fontsize=9, fontweight="bold", color=colour)


def _draw(
    axes: "Axes",
    name: str,
    times: Sequence[Float64],
    features: Sequence[Float32],
    hues: Sequence[str],
) -> None:
    """One curve, or two over each other, with the name beside."""
    row = FEATURES.index(name)
    for time, values, hue in zip(times, features, hues, strict=True):
        axes.plot(time, values[row], color=hue, linewidth=1.0)
    if len(features) == 1:
        for first, last in runs(features[0][FEATURES.index("pud")] < 0):
            axes.axvspan(times[0][first], times[0][last - 1], color=LIFTED, linewidth=0, zorder=0)
    axes.set_ylabel(LABELS.get(name, name), rotation=0, ha="right", va="center", fontsize=8)
    axes.locator_params(axis="y", nbins=3)
    axes.tick_params(labelsize=7, length=2, colors="0.35")
    axes.margins(x=0, y=0.15)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color("0.7")
