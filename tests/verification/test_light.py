import subprocess
import sys

import pytest

from sigtdnn.models.file import save_model
from tests.tools import HEAVY

# All that a service does with a model, so that nothing is imported where it is used, either.
SERVICE = """
import sys
from pathlib import Path
import numpy as np
from sigtdnn import Signature, Verifier
from sigtdnn.store.base import get
from sigtdnn.store.sqlite import open_store

rng = np.random.default_rng(0)
t = np.arange(80) / 100
signatures = [
    Signature.from_samples(t, np.cos(9 * t + wave), np.sin(13 * t - wave), t < 0.7)
    for wave in 0.02 * rng.normal(size=7)
]
folder = Path(sys.argv[1])
verifier = Verifier.load(folder)
with open_store(folder / "signers.db", "create") as store, store.changing():
    store.put("anna", verifier.enroll(signatures[:3])[0])
with open_store(folder / "signers.db", "change") as store, store.changing():
    anna, state = verifier.enroll(signatures[3:6], get(store, "anna", verifier.model.id))
    store.put("anna", anna)
print(state.given, state.complete)
with open_store(folder / "signers.db", "read") as store:
    records = {entry.signer: entry.record for entry in store.entries()}
print(verifier.score(anna, signatures[6]).score >= verifier.threshold(far=0.2))
print(len(verifier.score_many(verifier.reference(signatures[:4]), signatures)))
print(verifier.verify(anna, signatures[6], threshold=1.0).reason is not None)
print(verifier.update(anna, signatures[6]).updates)
print([name for name, _ in verifier.identify(signatures[6], records)])
"""
LOADED = f"import sys; print([module for module in {HEAVY} if module in sys.modules])"


def said(code, *words):
    """The lines of a program, and last which heavy modules it has loaded."""
    command = [sys.executable, "-c", f"{code}\n{LOADED}", *map(str, words)]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    return found.stdout.splitlines()


@pytest.fixture
def served(tmp_path):
    def served(model):
        save_model(model, tmp_path / "model.safetensors")
        return said(SERVICE, tmp_path)

    return served


def test_enrolling_scoring_updating_and_identifying_load_nothing_heavy(served, model):
    assert served(model) == ["6 True", "True", "7", "True", "1", "['anna']", "[]"]


def test_elastic_matching_loads_nothing_heavy(served, elastic):
    # The questioned signature is all but a reference, from which nothing is learnt.
    assert served(elastic) == ["6 True", "True", "7", "True", "0", "['anna']", "[]"]
