from types import SimpleNamespace
from typing import Any

import pytest

from sigtdnn.errors import ProtocolError
from sigtdnn.evaluation.guard import guard_signers


def trained_on(*signers: str) -> Any:
    return SimpleNamespace(trained_on=frozenset(signers))


def test_signers_any_system_has_seen_are_left_out_for_all() -> None:
    guard = guard_signers(["d", "a", "b", "c"], [trained_on("a"), trained_on("b", "z")], False)
    assert guard.tested == ("c", "d")
    assert guard.left_out == ("a", "b")
    assert guard.overlapping == ()


def test_overlap_keeps_and_names_them() -> None:
    guard = guard_signers(["a", "b"], [trained_on("a")], allow_overlap=True)
    assert guard.tested == ("a", "b")
    assert guard.left_out == ()
    assert guard.overlapping == ("a",)


def test_nobody_left_is_an_error() -> None:
    with pytest.raises(ProtocolError, match="all 2 signers of the corpus were trained"):
        guard_signers(["a", "b"], [trained_on("a", "b", "c")], False)
