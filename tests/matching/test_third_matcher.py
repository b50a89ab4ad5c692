"""The seam: a third matcher is one class and one line in the registry, and all else works."""

import inspect
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
import pytest

from sigtdnn.arrays import Float64
from sigtdnn.errors import OtherModelError, TemplateError
from sigtdnn.evaluation.evaluation import evaluate
from sigtdnn.evaluation.systems import RowRepresentations, model_system
from sigtdnn.matching.elastic import Elastic
from sigtdnn.matching.matcher import Examples, Matcher, Representations
from sigtdnn.matching.registry import MATCHERS
from sigtdnn.models.file import load_model, save_model
from sigtdnn.parallel import Progress
from sigtdnn.signature import Signature
from sigtdnn.store.base import get
from sigtdnn.store.sqlite import open_store
from sigtdnn.training.fit import fit_model
from sigtdnn.trials.protocols import PROTOCOLS
from sigtdnn.verification import Verifier

LINES = 40


@dataclass(frozen=True)
class Nearest(Matcher[Float64]):
    """Minus the distance to the nearest reference, of vectors (d,); a template is all of them."""

    kind: ClassVar[str] = "nearest"
    code: ClassVar[int] = 33
    power: float = 2.0

    @classmethod
    def fit(
        cls, settings: Any, training: Examples, validation: Examples, progress: Progress
    ) -> Self:
        return settings

    @classmethod
    def represent(cls, signatures: Sequence[Signature]) -> Float64:
        return np.array([[np.log(s.duration), np.ptp(s.y) / np.ptp(s.x)] for s in signatures])

    def enroll(self, representations: Representations) -> Float64:
        return np.array(representations, np.float64)

    def compare(self, template: Float64, representations: Representations) -> Float64:
        apart = np.abs(np.array(representations)[:, None] - template) ** self.power
        nearest: Float64 = -(apart.sum(axis=2).min(axis=1) ** (1 / self.power))
        return nearest

    def pack(self, template: Float64) -> bytes:
        return template.astype("<f4").tobytes()

    def unpack(self, data: bytes, count: int) -> Float64:
        if not data or len(data) % (4 * count):
            raise TemplateError("template that is cut short", "enrol again")
        size = len(data) // 4
        return np.array(struct.unpack(f"<{size}f", data)).reshape(count, -1)

    def count(self, template: Float64) -> int:
        return len(template)


def test_it_is_short() -> None:
    assert len(inspect.getsource(Nearest).splitlines()) <= LINES


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line in the registry."""
    monkeypatch.setitem(MATCHERS, Nearest.kind, Nearest)


@pytest.fixture(params=["its own representation", "an encoder"])
def model(request, make_model, corpora):
    encoder = make_model().encoder if request.param == "an encoder" else None
    table = {"kind": "nearest", "power": 1.5}
    return fit_model("third", encoder, table, corpora[0], corpora[1], seed=3)


def test_it_is_fitted_with_a_calibration_and_norms(model):
    assert model.matcher == Nearest(power=1.5)
    (calibration,) = model.calibrations.measured
    assert (calibration.skilled.forgeries, calibration.random.forgeries) == (15, 6)
    assert calibration.threshold() < 0
    assert model.norms.odd < 0 < model.norms.widest
    assert model.norms.confident >= calibration.threshold()


def test_it_is_evaluated(model, corpora):
    corpus = corpora[2]
    system = model_system("third", model, RowRepresentations(model.represent, corpus))
    found = evaluate(corpus, [system], PROTOCOLS["paper"])
    assert found.guard.tested == ("made/6", "made/7", "made/8")
    assert np.isfinite(found.scores[["raw", "log_odds", "score"]]).all(axis=None)
    assert found.figures["third"]["skilled"]["eer_global"].mean < 0.5
    mean = found.scores.groupby("kind")["score"].mean()
    assert mean["genuine"] > max(mean["skilled"], mean["random"])


def test_it_comes_back_from_a_model_file(model, corpora, tmp_path):
    save_model(model, tmp_path / "model.safetensors")
    found = load_model(tmp_path)
    assert found.matcher == model.matcher
    assert (found.calibrations, found.norms) == (model.calibrations, model.norms)
    assert found.fingerprint == model.fingerprint
    signatures = list(corpora[2].signatures())
    record = Verifier(model).reference(signatures[:6])
    one, other = (Verifier(m).score(record, signatures[6]) for m in (model, found))
    assert one == other


def test_it_enrols_is_stored_and_verifies(model, corpora, tmp_path):
    verifier, signatures = Verifier(model), list(corpora[2].signatures())
    for part in (signatures[:2], signatures[2:4], signatures[4:6]):
        with open_store(tmp_path / "store.db", "create") as store, store.changing():
            begun = store.find("anna", model.id)
            record, state = verifier.enroll(part, begun)
            store.put("anna", record)
    assert (state.given, state.protection) == (6, None)
    assert record.template[0] == Nearest.code
    with open_store(tmp_path / "store.db", "read") as store:
        stored = get(store, "anna", model.id)
    assert stored == record
    genuine, forged = (verifier.verify(stored, signatures[row], 0.5) for row in (6, 9))
    template = model.matcher.unpack(stored.template[6:], 6)
    wanted = model.matcher.compare(template, model.represent(signatures[6:7]))[0]
    assert genuine.raw == wanted
    assert genuine.score > forged.score
    assert genuine.accepted
    assert verifier.update(stored, signatures[6]) is stored
    records = {"anna": stored, "berta": verifier.reference(signatures[13:19])}
    assert verifier.identify(signatures[6], records)[0][0] == "anna"


def test_its_templates_are_not_those_of_another_matcher(model, corpora):
    signatures = list(corpora[2].signatures())[:6]
    elastic = fit_model("elastic", None, {"kind": "elastic"}, corpora[0], corpora[1], seed=3)
    assert elastic.matcher == Elastic()
    assert elastic.id != model.id
    with pytest.raises(OtherModelError):
        Verifier(elastic).score(Verifier(model).reference(signatures), signatures[0])


def test_a_setting_of_its_own_changes_the_fingerprint(model, corpora):
    table = {"kind": "nearest", "power": 2.5}
    other = fit_model("third", model.encoder, table, corpora[0], corpora[1], seed=3)
    assert other.fingerprint != model.fingerprint
