"""XML of unknown origin as a small tree: no document type, no entities, nothing from outside.

Namespaces do not count: `inkml:trace` is `trace`, `xml:id` is `id`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers.expat import ExpatError, ParserCreate

from sigtdnn.formats.source import Source

MAX_DEPTH = 64
MAX_ELEMENTS = 100_000


@dataclass(slots=True, eq=False)
class Element:
    """An element, its attributes and elements by their local names."""

    name: str
    line: int
    attributes: dict[str, str]
    children: list["Element"] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text that stands in the element itself."""
        return "".join(self.texts)

    def get(self, name: str) -> str | None:
        """The attribute of that name, or None."""
        return self.attributes.get(name)

    def find(self, name: str) -> "Element | None":
        """The first child of that name, or None."""
        return next(self.all(name), None)

    def all(self, name: str) -> Iterator["Element"]:
        """The children of that name."""
        return (child for child in self.children if child.name == name)


def parse(source: Source) -> Element:
    """The root of the document in a file.

    Raises FormatError when the XML is broken, declares a document type, or goes beyond
    `MAX_DEPTH` or `MAX_ELEMENTS`.
    """
    parser = ParserCreate()
    parser.buffer_text = True
    above = [Element("", 0, {})]
    count = 0

    def refuse(*_: object) -> NoReturn:
        problem = "declares a document type, which is not read"
        raise source.error(parser.CurrentLineNumber, problem, "remove <!DOCTYPE ...>")

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if len(above) > MAX_DEPTH or count > MAX_ELEMENTS:
            problem = f"over {MAX_DEPTH} levels or {MAX_ELEMENTS} elements"
            raise source.error(parser.CurrentLineNumber, problem, "give one signature a file")
        named = {_local(key): value for key, value in attributes.items()}
        element = Element(_local(name), parser.CurrentLineNumber, named)
        above[-1].children.append(element)
        above.append(element)

    def end(_: str) -> None:
        above.pop()

    def data(text: str) -> None:
        above[-1].texts.append(text)

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = data
    try:
        parser.Parse(source.contents, True)
    except ExpatError as error:
        problem = f"is no well-formed XML ({error})"
        raise source.error(error.lineno, problem, "restore the file") from error
    except (LookupError, ValueError) as error:
        # The XML declaration names an encoding that Python does not know.
        problem = f"is in an unknown encoding ({error})"
        raise source.error(1, problem, "write it in UTF-8") from error
    return above[0].children[0]


def _local(name: str) -> str:
    return name.rpartition(":")[2]
