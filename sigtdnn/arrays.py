"""Array types, each with one meaning; shapes stand in docstrings."""

import numpy as np
from numpy.typing import NDArray

Float64 = NDArray[np.float64]
Float32 = NDArray[np.float32]
Bool = NDArray[np.bool_]
Rows = NDArray[np.intp]  # places in a table or along an axis
