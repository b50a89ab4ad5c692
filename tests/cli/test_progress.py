"""The progress bar: on a terminal, and nowhere else."""

import io

import pytest

from cli.progress import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown_on(stream: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr("cli.progress.sys.stderr", stream)
    with progress("Training") as advance:
        advance(1, 2, "loss 0.5")
        advance(2, 2, "loss 0.4")
    return stream.getvalue()


def test_terminal_sees_the_bar_and_its_note(monkeypatch: pytest.MonkeyPatch) -> None:
    text = shown_on(Terminal(), monkeypatch)
    assert "Training" in text
    assert "100%" in text
    assert "loss 0.4" in text


def test_file_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown_on(io.StringIO(), monkeypatch) == ""
