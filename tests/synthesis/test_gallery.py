import re

from sigtdnn.signature import Signature
from sigtdnn.synthesis.gallery import FORGED, GENUINE, ROWS, gallery_page, picture


def test_a_row_a_signer_and_nothing_from_elsewhere(study):
    page = gallery_page(study)
    assert page.count("<svg") == ROWS * (GENUINE + FORGED)
    assert page.count('class="forged"') == ROWS * FORGED
    assert "http" not in page
    assert "src=" not in page


def test_captions_tell_the_hand_and_the_time(study):
    captions = re.findall(r"</svg>([^<]*)</td>", gallery_page(study))
    assert all(re.fullmatch(r"[SF]\d{3}, \d+\.\d s", caption) for caption in captions)
    assert captions[0].startswith("S")
    assert captions[-1].startswith("F")


def test_ink_and_air_are_drawn_apart():
    signature = Signature.from_samples(
        range(7), [0, 10, 20, 30, 40, 50, 60], [0, 0, 0, 5, 5, 5, 5], [1, 1, 0, 0, 1, 1, 0]
    )
    assert picture(signature) == (
        '<svg viewBox="-15 -15 90 35">'
        '<path class="air" d="M20,5 40,0"/><path d="M0,5 20,5M40,0 60,0"/></svg>'
    )
