"""Makes the golden files of the preprocessor: an artificial curve and its ten features.

Run it only when a change of the features is meant, and read the difference:

    python tests/preprocessing/data/generate.py
"""

from pathlib import Path

import numpy as np

from sigtdnn.preprocessing import FEATURES, preprocess
from sigtdnn.signature import Signature

FOLDER = Path(__file__).parent
POINTS = 320


def artificial_curve() -> np.ndarray:
    """Columns t, x, y, pen, shape (320, 4): loops on a slope, two lifts, a rest, uneven times."""
    i = np.arange(POINTS)
    t = i / 100 + 0.003 * np.sin(i)
    x = 900 * t + 250 * np.cos(7 * t) + 40 * np.sin(23 * t)
    y = 4000 - 150 * t + 300 * np.sin(9 * t) + 60 * np.cos(17 * t)
    x[200:220], y[200:220] = x[200], y[200]
    pen = ~(((i >= 90) & (i < 120)) | ((i >= 230) & (i < 236)))
    return np.column_stack([t, x, y, pen])


def main() -> None:
    """Writes curve.csv, then features.csv from what curve.csv holds."""
    curve = FOLDER / "curve.csv"
    np.savetxt(
        curve, artificial_curve(), fmt=["%.4f", "%.1f", "%.1f", "%d"],
        delimiter=",", header="t,x,y,pen", comments="",
    )  # fmt: skip
    t, x, y, pen = np.loadtxt(curve, delimiter=",", skiprows=1, unpack=True)
    features = preprocess(Signature.from_samples(t, x, y, pen > 0))
    np.savetxt(
        FOLDER / "features.csv", features.T, fmt="%.6f",
        delimiter=",", header=",".join(FEATURES), comments="",
    )  # fmt: skip


if __name__ == "__main__":
    main()
