"""The page of thumbnails: read again as XML."""

import re
from xml.etree import ElementTree

import numpy as np
import pandas as pd

from sigtdnn.corpus.corpus import IDENTITY_COLUMNS, Corpus
from sigtdnn.corpus.identity import Collection
from sigtdnn.drawing.thumbnails import HEIGHT, MARGIN, WIDTH, thumbnail_page
from sigtdnn.signature import Signature
from tests.artificial import loops

KINDS = ("genuine", "skilled", "")


def corpus(signatures: list[Signature], name: str = "ann") -> Corpus:
    rows = [
        dict.fromkeys(IDENTITY_COLUMNS, "")
        | {"file": f"{number}.csv", "collection": "made", "signer": name, "kind": kind,
           "session": None, "number": None}
        for number, kind in enumerate(KINDS[: len(signatures)])
    ]  # fmt: skip
    return Corpus.from_signatures(
        pd.DataFrame(rows, columns=list(IDENTITY_COLUMNS)),
        signatures,
        {"made": Collection("made", sessions=False, ordered=False)},
    )


def figures(page: str) -> list[ElementTree.Element]:
    text = re.sub(r"<meta [^>]*>", "", page.removeprefix("<!DOCTYPE html>"))
    return list(ElementTree.fromstring(text).iter("figure"))


def path_of(figure: ElementTree.Element) -> list[np.ndarray]:
    """The places of each stroke."""
    drawn = figure.find("svg/path").get("d")
    return [
        np.array([one.split() for one in stroke.split("L")], float)
        for stroke in drawn.split("M")[1:]
    ]


def test_every_recording_has_its_strokes_name_and_kind() -> None:
    signatures = [loops(seed) for seed in range(3)]
    found = figures(thumbnail_page("mine", corpus(signatures)))
    assert {one.get("class") for one in found} == {"genuine", "skilled", "unlabelled"}
    for one in found:
        caption = one.findtext("figcaption")
        signature = signatures[int(caption[0])]
        told = f"{caption[0]}.csv: {len(signature)} samples, {signature.duration:.2f} s"
        assert caption == told
        strokes = path_of(one)
        assert len(strokes) == signature.strokes
        places = np.concatenate(strokes)
        assert (places >= 0).all()
        assert (places <= [WIDTH, HEIGHT]).all()
        pen = signature.stroke >= 0
        written = np.column_stack([signature.x, -signature.y])
        # One scale for both, y downward; beside that, only steps of half a pixel.
        low, span = written.min(axis=0), np.ptp(written, axis=0)
        scale = min((np.array([WIDTH, HEIGHT]) - 2 * MARGIN) / span)
        middle = np.array([WIDTH, HEIGHT]) / 2
        wanted = middle + (written[pen] - low - span / 2) * scale
        np.testing.assert_allclose(places.min(axis=0), wanted.min(axis=0), atol=0.3)
        np.testing.assert_allclose(places.max(axis=0), wanted.max(axis=0), atol=0.3)
        nearest = np.abs(places[:, None] - wanted).max(axis=2)
        assert (nearest.min(axis=0) < 0.3).all()
        assert (nearest.min(axis=1) < 0.3).all()


def test_names_are_text_and_no_markup() -> None:
    page = thumbnail_page("<b>", corpus([loops(0)], name="<script>alert(1)</script>"))
    assert "<script" not in page
    assert "&lt;b&gt;" in page
    assert len(figures(page)) == 1


def test_a_dot_is_drawn() -> None:
    one = loops(0)
    t = np.append(one.t, one.t[-1] + 0.2)
    dotted = Signature.from_strokes(
        t, np.append(one.x, 0.0), np.append(one.y, 0.0), np.append(one.stroke, one.strokes)
    )
    (figure,) = figures(thumbnail_page("dot", corpus([dotted])))
    dot = path_of(figure)[-1]
    assert len(dot) == 2
    assert (dot[0] == dot[1]).all()
