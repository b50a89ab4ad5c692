"""From what a tablet reports as pressure to 0..1 of its range.

The range belongs to the tablet, not to the format: the same layout comes from tablets of 128 to
65,536 levels. Unless told, it is the usual one of the format, or where a value exceeds that, the
next above in `RANGES`. One file may stay below the range of its tablet: a corpus brings the
recordings of a collection to one range.
"""

from sigtdnn.arrays import Float64
from sigtdnn.formats.options import ReadingOptions
from sigtdnn.formats.source import Source, require

RANGES = (127, 255, 511, 1023, 2047, 4095, 8191, 16383, 32767, 65535)
TELL_IT = "say what the tablet reports at full pressure (--pressure-range)"


def scaled(
    source: Source, headers: int, values: Float64, options: ReadingOptions, usual: int = RANGES[0]
) -> tuple[Float64, int]:
    """Pressures (n,) in 0..1 of the rows below `headers` lines, and their range.

    Raises FormatError at the first that is negative, or exceeds the range that was told, or all
    known ranges.
    """
    lowest, highest = values.min(), values.max()
    full = options.pressure_range or next(
        (known for known in (usual, *RANGES) if highest <= known >= usual), RANGES[-1]
    )
    if lowest < 0 or highest > full:
        good = (values >= 0) & (values <= full)
        require(source, headers, "pressure", values, good, f"0..{full}", TELL_IT)
    return values / full, full


def fraction(
    source: Source, values: Float64, options: ReadingOptions, full: float | None = None
) -> tuple[Float64 | None, int | None]:
    """Pressures (n,) in 0..1 of a file that is no table, and their range, None where unknown.

    `full` is what the file states. Without that, values within 0..1 are fractions of the range.
    None for pressures that are 0 throughout: the device reports none. Raises FormatError when
    one leaves the range.
    """
    stated = options.pressure_range or full
    largest = float(values.max())
    if largest == values.min() == 0:
        return None, None
    scale = stated or next((known for known in (1, *RANGES) if largest <= known), RANGES[-1])
    if not (values >= 0).all() or largest > scale:
        wrong = values[(values < 0) | (values > scale)][0]
        raise source.error(None, f"pressure is {wrong:g}, 0..{scale:g} is wanted", TELL_IT)
    levels = int(scale) if scale > 1 else None
    return values / scale, levels
