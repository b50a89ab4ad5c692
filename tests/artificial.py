"""Artificial signatures, and models with random weights: no recording, nothing learnt."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from sigtdnn.arrays import Float64
from sigtdnn.corpus.corpus import IDENTITY_COLUMNS, Corpus
from sigtdnn.corpus.identity import Collection
from sigtdnn.formats import plain_csv
from sigtdnn.matching.calibration import Calibration, Calibrations, FalseAcceptance
from sigtdnn.matching.elastic import Elastic
from sigtdnn.matching.gaussian.vectors import Prior
from sigtdnn.matching.matcher import Examples, Representations
from sigtdnn.models.model import Model, Provenance
from sigtdnn.models.norms import Norms
from sigtdnn.networks.config import NetworkConfig
from sigtdnn.networks.encoder import Encoder
from sigtdnn.networks.layers.averaging import Averaging
from sigtdnn.networks.layers.convolution import Convolution
from sigtdnn.preprocessing import PreprocessingSettings
from sigtdnn.signature import Signature
from sigtdnn.verification.traits import TRAITS

# The default threshold, that accepts at most a fifth of the forgeries, is a raw number of 0.
CALIBRATION = Calibration(
    references=6,
    slope=0.1,
    offset=0.0,
    skilled=FalseAcceptance(usual=0.0, spread=10.0, forgeries=20),
    random=FalseAcceptance(usual=-20.0, spread=5.0, forgeries=100),
)
# Of whole vectors, in all different, so that neither passes for the other.
WHOLE_PRIOR = Prior(log_p_no=-50.0, largest_share=0.25)
WHOLE = replace(CALIBRATION, slope=0.3, offset=1.0, skilled=replace(CALIBRATION.skilled, usual=7.0))
NORMS = Norms(
    odd=-4.0, widest=0.5, strangers=1e9, replay=0.75, confident=10.0, habits=(0.1,) * len(TRAITS)
)

# Quick to train, with both kinds of layer.
SMALL_NETWORK = NetworkConfig(
    "small",
    ("x", "y", "pud", "spd"),
    (
        Convolution(4, 39, 10, 5),
        Averaging(4, 13, 3, 3),
        Convolution(4, 5, 5, 2),
    ),
)


GENUINE_NOISE, FORGERY_NOISE = 0.05, 0.8  # of waves


def loops(seed: int, noise: float = 0.05, pace: float = 1.0) -> Signature:
    """The same loops of about 1.5 s every time, less the noise, at the pace given."""
    rng = np.random.default_rng(seed)
    s = np.arange(150) / 100
    x = np.cos(9 * s) + 2 * s + noise * np.cumsum(rng.normal(size=150))
    y = np.sin(13 * s) + noise * np.cumsum(rng.normal(size=150))
    t = s * pace * (1 + 0.03 * rng.random())
    return Signature.from_samples(t, x, y, np.arange(150) % 50 < 40)


def write_signature(path: Path, seed: int, noise: float = 0.02, pace: float = 1.0) -> Path:
    """Those loops in a file."""
    path.write_bytes(plain_csv.write(loops(seed, noise, pace)))
    return path


def waves(shape: Float64, noise: float, rng: np.random.Generator) -> Signature:
    """Waves of the amplitudes `shape` (2, waves, 2), less the noise, in two strokes."""
    t = np.linspace(0, 2, 120)
    phase = 2 * np.pi * np.outer(np.arange(1, shape.shape[1] + 1), t)
    bent = shape + noise * rng.normal(size=shape.shape)
    x, y = bent[..., 0] @ np.sin(phase) + bent[..., 1] @ np.cos(phase)
    return Signature.from_samples(t, x + 2 * t, y, ((t < 0.9) | (t > 1.1)) & (t < 1.9))


def wave_corpus(signers: int = 8, genuine: int = 8, skilled: int = 5, seed: int = 0) -> Corpus:
    """A corpus of `signers`, each with a forger of their own; equal for equal arguments."""
    rows, signatures = [], []
    for number in range(signers):
        rng = np.random.default_rng([seed, number])
        shape = rng.normal(size=(2, 5, 2))
        signer, forger = f"made/{number}", f"made/f{number}"
        for n in range(genuine):
            signatures.append(waves(shape, GENUINE_NOISE, rng))
            rows.append((f"{number}-{n}", "made", signer, signer, "genuine", None, n))
        for n in range(skilled):
            signatures.append(waves(shape, FORGERY_NOISE, rng))
            rows.append((f"{number}-{genuine + n}", "made", signer, forger, "skilled", None, n))
    recordings = pd.DataFrame(rows, columns=IDENTITY_COLUMNS)
    return Corpus.from_signatures(recordings, signatures, {"made": Collection("made", False, True)})


def examples(
    representations: Representations, signer: ArrayLike, genuine: ArrayLike, **changes: object
) -> Examples:
    """Recordings in order of signing, of one collection that tells no sessions; unless told."""
    n = len(representations)
    made = Examples(
        representations,
        np.asarray(signer, np.str_),
        np.asarray(genuine, bool),
        order=np.arange(n),
        session=np.full(n, -1),
        collection=np.full(n, "made"),
    )
    return replace(made, **changes)


def random_encoder(
    network: NetworkConfig, seed: int = 0, spread: float = 0.2, **changes: object
) -> Encoder:
    """An encoder with normal weights of that deviation; scales of 1 unless told."""
    rng = np.random.default_rng(seed)
    weights = {
        name: rng.normal(0, spread, shape).astype(np.float32)
        for name, shape in network.weight_shapes.items()
    }
    scales = np.ones(len(network.inputs), np.float32)
    encoder = Encoder(network, PreprocessingSettings(), weights, scales)
    return replace(encoder, **changes)


def elastic_model() -> Model:
    """A model without a network, whose default threshold is a raw number of -1."""
    return Model(
        "elastic",
        None,
        Elastic(),
        Calibrations((replace(CALIBRATION, skilled=FalseAcceptance(-1.0, 0.2, 20)),)),
        replace(NORMS, odd=-1.2, widest=0.8, confident=-0.9),
        Provenance("made up", (), (), (), 0, 0, "0.0"),
    )
