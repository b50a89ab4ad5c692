"""The cards in `data/` say what the code does."""

import re
from pathlib import Path

import pytest

from sigtdnn.corpus.layouts import COLLECTIONS
from sigtdnn.corpus.manifest import read_manifest
from sigtdnn.formats import read_signature

DATA = Path(__file__).parents[2] / "data"
CARDS = sorted(DATA.glob("*/README.md"))
ARTIFICIAL = DATA / "synthetic-study" / "README.md"


def blocks(path, language):
    return re.findall(rf"```{language}\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)


def test_the_csv_examples_are_read(tmp_path):
    signature, recordings = blocks(DATA / "README.md", "csv")
    (tmp_path / "ann").mkdir()
    for name in ("01", "02", "f01"):
        (tmp_path / "ann" / f"{name}.csv").write_text(signature)
    (tmp_path / "recordings.csv").write_text(recordings)
    assert read_signature(tmp_path / "ann" / "01.csv").strokes == 1
    assert len(read_manifest(tmp_path / "recordings.csv")) == 3


def test_every_known_collection_has_a_card_that_the_index_lists():
    texts = "".join(card.read_text(encoding="utf-8") for card in CARDS)
    assert all(f"`{name}`" in texts for name in COLLECTIONS)
    index = (DATA / "README.md").read_text(encoding="utf-8")
    assert all(f"({card.parent.name}/README.md)" in index for card in CARDS)


@pytest.mark.parametrize(
    "card", [card for card in CARDS if card != ARTIFICIAL], ids=lambda card: card.parent.name
)
def test_a_card_says_what_a_card_must_say(card):
    text = card.read_text(encoding="utf-8")
    for part in ("**Source**", "**Terms**", "**Consent**", "**How to obtain**", "Expected tree"):
        assert part in text
    assert re.search(r"`[0-9a-f]{64}`", text)
    assert all(
        line.startswith("sigtdnn preprocess SETS/")
        for block in blocks(card, "bash")
        for line in block.splitlines()
    )


def test_the_card_of_the_study_says_that_nobody_wrote_it():
    text = ARTIFICIAL.read_text(encoding="utf-8")
    for part in ("Nobody wrote them", "**Source**", "**Licence**", "sigtdnn synthesize"):
        assert part in text


def test_nothing_lies_among_the_cards_but_pictures_of_the_study():
    others = {path for path in DATA.rglob("*") if path.is_file() and path.name != "README.md"}
    assert others == set(ARTIFICIAL.parent.glob("*.png"))
