import pytest

from sigtdnn.formats.foreign import foreign
from sigtdnn.formats.source import UNNAMED, Source


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"GIF89a", "GIF"),
        (b"BM\x36\x10\0\0\0\0\0\0\x36", "BMP"),
        (b"II*\0", "TIFF"),
        (b"MM\0*", "TIFF"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "WebP"),
        (b"\0\0\0\x18ftypheic", "HEIF"),
        (b"%PDF-1.7", "PDF"),
        (b'<?xml version="1.0"?>\n<svg width="9">', "SVG"),
        (b"3\n1 2 0 0", None),
        (b"", None),
        (b"BMI 3", None),
    ],
)
def test_pictures_and_documents_are_told(data, name):
    assert foreign(Source(UNNAMED, data)) == name
