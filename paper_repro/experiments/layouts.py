"""What 80 bytes do to a template's variance: the paper's layout and ours, update by update.

The paper keeps 38 means and 38 means of squares in one byte each and takes the variance from
their difference (PAPER section 6). It does not print the bytes' ranges; here they are as
narrow as the training vectors allow, for the mean from the least to the greatest, for the
square from 0 to the greatest square. Ours keeps 76 means at 7 bits, in a range twice as wide,
and the variance as a number. Variances are followed over the components of our card, in
either layout.

Both are written and read back after every update, as on a card. What is then read as the
variance is held against what the same updates give in full precision.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sigtdnn.arrays import Float32, Float64
from sigtdnn.matching.gaussian.codec import MAX_COMPONENTS, MAX_LEVEL
from sigtdnn.matching.gaussian.components import MARGIN
from sigtdnn.matching.gaussian.density import Density
from sigtdnn.matching.gaussian.update import MEMORY, learn
from sigtdnn.verification.enrolment import WANTED

BYTE = 255
UPDATES = 60  # of an artificial signer
SIGNERS = 200
RANGE = 1.7159  # of the network's output, either side of 0
# Deviations of an output within a signer, as shares of that range.
HANDS = {"consistent": 0.005, "middling": 0.02, "changeable": 0.06}


@dataclass(frozen=True, eq=False)
class State:
    """Mean and mean square of each component (k,), or mean and one variance."""

    mean: Float64
    second: Float64  # mean squares (k,) in the paper's layout, the variance (1,) in ours


# A mean is rounded up from this share of a step on, one number or (k,).
Up = float | Float64
NEAREST = 0.5
# Through the bytes, with the least and the greatest training vectors.
Layout = Callable[[State, Float64, Float64, Up], State]


def narrow_ranges(low: Float64, high: Float64) -> tuple[Float64, Float64]:
    """The least and greatest training values (k,) that the ranges of a card were made of."""
    margin = MARGIN * (high - low) / (1 + 2 * MARGIN)
    return low + margin, high - margin


def paper_density(low: Float64, high: Float64, vectors: Float32, floor: float) -> Density:
    """The density that the paper's bytes of vectors (n, k), of ranges (k,), hold.

    The variance is that of the differences, pooled over the components, unbiased, and at least
    `floor`. Rounding may leave less than nothing of it.
    """
    exact = vectors.astype(np.float64)
    state = State(exact.mean(axis=0), (exact**2).mean(axis=0))
    read = in_paper_bytes(state, low, high)
    count = len(vectors)
    variance = float((read.second - read.mean**2).mean()) * count / (count - 1)
    return Density(read.mean, max(variance, floor), count)


def exactly(state: State, low: Float64, high: Float64, up: Up = NEAREST) -> State:
    """The state as it is."""
    return state


def in_paper_bytes(state: State, low: Float64, high: Float64, up: Up = NEAREST) -> State:
    """The state after one byte a mean and one byte a mean square."""
    most = np.maximum(low**2, high**2)
    mean = low + _rounded((state.mean - low) / (high - low), BYTE, up) * (high - low)
    return State(mean, _rounded(state.second / most, BYTE, up) * most)


def in_our_bytes(state: State, low: Float64, high: Float64, up: Up = NEAREST) -> State:
    """The state after 7 bits a mean, in our wider range, and single precision for the variance."""
    margin = MARGIN * (high - low)
    low, high = low - margin, high + margin
    mean = low + _rounded((state.mean - low) / (high - low), MAX_LEVEL, up) * (high - low)
    return State(mean, state.second.astype(np.float32).astype(np.float64))


def measure(vectors: Float64, low: Float64, high: Float64) -> dict[str, Float64]:
    """Variance read over variance in full precision, after enrolment and after each update.

    `vectors` (signers, enrolled and updates, k) are in signing order, the ranges (k,) those of
    training vectors. The ratios of the layouts have the shape (signers, updates + 1).
    """

    def ratios(follow: Callable[..., list[float]], layout: Layout) -> Float64:
        read, exact = (
            np.array([follow(signer, kind, low, high) for signer in vectors])
            for kind in (layout, exactly)
        )
        found: Float64 = read / exact
        return found

    return {
        "paper": ratios(_paper_variances, in_paper_bytes),
        "ours": ratios(_our_variances, in_our_bytes),
    }


def _paper_variances(signer: Float64, layout: Layout, low: Float64, high: Float64) -> list[float]:
    enrolled = signer[:WANTED]
    state = State(enrolled.mean(axis=0), (enrolled**2).mean(axis=0))
    state = layout(state, low, high, NEAREST)
    found = [float((state.second - state.mean**2).mean())]
    for number, vector in enumerate(signer[WANTED:]):
        share = 1 / (min(WANTED + number, MEMORY) + 1)
        mean = (1 - share) * state.mean + share * vector
        squares = (1 - share) * state.second + share * vector**2
        state = layout(State(mean, squares), low, high, NEAREST)
        found.append(float((state.second - state.mean**2).mean()))
    return found


def _our_variances(signer: Float64, layout: Layout, low: Float64, high: Float64) -> list[float]:
    enrolled = signer[:WANTED]
    variance = enrolled.var(axis=0, ddof=1).mean(keepdims=True)
    state = layout(State(enrolled.mean(axis=0), variance), low, high, NEAREST)
    found = [float(state.second[0])]
    rng = np.random.default_rng(0)
    for number, vector in enumerate(signer[WANTED:]):
        learnt = learn(Density(state.mean, float(state.second[0]), WANTED + number), vector)
        # As an update rounds: up as often as a mean comes near the next level.
        chance = rng.random(len(vector))
        state = layout(State(learnt.mean, np.array([learnt.variance])), low, high, chance)
        found.append(float(state.second[0]))
    return found


def _rounded(share: Float64, steps: int, up: Up) -> Float64:
    return np.floor(np.clip(share, 0, 1) * steps + up) / steps


def artificial(deviation: float, rng: np.random.Generator) -> Float64:
    """Vectors (signers, enrolled and updates, k) of signers who stay the same."""
    mean = rng.uniform(-0.8 * RANGE, 0.8 * RANGE, (SIGNERS, 1, MAX_COMPONENTS))
    noise = rng.normal(size=(SIGNERS, WANTED + UPDATES, MAX_COMPONENTS))
    return mean + deviation * RANGE * noise


def artificial_ranges() -> tuple[Float64, Float64]:
    """Their ranges (k,): all that the network can put out."""
    return np.full(MAX_COMPONENTS, -RANGE), np.full(MAX_COMPONENTS, RANGE)
