"""The models that ship, by name: a file and a card each.

`python -m paper_repro pretrained` builds the files from artificial signers and a seed, `cards`
tests them, and `pages` writes their cards.
"""

from pathlib import Path

DEFAULT = "default"  # used where no model is named
NAMES = (DEFAULT, "network-5")

_HERE = Path(__file__).parent


def pretrained_file(name: str) -> Path:
    """The file of the model of this name, one of NAMES."""
    return _HERE / f"{name}.safetensors"


def card(name: str) -> str:
    """What the model of this name was trained on, how good it is and its limits, as Markdown."""
    return (_HERE / f"{name}.md").read_text(encoding="utf-8")
