"""Fills the words of a page with figures, and checks what they claim.

The words are Markdown, with braces around what is filled in:

    {VALUE : FORM}         a number in one of `FORMS`; without a form, as it is
    {table NAME}           on a line of its own, a paragraph: a table of the page
    {holds A < B <= C}     on a line of its own, below a sentence that is true only then

A value is a number or a path through the facts, such as `comparison.nfi.paper.systems.dtw`;
an estimate stands for its mean, `low` and `high` are the ends of its interval. A step of a path
may be a pattern (`network-*`) or several names (`svc|susig`); where not every branch goes on,
those that do count. `least`, `most` and `sum` before a path make one number of many, `A minus B`
and `A over B` one of two. `holds` compares every number on the left with every one on the right,
`holds each` the first with the first, the second with the second and so on.
"""

import operator
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import partial, reduce
from itertools import product
from typing import Any

import click

from paper_repro.pages.tables import interval, percent, rate

WIDTH = 100
# Short names for keys of the results.
NAMES = {"nfi": "sigcomp2009-nfi", "svc": "svc2004/Task2", "susig": "susig/VisualSubCorpus"}
ENDS = ("low", "high")
GATHER: Mapping[str, Callable[[list[float]], float]] = {"least": min, "most": max, "sum": sum}
COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq,
}  # fmt: skip
NUMBERS: Mapping[str, Callable[[float], str]] = {
    "%": percent,
    "%0": lambda value: f"{100 * value:.0f}",
    "n": lambda value: f"{value:,.0f}",
    ".1": lambda value: f"{value:.1f}",
    "minutes": lambda value: f"{value / 60:.0f}",
}
ESTIMATES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {"rate": rate, "interval": interval}
FORMS = (*NUMBERS, *ESTIMATES)


class ProseError(click.ClickException):
    """Words that the facts do not bear out."""


def filled(words: str, facts: Mapping[str, Any], tables: Mapping[str, Sequence[str]]) -> str:
    """The page. Raises ProseError."""
    blocks = []
    for block in words.strip().split("\n\n"):
        lines: list[str] = []
        for line in block.split("\n"):
            if line.startswith("{holds "):
                check(line[len("{holds ") : -1], facts)
            elif line.startswith("{table "):
                lines += tables[line[len("{table ") : -1]]
            else:
                lines.append(line)
        blocks.append(_wrapped(fill("\n".join(lines), facts)))
    return "\n\n".join(filter(None, blocks)) + "\n"


def fill(text: str, facts: Mapping[str, Any]) -> str:
    """The text with a figure for every value in braces."""
    return re.sub(r"\{([^{}]+)\}", lambda found: _figure(" ".join(found[1].split()), facts), text)


def _figure(words: str, facts: Mapping[str, Any]) -> str:
    value, _, form = words.partition(" : ")
    if form in ESTIMATES:
        return ESTIMATES[form](_one(find(value, facts), value))
    if form in NUMBERS:
        return NUMBERS[form](_one(numbers(value, facts), value))
    if form:
        raise ProseError(f"'{words}': form '{form}' is none of {', '.join(FORMS)}")
    return str(_one(find(value, facts), value))


def check(claim: str, facts: Mapping[str, Any]) -> None:
    """Raises ProseError unless the claim holds."""
    pairs: Callable[[list[float], list[float]], Iterable[tuple[float, float]]] = product
    if claim.startswith("each "):
        pairs = partial(zip, strict=True)
    parts = re.split(r" (<=|>=|<|>|=) ", claim.removeprefix("each "))
    if len(parts) < 3:
        raise ProseError(f"'{claim}' compares nothing")
    values = [numbers(part, facts) for part in parts[::2]]
    for left, sign, right in zip(values, parts[1::2], values[1:], strict=False):
        for one, other in pairs(left, right):
            if not COMPARE[sign](one, other):
                raise ProseError(
                    f"'{claim}' no longer holds ({one:.6g} {sign} {other:.6g}); "
                    "correct what the page says"
                )


def numbers(value: str, facts: Mapping[str, Any]) -> list[float]:
    """The numbers that a value stands for."""
    if " minus " in value:
        return [reduce(operator.sub, _each(value, " minus ", facts))]
    if " over " in value:
        return [reduce(operator.truediv, _each(value, " over ", facts))]
    try:
        return [float(value)]
    except ValueError:
        pass
    gather, _, path = value.partition(" ")
    if gather in GATHER:
        return [GATHER[gather](numbers(path, facts))]
    found = [one["mean"] if isinstance(one, Mapping) else one for one in find(value, facts)]
    if not all(isinstance(one, (int, float)) for one in found):
        raise ProseError(f"'{value}' is no number")
    return found


def _each(value: str, between: str, facts: Mapping[str, Any]) -> Iterator[float]:
    return (_one(numbers(part, facts), part) for part in value.split(between))


def _one(found: list[Any], value: str) -> Any:
    if len(found) != 1:
        raise ProseError(f"'{value}' is {len(found)} values; name one")
    return found[0]


def find(path: str, facts: Mapping[str, Any]) -> list[Any]:
    """What stands at a path; never nothing."""
    found: list[Any] = [facts]
    for step in path.split("."):
        names = [NAMES.get(name, name) for name in step.split("|")]
        found = [inner for one in found for inner in _inside(one, names)]
    if not found:
        raise ProseError(f"'{path}' is not among the results")
    return found


def _inside(value: Any, names: Sequence[str]) -> list[Any]:
    """What of a table, list or interval has one of the names."""
    if isinstance(value, list):
        value = {str(place): one for place, one in enumerate(value)}
    if not isinstance(value, Mapping):
        return []
    if names[0] in ENDS:
        ends = value.get("ci95")
        return [] if ends is None else [ends[ENDS.index(names[0])]]
    return [value[key] for key in value if any(fnmatchcase(key, name) for name in names)]


def _wrapped(block: str) -> str:
    """The block, its lines made even where it is a paragraph."""
    if not re.match(r"[\w*(\[]|`[^`]", block):
        return block
    return textwrap.fill(block, WIDTH, break_long_words=False, break_on_hyphens=False)
