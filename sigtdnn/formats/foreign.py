"""Files that hold no pen trajectory, told by their first bytes."""

from sigtdnn.formats.source import Source

_PICTURES = {
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"%PDF": "PDF",
}
_SVG = b"<svg"
# Enough to hold what may come before the first element.
_HEAD = 1000


def foreign(source: Source) -> str | None:
    """What a file is, if it is a picture or a document; else None."""
    for magic, name in _PICTURES.items():
        if source.data.startswith(magic):
            return name
    if source.data.startswith(b"BM") and source.data[6:10] == bytes(4):
        return "BMP"
    if source.data.startswith(b"RIFF") and source.data[8:12] == b"WEBP":
        return "WebP"
    if source.data[4:8] == b"ftyp":
        return "HEIF"
    return "SVG" if _SVG in source.data[:_HEAD] else None
