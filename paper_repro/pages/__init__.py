"""The pages: one module each for its tables, `words/` for its text, `facts` for its figures.

Cards of the models that ship are pages, too, and lie beside the models.
"""

from pathlib import Path

from paper_repro.pages import cards, comparison, elastic, readme, realism, results, transfer
from paper_repro.pages.facts import read_facts
from paper_repro.pages.prose import filled

WORDS = Path(__file__).parent / "words"
# By their place in the checkout.
PAGES = {
    "paper_repro/README.md": readme.TABLES,
    "paper_repro/RESULTS.md": results.TABLES,
    "paper_repro/COMPARISON.md": comparison.TABLES,
    "paper_repro/ELASTIC.md": elastic.TABLES,
    "paper_repro/TRANSFER.md": transfer.TABLES,
    "paper_repro/REALISM.md": realism.TABLES,
    **{f"sigtdnn/models/pretrained/{name}.md": tables for name, tables in cards.TABLES.items()},
}


def words_of(name: str) -> Path:
    """The file of the words of a page."""
    return WORDS / Path(name).name.lower()


def page(name: str, results: Path) -> str:
    """The whole text of a page, from the results in a folder.

    Raises ProseError when a sentence no longer holds or names a figure that is not there.
    """
    facts = read_facts(results)
    words = words_of(name).read_text(encoding="utf-8")
    return filled(words, facts, {title: table(facts) for title, table in PAGES[name].items()})
