"""One signature, or two overlaid, as a picture with the ten features.

A single signature is drawn as it was recorded, its ink coloured by speed, its features over
seconds. Two are also laid over each other, their centres and heights made equal, and their
features over the share of their durations, as the network compares them.

The speed is the feature: in deviations of y a second, after the trend in time has been taken
out of x and y.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sigtdnn.arrays import Bool, Float32, Float64
from sigtdnn.drawing.curves import draw_curves
from sigtdnn.drawing.encode import encoded
from sigtdnn.drawing.pen_path import draw_path, mark_path, speed_colours
from sigtdnn.errors import PreprocessingError, about
from sigtdnn.extras import needs
from sigtdnn.matching.difference import Difference
from sigtdnn.preprocessing import FEATURES, PreprocessingSettings, preprocess
from sigtdnn.signature import Signature

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.figure import Figure, SubFigure

SETTINGS = PreprocessingSettings(clock="seconds")
DPI = 150
PLAIN = "#333f50"
HUES = ("#1b6ca8", "#d1495b")
# The very fastest ink would leave everything else in one colour.
FULL_COLOUR = 0.98
MAX_NAME = 44
SPEED_LABEL = "speed, deviations of y a second"


@dataclass(frozen=True, eq=False)
class _Item:
    """A signature to draw."""

    name: str
    signature: Signature
    features: Float32  # (10, frames)

    @property
    def times(self) -> Float64:
        """Seconds of the frames."""
        return np.linspace(0, self.signature.duration, self.features.shape[1])

    @property
    def points(self) -> Float64:
        """x and y of the samples, (n, 2), in device units."""
        return np.column_stack([self.signature.x, self.signature.y])

    @property
    def speed(self) -> Float64:
        """Speed (n,) at the samples."""
        frames = self.features[FEATURES.index("spd")]
        speed: Float64 = np.interp(self.signature.t, self.times, frames)
        return speed

    @property
    def caption(self) -> str:
        """Name and size."""
        half = MAX_NAME // 2
        name = self.name
        if len(name) > MAX_NAME:
            name = f"{name[: half - 1]}…{name[-half:]}"
        one = self.signature
        strokes = "1 stroke" if one.strokes == 1 else f"{one.strokes} strokes"
        return f"{name}: {one.duration:.2f} s, {strokes}, {len(one)} points"


def _drawn(name: str, signature: Signature) -> _Item:
    with about(name, PreprocessingError):
        return _Item(name, signature, preprocess(signature, SETTINGS))


def signature_picture(name: str, signature: Signature, format: str = "png") -> bytes:
    """The picture of one signature, called `name`, as 'png', 'svg' or 'pdf'.

    Raises PreprocessingError when its features are not defined.
    """
    drawn = _drawn(name, signature)
    figure, above, below = _sheet((3.4, 5.0))
    axes = above.subplots()
    ink = _by_speed(axes, drawn, _full_colour([drawn]))
    _caption(axes, drawn.caption, "0.1", 10)
    _colour_bar(above, ink, [axes])
    draw_curves(below, [drawn.times], [drawn.features], [PLAIN], "seconds")
    return encoded(figure, format)


def comparison_picture(
    names: tuple[str, str],
    signatures: tuple[Signature, Signature],
    marked: Difference | None = None,
    format: str = "png",
) -> bytes:
    """The picture of two signatures; `marked` is what differs most, and where in the second.

    Raises PreprocessingError when the features of one are not defined.
    """
    both = [_drawn(name, signature) for name, signature in zip(names, signatures, strict=True)]
    figure, above, below = _sheet((4.4, 5.0))
    grid = above.add_gridspec(2, 2, width_ratios=(1.5, 1))
    overlaid = above.add_subplot(grid[:, 0])
    single = [above.add_subplot(grid[row, 1]) for row in range(2)]
    full = _full_colour(both)
    for axes, drawn, hue in zip(single, both, HUES, strict=True):
        ink = _by_speed(axes, drawn, full)
        _caption(axes, drawn.caption, hue, 8)
        centred = drawn.points - drawn.points.mean(axis=0)
        equal = centred / centred[:, 1].std()
        draw_path(overlaid, equal, drawn.signature.pen, colors=hue, alpha=0.8)
        if marked is not None and marked.where is not None and drawn is both[1]:
            there = _within(drawn.signature, marked.where)
            mark_path(axes, drawn.points[there])
            mark_path(overlaid, equal[there])
    _caption(overlaid, "overlaid, with centres and heights made equal", "0.25", 8)
    _colour_bar(above, ink, single)
    shares = [100 * drawn.times / drawn.signature.duration for drawn in both]
    features = [drawn.features for drawn in both]
    group, where = marked or (None, None)
    if where is not None:
        start, end = (100 * edge / both[1].signature.duration for edge in where)
        where = start, end
    draw_curves(below, shares, features, HUES, "% of the duration", group, where)
    return encoded(figure, format)


def _within(signature: Signature, where: tuple[float, float]) -> Bool:
    """Which samples (n,) lie in a stretch of seconds."""
    found: Bool = (signature.t >= where[0]) & (signature.t <= where[1])
    return found


def _sheet(heights: tuple[float, float]) -> "tuple[Figure, SubFigure, SubFigure]":
    """A figure, and its parts for paths above and curves below, so many inches high."""
    with needs("plot"):
        from matplotlib.figure import Figure

    figure = Figure(figsize=(10, sum(heights)), dpi=DPI, layout="constrained")
    parts = figure.subfigures(2, 1, height_ratios=heights, squeeze=False)
    return figure, parts[0, 0], parts[1, 0]


def _by_speed(axes: "Axes", drawn: _Item, full: float) -> "ScalarMappable":
    """The path as recorded; a step of the ink has the mean speed of its ends."""
    steps = (drawn.speed[:-1] + drawn.speed[1:]) / 2
    pen = drawn.signature.pen
    return draw_path(
        axes, drawn.points, pen, array=steps[pen[:-1]], cmap=speed_colours(), clim=(0, full)
    )


def _full_colour(drawn: Sequence[_Item]) -> float:
    """The speed from which ink has the last colour."""
    ink = np.concatenate([one.speed[one.signature.pen] for one in drawn])
    everywhere = np.concatenate([one.speed for one in drawn])
    return float(np.quantile(ink if len(ink) else everywhere, FULL_COLOUR))


def _caption(axes: "Axes", text: str, colour: str, size: int) -> None:
    # Dollars in a file's name do not make it a formula.
    axes.set_title(text, fontsize=size, color=colour, parse_math=False)


def _colour_bar(sheet: "SubFigure", ink: "ScalarMappable", beside: "Sequence[Axes]") -> None:
    bar = sheet.colorbar(ink, ax=list(beside), shrink=0.7, aspect=25, pad=0.02)
    bar.set_label(SPEED_LABEL, fontsize=8)
    bar.ax.tick_params(labelsize=7)
    bar.outline.set_visible(False)
