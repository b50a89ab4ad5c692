"""The cards in `data/` say what the code does."""

import re
import subprocess
import sys

import click
import pytest

from cli.options import reading_options
from sigtdnn.corpus.build import build_corpus
from sigtdnn.corpus.layouts import COLLECTIONS
from sigtdnn.corpus.manifest import read_manifest
from sigtdnn.errors import FormatError
from sigtdnn.formats import read_signature
from tests.tools import ROOT, read_unchecked

DATA = ROOT / "data"
CARDS = sorted(DATA.glob("*/README.md"))
ARTIFICIAL = [DATA / name / "README.md" for name in ("samples", "synthetic-study")]


def blocks(path, language):
    return re.findall(rf"```{language}\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)


def test_the_csv_examples_are_read(tmp_path):
    signature, recordings = blocks(DATA / "README.md", "csv")
    (tmp_path / "ann").mkdir()
    for name in ("01", "02", "f01"):
        (tmp_path / "ann" / f"{name}.csv").write_text(signature)
    (tmp_path / "recordings.csv").write_text(recordings)
    assert read_unchecked(tmp_path / "ann" / "01.csv").strokes == 1
    assert len(read_manifest(tmp_path / "recordings.csv")) == 3


EXAMPLES = re.findall(
    r"```text\n(.*?)```\n\n```bash\n(.*?)\n```", (DATA / "README.md").read_text("utf-8"), re.DOTALL
)


@pytest.mark.parametrize(("content", "line"), EXAMPLES, ids=[line for _, line in EXAMPLES])
def test_what_a_tablet_writes_is_read_as_the_line_below_tells(tmp_path, content, line):
    told = []
    command = click.command()(click.argument("file")(reading_options(_keep(told))))
    words = line.removeprefix("sigtdnn show ").split()
    command.main(words, standalone_mode=False)
    path = tmp_path / words[0]
    path.write_text(content)
    signature = read_unchecked(path, told[0])
    assert len(signature) >= 3
    assert 0.01 <= signature.duration <= 0.05
    with pytest.raises(FormatError):
        read_signature(path)


def _keep(told):
    return lambda file, options: told.append(options)


def test_there_are_examples_of_tablets():
    assert len(EXAMPLES) >= 5


def test_every_known_collection_has_a_card_that_the_index_lists():
    index = (DATA / "README.md").read_text(encoding="utf-8")
    texts = index + "".join(card.read_text(encoding="utf-8") for card in CARDS)
    assert all(f"`{name}`" in texts for name in COLLECTIONS)
    assert all(f"({card.parent.name}/README.md)" in index for card in CARDS)


@pytest.mark.parametrize(
    "card", [card for card in CARDS if card not in ARTIFICIAL], ids=lambda card: card.parent.name
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


@pytest.mark.parametrize("card", ARTIFICIAL, ids=lambda card: card.parent.name)
def test_the_card_of_what_is_artificial_says_that_nobody_wrote_it(card):
    text = card.read_text(encoding="utf-8")
    for part in ("Nobody wrote them", "**Source**", "**Licence**", "sigtdnn.synthesis"):
        assert part in text


def test_nothing_lies_among_the_cards_but_what_is_artificial():
    others = {path for path in DATA.rglob("*") if path.is_file() and path.name != "README.md"}
    samples, study = (card.parent for card in ARTIFICIAL)
    assert others == {*study.glob("*.png"), *samples.glob("*.csv"), samples / "prepare.py"}


def test_the_samples_are_what_their_script_writes(tmp_path):
    samples = DATA / "samples"
    subprocess.run([sys.executable, samples / "prepare.py", tmp_path], cwd=ROOT, check=True)
    made, kept = (
        {path.name: path.read_bytes() for path in folder.glob("*.csv")}
        for folder in (tmp_path, samples)
    )
    assert made == kept
    assert len(kept) == 1 + 3 * (6 + 2)
    assert sum(map(len, kept.values())) < 256 * 1024


def test_the_samples_are_a_corpus():
    build = build_corpus([DATA / "samples"])
    assert build.rejected == []
    recordings = build.corpus.recordings
    assert recordings.groupby(["signer", "kind"]).size().to_dict() == {
        (f"samples/{name}", kind): count
        for name in ("anna", "ben", "clara")
        for kind, count in (("genuine", 6), ("skilled", 2))
    }
