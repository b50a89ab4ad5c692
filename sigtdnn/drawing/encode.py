"""A figure as the bytes of a file; the same figure gives the same bytes."""

import io
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Metadata that would differ between days or versions, by format.
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
    # Without a salt, the parts of an SVG have random names.
    with rc_context({"svg.hashsalt": "sigtdnn"}), warnings.catch_warnings():
        # The font may lack characters of a file's name, and draws boxes for them.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure.savefig(buffer, format=format, metadata=OMITTED[format])
    return buffer.getvalue()
