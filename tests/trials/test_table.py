from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from sigtdnn.corpus.corpus import Corpus
from sigtdnn.errors import TrialsError
from sigtdnn.trials.build import make_trials
from sigtdnn.trials.protocols import PROTOCOLS
from sigtdnn.trials.table import read_trials, write_trials

HEADER = "draw,signer,role,file\n"


@pytest.fixture
def corpus(corpus_of: Callable[..., Corpus]) -> Corpus:
    return corpus_of(
        [(f"set/{name}", "genuine", None, n) for name in "ab" for n in range(1, 9)]
        + [("set/a", "skilled", None, 1)]
    )


def test_written_trials_are_read_back_equal(corpus: Corpus, tmp_path: Path) -> None:
    trials = make_trials(corpus, PROTOCOLS["mixed"])
    write_trials(trials, tmp_path / "trials.csv")
    again = read_trials(corpus, tmp_path / "trials.csv")
    pd.testing.assert_frame_equal(again.table, trials.table, check_dtype=False)
    assert again.rows.tolist() == trials.rows.tolist()
    assert again.words.startswith("The trials listed in trials.csv. Random forgeries are")


def test_enrolments_give_references_and_questioned_of_each_signer_and_draw(
    corpus: Corpus,
) -> None:
    trials = make_trials(corpus, PROTOCOLS["paper"])
    (draw, signer, references, questioned), (_, second, _, _) = trials.enrolments()
    assert (draw, signer, second) == (0, "set/a", "set/b")
    assert references.tolist() == [2, 3, 4, 5, 6, 7]
    assert questioned.index.tolist() == [0, 1, 16, 8]
    assert questioned["role"].tolist() == ["genuine", "genuine", "skilled", "random"]


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("draw,signer\n0,set/a\n", "line 1: the columns must be draw,signer,role,file"),
        (HEADER + "first,set/a,reference,a-genuine-0-1\n", "line 2: draw must be"),
        (HEADER + "0,set/a,reference,a-genuine-0-1\n0,set/a,forged,a-genuine-0-2\n",
         "line 3: role must be one of reference, genuine, skilled, random"),
        (HEADER + "0,set/a,reference,absent\n", "line 2: the corpus does not hold"),
        (HEADER + "0,set/a,reference,a-genuine-0-1\n0,set/a,genuine,a-genuine-0-1\n",
         "line 3: this file already has a role"),
        (HEADER + "0,set/a,genuine,a-genuine-0-1\n0,set/a,reference,a-genuine-0-2\n",
         "line 2: this signer has no reference yet"),
        (HEADER + "0,set/a,reference,a-genuine-0-1\n0,set/a,genuine,a-genuine-0-2\n"
         "0,set/a,reference,a-genuine-0-3\n", "line 4: a reference after what is questioned"),
        ("", "cannot be read as CSV"),
    ],
    ids=["columns", "draw", "role", "file", "reference questioned", "no reference",
         "late reference", "empty"],
)  # fmt: skip
def test_broken_trials_are_refused_by_line(
    corpus: Corpus, tmp_path: Path, lines: str, problem: str
) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(lines)
    with pytest.raises(TrialsError, match=problem):
        read_trials(corpus, path)


def test_missing_trials_file_is_refused(corpus: Corpus, tmp_path: Path) -> None:
    with pytest.raises(TrialsError, match="cannot be read as CSV"):
        read_trials(corpus, tmp_path / "absent.csv")
