"""Verdicts in words, and as lines of a stream."""

import csv
import io
import json
from typing import Any

import click

from sigtdnn.verification.verdict import REPLAY, Verdict

COLUMNS = ("file", "raw", "log_odds", "score", "threshold", "accepted", "reason", "error")
# What would end a line in the eyes of some reader, and what ends a string.
_BREAKING = {code: f"\\x{code:02x}" for code in (*range(32), 127, 133)} | {
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


def sentence(verdict: Verdict) -> str:
    """A verdict for a person."""
    word = "accepted" if verdict.accepted else "REJECTED"
    reason = ""
    if verdict.reason == REPLAY:
        reason = "; the recording of a reference, replayed"
    elif verdict.reason is not None:
        reason = f"; furthest from habit: {verdict.reason}"
    return f"{word}, score {verdict.score:.4f}, threshold {verdict.threshold:.4f}{reason}"


class Lines:
    """Answers on standard output, one line each, out as soon as they are told."""

    def __init__(self, *, as_json: bool) -> None:
        """JSON objects, or CSV below a header."""
        self._as_json = as_json
        if not as_json:
            self._row(dict(zip(COLUMNS, COLUMNS, strict=True)))

    def verdict(self, file: str, verdict: Verdict) -> None:
        """The answer to a questioned file."""
        self._answer({"file": file, **verdict.as_dict()})

    def error(self, file: str | None, error: Exception) -> None:
        """The answer to a file or line that cannot be scored."""
        self._answer({"file": file, "error": str(error)})

    def _answer(self, answer: dict[str, Any]) -> None:
        if self._as_json:
            click.echo(json.dumps(answer))
        else:
            self._row(answer)

    def _row(self, answer: dict[str, Any]) -> None:
        line = io.StringIO()
        cells = (_cell(answer.get(column)) for column in COLUMNS)
        csv.writer(line, lineterminator="").writerow(cells)
        click.echo(line.getvalue())


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    # File names may hold anything, even what has no place in UTF-8.
    return str(value).encode(errors="backslashreplace").decode().translate(_BREAKING)
