"""What 80 bytes do to a template's variance: the paper's layout and ours, update by update.

The paper keeps 38 means and 38 means of squares in one byte each and takes the variance from
their difference (PAPER section 6). It does not print the bytes' ranges; here they are the
most favourable: of the mean that of our card, of the square from 0 to the greatest square in
that range. Ours keeps 38 means at 14 bits and the variance as a number.

Both are written and read back after every update, as on a card. The table shows the variance
that is read, over what the same updates give in full precision. Run it: it draws artificial
signers, of consistent and of changeable hand; `measure` takes real vectors, too.
"""

from collections.abc import Callable
from dataclasses import dataclass

import click
import numpy as np
from numpy.typing import NDArray

from sigtdnn.verification.codec import HIGHEST
from sigtdnn.verification.density import Density
from sigtdnn.verification.update import MEMORY, learn

Array = NDArray[np.float64]
COMPONENTS = 38
BYTE = 255
ENROLLED, UPDATES = 6, 60
SIGNERS = 200
RANGE = 1.7159  # of the network's output, either side of 0
# Deviations of an output within a signer, as shares of that range.
HANDS = {"consistent": 0.005, "middling": 0.02, "changeable": 0.06}


@dataclass(frozen=True, eq=False)
class State:
    """Mean and mean square of each component (k,), or mean and one variance."""

    mean: Array
    second: Array  # mean squares (k,) in the paper's layout, the variance (1,) in ours


Layout = Callable[[State, Array, Array], State]  # through the bytes, with low and high ends


def exactly(state: State, low: Array, high: Array) -> State:
    """The state as it is."""
    return state


def in_paper_bytes(state: State, low: Array, high: Array) -> State:
    """The state after one byte a mean and one byte a mean square."""
    most = np.maximum(low**2, high**2)
    mean = low + _rounded((state.mean - low) / (high - low), BYTE) * (high - low)
    return State(mean, _rounded(state.second / most, BYTE) * most)


def in_our_bytes(state: State, low: Array, high: Array) -> State:
    """The state after 14 bits a mean and single precision for the variance."""
    mean = low + _rounded((state.mean - low) / (high - low), HIGHEST) * (high - low)
    return State(mean, state.second.astype(np.float32).astype(np.float64))


def measure(vectors: Array, low: Array, high: Array) -> dict[str, Array]:
    """Variance read over variance in full precision, after enrolment and after each update.

    `vectors` (signers, enrolled and updates, k) are in signing order, the ranges (k,). The
    ratios of the layouts have the shape (signers, updates + 1).
    """

    def ratios(follow: Callable[..., list[float]], layout: Layout) -> Array:
        read, exact = (
            np.array([follow(signer, kind, low, high) for signer in vectors])
            for kind in (layout, exactly)
        )
        found: Array = read / exact
        return found

    return {
        "paper": ratios(_paper_variances, in_paper_bytes),
        "ours": ratios(_our_variances, in_our_bytes),
    }


def _paper_variances(signer: Array, layout: Layout, low: Array, high: Array) -> list[float]:
    enrolled = signer[:ENROLLED]
    state = layout(State(enrolled.mean(axis=0), (enrolled**2).mean(axis=0)), low, high)
    found = [float((state.second - state.mean**2).mean())]
    for number, vector in enumerate(signer[ENROLLED:]):
        share = 1 / (min(ENROLLED + number, MEMORY) + 1)
        mean = (1 - share) * state.mean + share * vector
        state = layout(State(mean, (1 - share) * state.second + share * vector**2), low, high)
        found.append(float((state.second - state.mean**2).mean()))
    return found


def _our_variances(signer: Array, layout: Layout, low: Array, high: Array) -> list[float]:
    enrolled = signer[:ENROLLED]
    variance = enrolled.var(axis=0, ddof=1).mean(keepdims=True)
    state = layout(State(enrolled.mean(axis=0), variance), low, high)
    found = [float(state.second[0])]
    for number, vector in enumerate(signer[ENROLLED:]):
        learnt = learn(Density(state.mean, float(state.second[0]), ENROLLED + number), vector)
        state = layout(State(learnt.mean, np.array([learnt.variance])), low, high)
        found.append(float(state.second[0]))
    return found


def _rounded(share: Array, steps: int) -> Array:
    return np.round(np.clip(share, 0, 1) * steps) / steps


def artificial(deviation: float, rng: np.random.Generator) -> Array:
    """Vectors (signers, enrolled and updates, 38) of signers who stay the same."""
    mean = rng.uniform(-0.8 * RANGE, 0.8 * RANGE, (SIGNERS, 1, COMPONENTS))
    noise = rng.normal(size=(SIGNERS, ENROLLED + UPDATES, COMPONENTS))
    return mean + deviation * RANGE * noise


def line(ratios: Array) -> str:
    """Median of ratios (signers,), and the range of nine tenths of them."""
    low, middle, high = np.quantile(ratios, [0.05, 0.5, 0.95])
    return f"{middle:5.2f} ({low:5.2f} to {high:5.2f})"


@click.command()
def main() -> None:
    """Print, for each hand and layout, the variance read over that in full precision."""
    ends = np.full(COMPONENTS, -RANGE), np.full(COMPONENTS, RANGE)
    click.echo(f"{'hand':12}{'layout':8}{'enrolled':26}after {UPDATES} updates")
    for number, (hand, deviation) in enumerate(HANDS.items()):
        found = measure(artificial(deviation, np.random.default_rng(number)), *ends)
        for layout, ratios in found.items():
            click.echo(f"{hand:12}{layout:8}{line(ratios[:, 0]):26}{line(ratios[:, -1])}")


if __name__ == "__main__":
    main()
