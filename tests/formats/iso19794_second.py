"""A second implementation of the record of ISO/IEC 19794-7:2007, from the text of the standard.

Bit by bit and point by point; nothing of `sigtdnn` is used.
"""

NAMES = (
    "X", "Y", "Z", "VX", "VY", "AX", "AY", "T", "DT", "F", "S", "TX", "TY", "Az", "El", "R"
)  # fmt: skip
SIGNED = ("X", "Y", "VX", "VY", "AX", "AY", "TX", "TY")
FIELDS = ("scaling", "min", "max", "mean", "std")


class Cursor:
    """Reads unsigned big-endian numbers of so many bytes, one after the other."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def number(self, size):
        part = self.data[self.at : self.at + size]
        assert len(part) == size
        self.at += size
        value = 0
        for byte in part:
            value = 256 * value + byte
        return value


def decode(data):
    """(channels, points): each channel's attributes by name, each point's numbers by channel."""
    cursor = Cursor(data)
    assert cursor.number(4) == 0x53444900
    assert cursor.number(4) == 0x20313000
    inclusion = f"{cursor.number(2):016b}"
    channels = {}
    for name in (name for name, bit in zip(NAMES, inclusion, strict=True) if bit == "1"):
        preamble = f"{cursor.number(1):08b}"
        channel = {"constant": preamble[5] == "1", "linear": preamble[6] == "1"}
        assert preamble[7] == "0"
        for field, bit in zip(FIELDS, preamble, strict=False):
            if bit == "0":
                continue
            value = cursor.number(2)
            if field == "scaling":
                exponent, fraction = divmod(value, 2048)
                channel[field] = (1 + fraction / 2048) * 2 ** (exponent - 16)
            else:
                channel[field] = value - 32768 * (name in SIGNED and field != "std")
        channels[name] = channel
    assert cursor.number(1) == 0
    extended = cursor.number(1)
    points = []
    for _ in range(cursor.number(3)):
        point = {}
        for name, channel in channels.items():
            if not channel["constant"]:
                point[name] = cursor.number(1 if name == "S" else 2) - 32768 * (name in SIGNED)
        points.append(point)
    rest = data[cursor.at + 2 :] if extended else data[cursor.at :]
    if extended:
        assert cursor.number(2) == len(rest)
    else:
        assert rest == b""
    return channels, points


def encode(channels, points, extended=b"", wide=False, constants=False):
    """The record; `wide` stores S in two bytes and `constants` what is constant, as some do."""
    out = bytearray(b"SDI\0 10\0")
    out += int("".join("01"[name in channels] for name in NAMES), 2).to_bytes(2, "big")
    for name in NAMES:
        if name not in channels:
            continue
        channel = channels[name]
        bits = ["01"[field in channel] for field in FIELDS]
        bits += ["01"[channel.get("constant", False)], "01"[channel.get("linear", False)], "0"]
        out.append(int("".join(bits), 2))
        for field in FIELDS:
            if field not in channel:
                continue
            value = channel[field]
            if field == "scaling":
                exponent = 0
                while value / 2.0**exponent >= 2:
                    exponent += 1
                while value / 2.0**exponent < 1:
                    exponent -= 1
                value = (exponent + 16) * 2048 + round((value / 2.0**exponent - 1) * 2048)
            elif name in SIGNED and field != "std":
                value += 32768
            out += value.to_bytes(2, "big")
    out += bytes([0, 1 if extended else 0]) + len(points).to_bytes(3, "big")
    for point in points:
        for name in NAMES:
            if name not in channels or (channels[name].get("constant") and not constants):
                continue
            value = point[name] + 32768 * (name in SIGNED)
            out += value.to_bytes(1 if name == "S" and not wide else 2, "big")
    if extended:
        out += len(extended).to_bytes(2, "big") + extended
    return bytes(out)
