"""A figure as the bytes of a file; the same figure gives the same bytes."""

import io
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# What would tell the day or the drawing program, by format.
OMITTED = {
    "png": {"Software": None},
    "svg": {"Date": None},
    "pdf": {"CreationDate": None},
}
FORMATS = tuple(OMITTED)


def encoded(figure: "Figure", format: str = "png") -> bytes:
    """The bytes of the figure as 'png', 'svg' or 'pdf'."""
    from matplotlib import rc_context

    buffer = io.BytesIO()
    # SVG names its parts by chance unless told a salt.
    with rc_context({"svg.hashsalt": "sigtdnn"}), warnings.catch_warnings():
        # A file may have a name that the font cannot write; boxes stand for it.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure.savefig(buffer, format=format, metadata=OMITTED[format])
    return buffer.getvalue()
