"""The path of the pen on axes: ink as a line, movements through the air dotted.

Points are an array (n, 2) of x and y in any unit, y upward; `pen` as in `Signature`.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from sigtdnn.arrays import Bool, Float64
from sigtdnn.signature import runs

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import LineCollection
    from matplotlib.colors import Colormap

AIR = "0.55"
WIDTH = 1.8
MARK, MARK_WIDTH = "#fdecc8", 9
# The light end of the map would vanish on white paper.
SPEEDS, DARKEST, LIGHTEST = "plasma", 0.0, 0.85


def draw_path(axes: "Axes", points: Float64, pen: Bool, **ink: Any) -> "LineCollection":
    """Draws a path on equal axes without a frame, its start as a ring; gives the ink.

    `ink` is how matplotlib is to draw the ink's lines, each from one sample to the next.
    """
    from matplotlib.collections import LineCollection

    steps = np.stack([points[:-1], points[1:]], axis=1)
    lines = LineCollection(list(steps[pen[:-1]]), linewidths=WIDTH, capstyle="round", **ink)
    axes.add_collection(lines)
    # One line for each lift, not for each step: dots need a length to repeat along.
    lifts = [points[first : last + 1] for first, last in runs(~pen[:-1])]
    axes.add_collection(LineCollection(lifts, linewidths=0.9, linestyles=":", colors=AIR, zorder=1))
    axes.plot(*points[0], "o", markersize=5, markerfacecolor="white", markeredgecolor="0.3")
    axes.update_datalim(points)
    axes.autoscale_view()
    axes.set_aspect("equal")
    axes.set_axis_off()
    return lines


def mark_path(axes: "Axes", points: Float64) -> None:
    """Marks a stretch of a path that is drawn there."""
    axes.plot(*points.T, color=MARK, linewidth=MARK_WIDTH, zorder=0, solid_capstyle="round")


def speed_colours() -> "Colormap":
    """Dark where the pen is slow, bright where it is fast."""
    from matplotlib import colormaps
    from matplotlib.colors import ListedColormap

    return ListedColormap(colormaps[SPEEDS](np.linspace(DARKEST, LIGHTEST, 256)))
