"""What the distance of one pair of signatures costs, beside dtaidistance. Run by hand:

    PYTHONPATH=. python tests/benchmarks/bench_pair.py

Both compare the same frames, one thread each, exactly: as many frames as most signatures have, of
the functions of time alone and with learnt ones beside. The compiled loop of `matching.elastic`
has the cost of the model that ships; dtaidistance (C, of the extra `test`) the squared difference,
the only one that it offers. Times are medians of the processor, taken in turns.
"""

import argparse
from time import process_time

import numpy as np
from bench_verify import in_turns
from dtaidistance import dtw_ndim

from sigtdnn.matching.elastic.dtw import pair_distances
from sigtdnn.matching.elastic.functions import FUNCTIONS

FRAMES = 140
LEARNT = (0, 12, 24)


def compared(learnt: int, pairs: int, repeats: int) -> None:
    """Prints what a pair takes either."""
    rng = np.random.default_rng(0)
    size = len(FUNCTIONS) + learnt
    frames = rng.normal(size=(pairs + 1, FRAMES, size))
    single = list(frames.astype(np.float32))
    first = np.column_stack([np.zeros(pairs, np.intp), np.arange(1, pairs + 1)])

    def ours() -> None:
        pair_distances(single, first, "saturating", len(FUNCTIONS))

    def theirs() -> None:
        for other in frames[1:]:
            dtw_ndim.distance_fast(frames[0], other)

    ours()  # compiles
    mine, c = (taken / pairs for taken in in_turns([ours, theirs], repeats, process_time))
    print(
        f"pair: {FRAMES} frames, {size} functions: {1e6 * mine:.0f} us, dtaidistance "
        f"{1e6 * c:.0f} us, {mine / c:.2f} x"
    )


def main() -> None:
    """Prints all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=11)
    options = parser.parse_args()
    for learnt in LEARNT:
        compared(learnt, options.pairs, options.repeats)


if __name__ == "__main__":
    main()
