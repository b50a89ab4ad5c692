"""Writes plain CSV, the table that is read without being told anything (`table`)."""

from sigtdnn.formats.pen_coding import tip_rows
from sigtdnn.signature import Signature


def write(signature: Signature) -> bytes:
    """The CSV file of a signature; every number reads back equal.

    A stroke of one point is followed by its lift, half way to the next sample.
    """
    rows, t, pen = tip_rows(signature)
    # A last touch, which no interval follows, would else be cut off in reading.
    pen[-1] = signature.stroke[-1] >= 0
    names = ["t", "x", "y", "pen"]
    columns = [t.tolist(), signature.x[rows].tolist(), signature.y[rows].tolist()]
    texts = [map(repr, columns[0]), *((f"{value:.17g}" for value in one) for one in columns[1:])]
    texts.append(map(str, pen.astype(int).tolist()))
    if signature.pressure is not None:
        names.append("pressure")
        texts.append(map(repr, signature.pressure[rows].tolist()))
    lines = [",".join(names), *(",".join(row) for row in zip(*texts, strict=True)), ""]
    return "\n".join(lines).encode("ascii")
