"""What a person wants to know of a corpus that was just made, and what is unlike signatures.

Durations are in seconds, rates in samples a second while the pen is on the surface.
"""

from array import array
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from sigtdnn.corpus.identity import Identity, Kind
from sigtdnn.formats.plausibility import rate_of
from sigtdnn.signature import Signature

# Quartiles of durations of whole sets of signatures lie within, in seconds; figures of four public
# sets: 1.7 to 6.5.
USUAL_DURATION = (0.5, 20.0)
# Rates of one tablet differ by rounding.
MAX_SPREAD = 1.5
# So many signers have the same number of strokes, or a reader took all for one.
MIN_RECORDINGS = 20


@dataclass
class Summary:
    """Facts of the recordings that were added."""

    kinds: Counter[Kind] = field(default_factory=Counter)
    signers: set[str] = field(default_factory=set)
    pressure: int = 0  # recordings with it
    air: int = 0  # recordings with samples in the air
    repaired: int = 0  # recordings with time stamps that were replaced
    _unnumbered: set[str] = field(default_factory=set)
    _durations: "array[float]" = field(default_factory=lambda: array("d"))
    _rates: "array[float]" = field(default_factory=lambda: array("d"))
    _strokes: Counter[int] = field(default_factory=Counter)

    def add(self, identity: Identity, signature: Signature) -> None:
        """Adds a recording."""
        self.kinds[identity.kind] += 1
        if identity.signer:
            self.signers.add(identity.signer)
        self.pressure += signature.pressure is not None
        self.air += bool((signature.stroke < 0).any())
        self.repaired += signature.repaired > 0
        if identity.kind == Kind.GENUINE and identity.number is None:
            self._unnumbered.add(identity.collection)
        self._durations.append(signature.duration)
        self._rates.append(rate_of(signature))
        self._strokes[signature.strokes] += 1

    @property
    def durations(self) -> tuple[float, float, float]:
        """The quartiles of the durations."""
        return _quartiles(self._durations)

    @property
    def rates(self) -> tuple[float, float, float]:
        """The quartiles of the rates."""
        return _quartiles(self._rates)

    @property
    def warnings(self) -> list[str]:
        """What is unlike a set of signatures, or keeps it from being used, in sentences."""
        return [
            *self._labels(),
            *(
                f"Signatures of {name} have no numbers: protocols and rules that go by the order "
                "of signing cannot be used, those that draw at random can (mixed, one)."
                for name in sorted(self._unnumbered)
            ),
            *self._times(),
        ]

    def _labels(self) -> list[str]:
        if not self.signers:
            return [
                "Nobody is labelled: no name of a file is that of a known set. Say who signed what "
                "in a recordings.csv beside the files, with the columns file, signer and kind."
            ]
        if not self.kinds[Kind.SKILLED]:
            return ["There are no forgeries: only random ones, of other signers, can be tested."]
        return []

    def _times(self) -> list[str]:
        shortest, longest = USUAL_DURATION
        first, _, third = self.durations
        slow, _, fast = self.rates
        found = []
        if first < shortest or third > longest:
            found.append(
                f"Half of all recordings take {first:.3g} to {third:.3g} s, most signatures "
                f"{shortest:g} to {longest:g}: is the unit of time right (--time-unit)?"
            )
        if fast > MAX_SPREAD * slow:
            found.append(
                f"Rates differ, {slow:.3g} to {fast:.3g} samples a second: do the recordings come "
                "from several tablets?"
            )
        if sum(self._strokes.values()) >= MIN_RECORDINGS and set(self._strokes) == {1}:
            found.append(
                "Every recording is a single stroke: does the format tell when the pen is lifted?"
            )
        return found


def _quartiles(values: "array[float]") -> tuple[float, float, float]:
    first, median, third = np.percentile(values, (25, 50, 75)).tolist()
    return first, median, third
