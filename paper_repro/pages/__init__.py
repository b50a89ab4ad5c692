"""The pages: one module each for its tables, `words/` for its text, `facts` for its figures."""

from pathlib import Path

from paper_repro.pages import comparison, readme, realism, results, transfer
from paper_repro.pages.facts import read_facts
from paper_repro.pages.prose import filled

WORDS = Path(__file__).parent / "words"
PAGES = {
    "README.md": readme.TABLES,
    "RESULTS.md": results.TABLES,
    "COMPARISON.md": comparison.TABLES,
    "TRANSFER.md": transfer.TABLES,
    "REALISM.md": realism.TABLES,
}


def page(name: str, results: Path) -> str:
    """The whole text of a page, from the results in a folder.

    Raises ProseError when a sentence no longer holds or names a figure that is not there.
    """
    facts = read_facts(results)
    words = (WORDS / name.lower()).read_text(encoding="utf-8")
    return filled(words, facts, {title: table(facts) for title, table in PAGES[name].items()})
