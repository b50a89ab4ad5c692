import ast
import pickle
import re
from pathlib import Path

import pytest

import cli
import sigtdnn
from sigtdnn import errors
from sigtdnn.errors import FormatError, NotStrokesError, SigtdnnError

KINDS = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, SigtdnnError)
]


def test_an_error_is_one_line_of_problem_and_remedy():
    error = SigtdnnError("y is 7; x is 8", "mend it")
    assert str(error) == "y is 7; x is 8; mend it"
    assert (error.problem, error.remedy) == ("y is 7; x is 8", "mend it")


def test_an_error_of_a_file_says_where():
    error = FormatError("a.txt", 7, "y is 'x'", "mend it")
    assert str(error) == "a.txt, line 7: y is 'x'; mend it"
    assert (error.path, error.line, error.problem) == (Path("a.txt"), 7, "y is 'x'")
    assert str(FormatError("a.txt", None, "empty", "sign")) == "a.txt: empty; sign"


def test_every_cause_has_a_code_of_its_own():
    codes = [kind.code for kind in KINDS]
    assert len(set(codes)) == len(codes) > 10
    assert all(re.fullmatch("[a-z]+(-[a-z]+)*", code) for code in codes)


def test_every_error_that_is_raised_gives_problem_and_remedy_apart():
    names = {kind.__name__ for kind in KINDS}
    calls = [
        (file.name, node.lineno, node)
        for folder in (Path(sigtdnn.__file__).parent, Path(cli.__file__).parent)
        for file in folder.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
    ]
    assert len(calls) > 100
    assert [place for *place, call in calls if len(call.args) < 2] == []


@pytest.mark.parametrize(
    "error", [SigtdnnError("a", "b"), NotStrokesError(Path("a.txt"), 2, "c", "d")]
)
def test_an_error_crosses_processes(error):
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)
