"""What a sampler is: settings that give the pairs of recordings, batch by batch.

The columns signer and kind of the table of recordings are used; the numbers in `Pairs` are
positions of its rows.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sigtdnn.arrays import Rows

if TYPE_CHECKING:
    import pandas as pd

GENUINE, SKILLED, RANDOM = 0, 1, 2


@dataclass(frozen=True, eq=False)
class Pairs:
    """n pairs of recordings: rows of the recordings table, and the kind of each pair."""

    first: Rows  # (n,), always a genuine
    second: Rows  # (n,)
    kind: Rows  # (n,), GENUINE, SKILLED or RANDOM

    def __len__(self) -> int:
        return len(self.first)

    def take(self, places: Rows | slice) -> "Pairs":
        """The pairs at those places."""
        return Pairs(self.first[places], self.second[places], self.kind[places])


def joined(batches: Sequence[Pairs]) -> Pairs:
    """The pairs of all batches, in their order."""
    first, second, kind = (
        np.concatenate([getattr(batch, column) for batch in batches])
        for column in ("first", "second", "kind")
    )
    return Pairs(first, second, kind)


class Sampler(ABC):
    """Draws pairs. Each of its methods raises TooFewPairsError where the recordings give none."""

    kind: ClassVar[str]

    @abstractmethod
    def draw_training(self, recordings: "pd.DataFrame", rng: np.random.Generator) -> Pairs:
        """The pairs that every pass is measured on, drawn once."""

    @abstractmethod
    def draw_validation(self, recordings: "pd.DataFrame", rng: np.random.Generator) -> Pairs:
        """The same of the validation signers."""

    @abstractmethod
    def batches(
        self, recordings: "pd.DataFrame", pairs: Pairs, size: int, rng: np.random.Generator
    ) -> list[Pairs]:
        """The batches of one pass, of `size` pairs unless the sampler decides otherwise.

        `pairs` are those of `draw_training`, which a pass need not use.
        """
