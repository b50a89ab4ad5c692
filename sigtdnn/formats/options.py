"""What the reader of a stroke file may be told about it, the same for every format.

A file often leaves open what its numbers mean: the unit of time, where y grows, the range of the
tablet's pressure. What is told here comes before what a format usually is; what is not told is
as the format says. Options are given one by one or as a TOML file of the same keys:

    time_unit = "ms"
    pressure_range = 1023
    separator = ";"
    down = ["1"]
    up = ["3"]

    [columns]
    t = "T"
    x = "X"
    y = "Y"
    pen = "EventType"
"""

import math
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

import numpy as np

from sigtdnn.arrays import Float64
from sigtdnn.tables import read_toml, settings_from

# Seconds.
TIME_UNITS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}


@dataclass(frozen=True)
class Columns:
    """Which column of a table holds what: its name in the header, or its number from 1."""

    t: str | int | None = None
    x: str | int | None = None
    y: str | int | None = None
    pen: str | int | None = None  # 1 on the surface, 0 in the air; or events, see `down`
    stroke: str | int | None = None  # the number of the stroke; empty or negative in the air
    pressure: str | int | None = None
    azimuth: str | int | None = None  # in degrees, as altitude
    altitude: str | int | None = None


@dataclass(frozen=True)
class ReadingOptions:
    """What is told; None, False and () where nothing is."""

    format: str | None = None  # a name in `FORMATS`
    time_unit: Literal["s", "ms", "us", "ns"] | None = None
    # Samples a second, evenly spaced; time stamps, if there are any, do not count then.
    rate: float | None = None
    y: Literal["up", "down"] | None = None  # where y grows
    pressure_range: int | None = None  # what the tablet reports at full pressure
    # The rest is about tables.
    separator: str | None = None  # one character; a blank is any run of blanks
    comment: str | None = None  # begins a line that does not count
    decimal_comma: bool = False
    pen_from_pressure: bool = False  # on the surface where there is pressure
    # Values in the column `pen` that set the pen down, and that lift it; others leave it as it is.
    down: tuple[str, ...] = ()
    up: tuple[str, ...] = ()
    columns: Columns = Columns()  # those not named here are ignored, if any is named

    def __post_init__(self) -> None:
        for name in ("rate", "pressure_range"):
            value = getattr(self, name)
            if value is not None and not 0 < value < math.inf:
                raise ValueError(f"{name} is {value}, not a positive number")
        if self.separator is not None and (len(self.separator) != 1 or self.separator in '"\r\n'):
            raise ValueError(f"separator is {self.separator!r}, not one character")
        if self.comment == "":
            raise ValueError("comment is empty, not the mark that begins one")
        if bool(self.down) != bool(self.up):
            raise ValueError("down and up are told together or not at all")

    @property
    def table(self) -> str | None:
        """The name of an option told that only tables have, or None."""
        names = [field.name for field in fields(self)]
        for name in names[names.index("separator") :]:
            if getattr(self, name) != getattr(NOTHING_TOLD, name):
                return name
        return None

    def seconds(self, stamps: Float64, unit: str) -> Float64:
        """Times in seconds of stamps (n,) that usually count in `unit`, one of `TIME_UNITS`."""
        if self.rate is not None:
            return self.clock(len(stamps), self.rate)
        # From zero, because stamps may count from 1970; small numbers are exact.
        since: Float64 = stamps - stamps[0]
        return since * TIME_UNITS[self.time_unit or unit]

    def clock(self, samples: int, rate: float) -> Float64:
        """Times in seconds, shape (samples,), where a file has none and `rate` is usual."""
        return np.arange(samples, dtype=np.float64) / (self.rate or rate)

    def upward(self, y: Float64, way: Literal["up", "down"]) -> Float64:
        """y (n,), growing upward, of one that usually grows in this way."""
        return y if (self.y or way) == "up" else -y


NOTHING_TOLD = ReadingOptions()


def read_options(path: Path) -> ReadingOptions:
    """The options in a TOML file.

    Raises ConfigurationError when the file is missing, is not TOML, or has an unknown key or a
    wrong value.
    """
    return settings_from(ReadingOptions, read_toml(path), str(path))
