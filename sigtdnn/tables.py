"""Settings: frozen dataclasses read from TOML tables. Unknown keys fail.

A settings class is a frozen dataclass whose fields are bool, int, float, str, other settings
classes, or tuples of these; an absent key takes the field's default. Where settings come in
several kinds, each has a class of its own with a `kind`, and the hint of the field is
`Annotated[BASE, KINDS]`, KINDS being the classes by kind: the table's key `kind` says which.
"""

import dataclasses
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Protocol, TypeVar

from sigtdnn.errors import ConfigurationError

S = TypeVar("S")
TENSOR = "tensor"


class _OfKind(Protocol):
    kind: ClassVar[str]


K = TypeVar("K", bound=_OfKind)


def kinds(*classes: type[K]) -> dict[str, type[K]]:
    """Settings classes by their kind."""
    return {cls.kind: cls for cls in classes}


def tensor() -> Any:
    """A field that holds an array or None, and that tables and comparisons leave out."""
    return dataclasses.field(default=None, compare=False, metadata={TENSOR: True})


def tensor_names(settings: Any) -> set[str]:
    """The fields of a settings object that hold arrays."""
    return {field.name for field in dataclasses.fields(settings) if TENSOR in field.metadata}


def tensors_of(settings: Any) -> dict[str, Any]:
    """The arrays of a settings object, by the name of their field."""
    found = {name: getattr(settings, name) for name in sorted(tensor_names(settings))}
    return {name: array for name, array in found.items() if array is not None}


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a TOML file.

    Raises ConfigurationError when the file is missing or is not TOML.
    """
    # Scoring, whose settings come with the model, must start fast.
    import tomllib

    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: cannot be read ({error})", "give a TOML file") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path}: is not TOML ({error})", "mend that line") from error


def settings_from(cls: type[S], table: Mapping[str, Any], where: str) -> S:
    """An instance of the settings class `cls` from a TOML or JSON table.

    `where` names the table in errors. Raises ConfigurationError for an unknown or missing
    key, and for a value of the wrong type or that the class itself refuses.
    """
    hints = typing.get_type_hints(cls, include_extras=True)
    fields = {
        field.name: field
        for field in dataclasses.fields(cls)  # type: ignore[arg-type]
        if TENSOR not in field.metadata
    }
    unknown = sorted(set(table) - set(fields))
    if unknown:
        known = ", ".join(fields)
        raise ConfigurationError(f"{where}: unknown key '{unknown[0]}'", f"known keys are {known}")
    values = {
        name: _convert(hints[name], value, f"{where}, {name}") for name, value in table.items()
    }
    try:
        return cls(**values)
    except TypeError as error:
        missing = [
            name
            for name, field in fields.items()
            if name not in table
            and field.default is dataclasses.MISSING
            and field.default_factory is dataclasses.MISSING
        ]
        if not missing:
            raise
        raise ConfigurationError(f"{where}: key '{missing[0]}' is missing", "add it") from error
    except ValueError as error:
        raise _refused(where, str(error)) from error


def table_from(settings: Any) -> dict[str, Any]:
    """The TOML table of a settings object; `settings_from` reads it back equal."""
    kind = {"kind": settings.kind} if hasattr(settings, "kind") else {}
    fields = (f.name for f in dataclasses.fields(settings) if TENSOR not in f.metadata)
    return kind | {name: _plain(getattr(settings, name)) for name in fields}


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return table_from(value)
    return [_plain(item) for item in value] if isinstance(value, (tuple, list)) else value


def _convert(hint: Any, value: Any, where: str) -> Any:
    if typing.get_origin(hint) is Annotated:
        return settings_of_kind(hint.__metadata__[0], value, where)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        if not isinstance(value, Mapping):
            raise _refused(where, f"a table is wanted, not {value!r}")
        return settings_from(hint, value, where)
    if typing.get_origin(hint) is tuple:
        if not isinstance(value, (list, tuple)):
            raise _refused(where, f"a list is wanted, not {value!r}")
        item = typing.get_args(hint)[0]
        if all(type(v) is item for v in value):
            # Names of signers may be thousands.
            return tuple(value)
        return tuple(_convert(item, v, f"{where}[{i}]") for i, v in enumerate(value))
    if typing.get_origin(hint) is typing.Literal:
        if value not in typing.get_args(hint):
            choices = ", ".join(map(repr, typing.get_args(hint)))
            raise _refused(where, f"{value!r} is none of {choices}")
        return value
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        if value is None and types.NoneType in typing.get_args(hint):
            return None
        inner = [arg for arg in typing.get_args(hint) if arg is not types.NoneType]
        return _convert(next((arg for arg in inner if type(value) is arg), inner[0]), value, where)
    if hint is float and type(value) is int:
        return float(value)
    if type(value) is not hint:
        raise _refused(where, f"{hint.__name__} is wanted, not {value!r}")
    return value


def settings_of_kind(kinds: Mapping[str, type[S]], value: Any, where: str) -> S:
    """An instance of the class that the key `kind` of a table names; raises as `settings_from`."""
    known = ", ".join(map(repr, kinds))
    if not isinstance(value, Mapping):
        raise _refused(where, f"a table is wanted, not {value!r}")
    if "kind" not in value:
        raise ConfigurationError(f"{where}: key 'kind' is missing", f"add it, one of {known}")
    kind = value["kind"]
    if not isinstance(kind, str) or kind not in kinds:
        raise _refused(f"{where}, kind", f"{kind!r} is none of {known}")
    return settings_from(kinds[kind], {k: v for k, v in value.items() if k != "kind"}, where)


def _refused(where: str, problem: str) -> ConfigurationError:
    return ConfigurationError(f"{where}: {problem}", "correct it")
