import io
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sigtdnn.verification import stream as module
from sigtdnn.verification.stream import BadLine, Trial, stream_trials

HEADER = b"file,references\n"


def answers(data):
    return list(stream_trials(io.BytesIO(data), "in"))


def problem(data):
    (answer,) = answers(data)
    assert isinstance(answer, BadLine)
    return str(answer.error)


def test_json_lines():
    data = b'{"file": "q 1.txt", "references": ["a;b", "c"], "id": 7}\n'
    assert answers(data) == [Trial("q 1.txt", ("a;b", "c"))]


def test_csv_with_columns_in_any_order_and_more_of_them():
    data = b'id,references,file\n1,a.txt;b.txt,"q,1.txt"\n2,c;d,q2'
    assert answers(data) == [Trial("q,1.txt", ("a.txt", "b.txt")), Trial("q2", ("c", "d"))]


def test_roles_hold_each_questioned_file_against_the_references_of_its_signer_and_draw():
    data = (
        b"draw,signer,role,file\n0,s/a,reference,a1\n0,s/b,reference,b1\n0,s/a,reference,a2\n"
        b"0,s/a,genuine,a3\n0,s/b,skilled,f1\n1,s/a,reference,a3\n1,s/a,random,b1\n0,s/a,random,b1\n"
    )
    assert answers(data) == [
        Trial("a3", ("a1", "a2")),
        Trial("f1", ("b1",)),
        Trial("b1", ("a3",)),
        Trial("b1", ("a1", "a2")),
    ]


def test_roles_in_any_order_of_columns_and_with_more_of_them():
    data = b'id,file,role,signer,draw\n1,"a,1",reference,a,0\n2,q,genuine,a,0\n'
    assert answers(data) == [Trial("q", ("a,1",))]


ROLES = b"draw,signer,role,file\n"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"0,b,genuine,q", "this signer has no reference yet in this draw"),
        (b"1,a,genuine,q", "this signer has no reference yet in this draw"),
        (b"0,a,reference,r2", "a reference after what is questioned"),
        (b"0,a,genuine,r1", "already a reference of this signer"),
        (b"0,b,reference,", "'file' must be the name"),
        (b"0,a,genuine,", "'file' must be the name"),
        (b"0,a,forged,q", "'role' must be one of reference, genuine, skilled, random"),
        (b"first,a,genuine,q", "'draw' must be a whole number"),
        (b"0,a,genuine", "3 columns, 4 are wanted"),
    ],
)
def test_a_bad_role_is_named_and_the_rest_goes_on(line, told):
    before, bad, after = answers(
        ROLES + b"0,a,reference,r1\n0,a,random,p\n" + line + b"\n0,a,genuine,r"
    )
    assert (before, after) == (Trial("p", ("r1",)), Trial("r", ("r1",)))
    assert str(bad.error).startswith("in, line 4: ")
    assert told in str(bad.error)


def test_a_reference_twice_is_named():
    (bad,) = answers(ROLES + b"0,a,reference,r1\n0,a,reference,r1\n")
    assert "line 3: this file is already a reference" in str(bad.error)


def test_both_in_one_stream_with_marks_blank_lines_and_line_ends_of_windows():
    data = b'\xef\xbb\xbffile,references\r\n\r\n  \nq,a;b\r\n{"file":"p","references":["c","d"]}'
    assert answers(data) == [Trial("q", ("a", "b")), Trial("p", ("c", "d"))]


def test_a_name_that_begins_with_a_brace_is_quoted():
    assert answers(HEADER + b'"{q}",a;b\n') == [Trial("{q}", ("a", "b"))]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"{broken", "is not a JSON object"),
        (b'{"file": "q"}', "'references' must be a list"),
        (b'{"file": "q", "references": "a"}', "'references' must be a list"),
        (b'{"file": "q", "references": ["a", 1]}', "'references' must be a list"),
        (b'{"references": ["a", "b"]}', "'file' must be the name"),
        (b'{"file": 5, "references": ["a"]}', "'file' must be the name"),
        (b'{"file": "", "references": ["a"]}', "'file' must be the name"),
        (b'{"file": "q", "references": ["a", ""]}', "a reference without a name"),
        (
            b"q.txt,a.txt",
            "names neither the columns file and references nor draw, signer, role, file",
        ),
        (b'{"file": "\xff", "references": []}', "can't decode byte"),
        (b'{"a":' * 100_000, "recursion"),
        (b'{"file": ' + b"9" * 5000 + b"}", "is not a JSON object"),
        (b"\x00", "names neither the columns"),
        (b'"', "unexpected end of data"),
    ],
)
def test_a_bad_line_is_named(line, told):
    assert problem(line).startswith("in, line 1: ")
    assert told in problem(line)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"q", "1 columns, 2 are wanted (file, references)"),
        (b"q,a,b", "3 columns, 2 are wanted"),
        (b",a;b", "'file' must be the name"),
        (b"q,", "a reference without a name"),
        (b"q,a;;b", "a reference without a name"),
        (b'q,"a', "unexpected end of data"),
    ],
)
def test_a_bad_line_below_the_header_is_named_and_the_rest_goes_on(line, told):
    before, bad, after = answers(HEADER + b"p,a;b\n" + line + b"\nr,c;d\n")
    assert (before, after) == (Trial("p", ("a", "b")), Trial("r", ("c", "d")))
    assert str(bad.error).startswith("in, line 3: ")
    assert told in str(bad.error)


def test_an_endless_line_is_refused_in_little_memory(monkeypatch):
    monkeypatch.setattr(module, "MAX_LINE", 50)
    asked = []

    class Counted(io.BytesIO):
        def readline(self, size):
            asked.append(size)
            return super().readline(size)

    (answer,) = stream_trials(Counted(b"x" * 1000), "in")
    assert "line 1: is over 50 bytes" in str(answer.error)
    assert min(asked) > 0
    assert max(asked) <= 51
    bad, good = answers(b"{" * 1000 + b'\n{"file": "q", "references": ["a"]}')
    assert "line 1: is over 50 bytes" in str(bad.error)
    assert good == Trial("q", ("a",))
    assert "is over" in problem(b"x" * 1000)
    assert answers(HEADER + b"q," + b"a" * 47 + b"\n")[-1] == Trial("q", ("a" * 47,))


def test_a_line_is_answered_before_the_next_one_has_come():
    class Pipe:
        def __init__(self, lines):
            self.lines = lines

        def readline(self, size):
            return self.lines.pop(0)

    pipe = Pipe([b'{"file": "q", "references": ["a"]}\n'])
    # A second line is not there yet: to ask for it would fail.
    assert next(stream_trials(pipe, "in")) == Trial("q", ("a",))


@given(st.lists(st.binary(max_size=60).map(lambda b: b.replace(b"\n", b"")), max_size=20))
@example([b'{"file": "q", "references": ["\\ud800"]}', b"\xff", b"\xa0"])
def test_hostile_lines_are_answered_in_their_place(lines):
    data = b"\n".join([*lines, b""])
    good = b'{"file": "q", "references": ["a", "b"]}\n'
    *found, last = answers(data + good)
    assert last == Trial("q", ("a", "b"))
    wanted = sum(bool(line.strip()) for line in lines)
    # At most one of them is a header.
    assert wanted - 1 <= len(found) <= wanted
    for answer in found:
        assert isinstance(answer, (Trial, BadLine))
        assert not isinstance(answer, BadLine) or "\n" not in str(answer.error)


text = st.text(min_size=1).filter(str.strip)


@given(text, st.lists(text, min_size=1, max_size=4))
def test_any_names_pass_through_json(file, references):
    line = json.dumps({"file": file, "references": references}).encode()
    assert answers(line) == [Trial(file, tuple(references))]
