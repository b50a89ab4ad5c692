import subprocess
import sys

import pytest

from sigtdnn.models.file import save_model

HEAVY = ("torch", "pandas", "scipy", "matplotlib", "numba")
# All that a service does with a model, so that nothing is imported where it is used, either.
SERVICE = f"""
import sys
import numpy as np
from sigtdnn.signature import Signature
from sigtdnn.verification import Profile, Verifier

rng = np.random.default_rng(0)
t = np.arange(80) / 100
signatures = [
    Signature.from_samples(t, np.cos(9 * t + wave), np.sin(13 * t - wave), t < 0.7)
    for wave in 0.02 * rng.normal(size=7)
]
verifier = Verifier.load(sys.argv[1])
first = verifier.template(verifier.enroll(signatures[:6]).to_bytes())
profile = Profile.from_bytes(verifier.profile(signatures[:6]).to_bytes())
print(verifier.score(first, signatures[6]).score >= verifier.threshold(far=0.2))
print(verifier.enrolment(signatures[:6]).given)
print(verifier.update(first, signatures[6], first) is not None)
print(verifier.reason(profile, signatures[6]) != "")
print([module for module in {HEAVY} if module in sys.modules])
"""


@pytest.fixture
def said(model, tmp_path):
    save_model(model, tmp_path / "model.safetensors")
    command = [sys.executable, "-c", SERVICE, str(tmp_path)]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    return found.stdout.split("\n")


def test_enrolling_scoring_and_updating_load_nothing_heavy(said):
    assert said == ["True", "6", "True", "True", "[]", ""]
