import numpy as np
import pandas as pd
import pytest

from sigtdnn.corpus.corpus import IDENTITY_COLUMNS, Corpus
from sigtdnn.corpus.identity import Collection
from sigtdnn.signature import Signature


@pytest.fixture(scope="session")
def signed_corpus() -> Corpus:
    """Nine genuines of each of four signers, and two forgeries of the first two.

    Each signer draws ellipses of their own; a forgery has the target's shape and is clumsier.
    """
    rng = np.random.default_rng(0)
    rows, signatures = [], []
    for person in range(4):
        for kind, count in (("genuine", 9), ("skilled", 2 if person < 2 else 0)):
            for number in range(1, count + 1):
                t = np.arange(60) * 0.01
                noise = rng.normal(scale=0.02 if kind == "genuine" else 0.3, size=(2, 4))
                x = np.cos((5 + 3 * person) * t + noise[0, 0]) + noise[0, 1] * np.sin(40 * t)
                y = np.sin((9 + 2 * person) * t + noise[1, 0]) + noise[1, 1] * np.sin(31 * t)
                pressure = 0.5 + 0.3 * np.sin(8 * t + person + noise[0, 2])
                signatures.append(
                    Signature.from_samples(t, x, y, np.arange(60) % 25 != 24, pressure)
                )
                file, signer = f"{person}-{kind}-{number}", f"set/{person}"
                rows.append((file, "set", signer, "", kind, None, number))
    recordings = pd.DataFrame(rows, columns=IDENTITY_COLUMNS)
    return Corpus.from_signatures(recordings, signatures, {"set": Collection("set", False, True)})
