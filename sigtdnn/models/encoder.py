"""Encoder: signatures become feature vectors, by a trained sub-network and what precedes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sigtdnn.arrays import Float32
from sigtdnn.networks.config import NetworkConfig
from sigtdnn.networks.encoder import Encoder as NumpyNetwork
from sigtdnn.preprocessing import PreprocessingSettings, preprocess_batch
from sigtdnn.signature import Signature
from sigtdnn.tables import table_from


@dataclass(frozen=True, eq=False)
class Encoder:
    """A trained sub-network, its weights, and how its inputs are made."""

    network: NetworkConfig
    preprocessing: PreprocessingSettings
    weights: Mapping[str, Float32]  # by name and shape as `weight_shapes` gives them
    scales: Float32  # (inputs,): a feature is divided by its own

    def represent(self, signatures: Sequence[Signature]) -> Float32:
        """Feature vectors (n, d); raises PreprocessingError for a signature without size."""
        return self.encode(preprocess_batch(signatures, self.preprocessing))

    def encode(self, features: Float32) -> Float32:
        """Feature vectors (n, d) of unscaled features (n, 10, frames).

        They are of length 1 if the network asks for it.
        """
        vectors = self._network.encode(features)
        if self.network.unit_vectors:
            vectors /= np.sqrt((vectors * vectors).sum(axis=1, keepdims=True))
        return vectors

    def tables(self) -> list[dict[str, Any]]:
        """The settings that change a feature vector."""
        return [table_from(self.network), table_from(self.preprocessing)]

    @cached_property
    def _network(self) -> NumpyNetwork:
        return NumpyNetwork(self.network, self.weights, self.scales)
