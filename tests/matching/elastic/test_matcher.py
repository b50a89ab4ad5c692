import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigtdnn.errors import ConfigurationError, EnrolmentError, TemplateError
from sigtdnn.evaluation.evaluation import evaluate
from sigtdnn.evaluation.systems import RowRepresentations, dtw_system, model_system, run
from sigtdnn.matching import packing
from sigtdnn.matching.elastic import Elastic
from sigtdnn.matching.elastic.functions import functions_of_time
from sigtdnn.matching.elastic.matcher import DistanceTable
from sigtdnn.matching.elastic.reference import Reference, rounded
from sigtdnn.models.file import load_model, save_model
from sigtdnn.parallel import ignore_progress
from sigtdnn.training.fit import fit_model
from sigtdnn.trials.build import make_trials
from sigtdnn.trials.protocols import PROTOCOLS
from sigtdnn.verification import Verifier

ELASTIC = Elastic()
MODEL = b"abcd"


def some(*lengths, size=2, seed=0):
    """Frames that single precision holds exactly."""
    rng = np.random.default_rng(seed)
    return [rng.normal(size=(n, size)).astype(np.float32).astype(np.float64) for n in lengths]


def recursive(one, other):
    """The distance by its definition, of a table filled from the left."""
    table = np.full((len(one) + 1, len(other) + 1), np.inf)
    table[0, 0] = 0
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            best = min(table[i, j], table[i, j + 1], table[i + 1, j])
            table[i + 1, j + 1] = np.abs(a - b).sum() + best
    return table[-1, -1] / (len(one) + len(other))


# Enrolled and compared


def test_raw_is_minus_the_normalised_distance_by_its_definition():
    references, questioned = some(5, 7, 6), some(6, 4, seed=1)
    among = np.array([[recursive(a, b) for b in references] for a in references])
    others = [np.delete(row, i) for i, row in enumerate(among)]
    r_min, r_mean = np.mean([row.min() for row in others]), np.mean(others)
    apart = np.array([[recursive(a, b) for b in references] for a in questioned])
    wanted = -(apart.min(axis=1) / np.sqrt(r_min) + apart.mean(axis=1) / np.sqrt(r_mean))
    template = ELASTIC.enroll(references)
    np.testing.assert_allclose(ELASTIC.compare(template, questioned), wanted)
    assert ELASTIC.count(template) == 3


def test_a_signature_is_represented_by_its_functions_of_time(make_corpus):
    signatures = list(make_corpus(signers=1).signatures())[:2]
    found = ELASTIC.represent(signatures)
    for one, signature in zip(found, signatures, strict=True):
        np.testing.assert_array_equal(one, functions_of_time(signature).astype(np.float32))
    # A template loses nothing when it is stored.
    template = ELASTIC.enroll(found)
    stored = ELASTIC.unpack(ELASTIC.pack(template), len(found))
    assert [one.tobytes() for one in stored.frames] == [one.tobytes() for one in found]
    assert ELASTIC.represent([]) == []


def test_no_references_are_refused():
    with pytest.raises(EnrolmentError, match="no reference signature"):
        ELASTIC.enroll([])


def test_more_references_than_a_template_can_count_are_refused():
    frames = some(*[2] * 256)
    assert ELASTIC.count(ELASTIC.enroll(frames[:255])) == 255
    with pytest.raises(EnrolmentError, match="256 reference signatures; give 255 or fewer"):
        ELASTIC.enroll(frames)


def test_vectors_are_refused(make_model, corpora):
    encoder = make_model().encoder
    with pytest.raises(ConfigurationError, match="takes frames, not vectors"):
        fit_model("e", encoder, {"kind": "elastic"}, corpora[0], corpora[1], seed=0)
    with pytest.raises(ValueError, match="takes frames, not vectors"):
        ELASTIC.require_size(encoder.network.feature_vector)
    ELASTIC.require_size(None)


# Distances known beforehand


@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.integers(1, 4))
def test_known_distances_give_the_same_raw_numbers(seed, references, questioned):
    rng = np.random.default_rng(seed)
    frames = some(*rng.integers(1, 9, references + questioned), seed=seed)
    places = np.arange(len(frames))
    pairs = np.stack(np.meshgrid(places[:references], places), axis=-1).reshape(-1, 2)
    known = ELASTIC.prepared(frames, pairs, ignore_progress)
    found, wanted = (
        comparator.compare(comparator.enroll(frames[:references]), frames[references:])
        for comparator in (known, ELASTIC)
    )
    assert isinstance(known, DistanceTable)
    assert found.tolist() == wanted.tolist()


def test_known_distances_are_not_computed_again():
    frames, seen = some(3, 4, 5, 6), []
    pairs = np.array([[0, 0], [0, 1], [1, 0], [1, 2]])
    known = ELASTIC.prepared(frames, pairs, lambda done, total: seen.append(total))
    assert seen == [3]  # 0-1 and 1-0 are one
    assert known.prepared(frames, pairs, lambda *_: pytest.fail("computed again")) is known
    more = known.prepared(frames, np.array([[2, 1], [2, 3]]), lambda _, total: seen.append(total))
    assert seen == [3, 1]
    assert more.table.items() > known.table.items()


def test_an_evaluation_with_known_distances_gives_the_numbers_of_the_plain_comparison(corpora):
    corpus = corpora[2]
    trials = make_trials(corpus, PROTOCOLS["paper"])
    scores = run(dtw_system(corpus), trials)
    frames = ELASTIC.represent(list(corpus.signatures()))
    wanted = []
    for _, _, references, questioned in trials.enrolments():
        template = ELASTIC.enroll([frames[row] for row in references])
        wanted += ELASTIC.compare(template, [frames[row] for row in questioned.index]).tolist()
    assert scores["raw"].tolist() == wanted
    assert scores[["log_odds", "score"]].isna().all(axis=None)


# Bytes


def test_bytes_are_shape_and_frames_of_each_reference():
    one, other = np.array([[1.0, -2.0]]), np.array([[0.5, 0.0], [3.0, 4.0]])
    assert ELASTIC.pack(ELASTIC.enroll([one, other])) == b"".join(
        [
            bytes([1, 0, 0, 0, 2, 0, 0, 0]),
            np.array([1.0, -2.0], "<f4").tobytes(),
            bytes([2, 0, 0, 0, 2, 0, 0, 0]),
            np.array([0.5, 0.0, 3.0, 4.0], "<f4").tobytes(),
        ]
    )


@given(st.lists(st.integers(1, 6), min_size=1, max_size=4), st.integers(1, 7))
def test_a_template_comes_back_from_its_bytes(lengths, size):
    template = ELASTIC.enroll(some(*lengths, size=size))
    data = packing.pack(ELASTIC, template, MODEL)
    found = packing.unpack(ELASTIC, data, MODEL)
    assert [one.tolist() for one in found.frames] == [one.tolist() for one in template.frames]
    assert found.among.tolist() == template.among.tolist()
    assert packing.pack(ELASTIC, found, MODEL) == data


def test_numbers_of_single_precision_hardly_move_a_comparison():
    rng = np.random.default_rng(3)
    references, questioned = (
        [rng.normal(size=(n, 6)) for n in sizes] for sizes in ((50, 60, 55), (52, 58))
    )
    template = ELASTIC.enroll(references)
    stored = ELASTIC.unpack(ELASTIC.pack(template), 3)
    np.testing.assert_allclose(
        ELASTIC.compare(stored, questioned), ELASTIC.compare(template, questioned), rtol=1e-6
    )


PACKED = packing.pack(ELASTIC, ELASTIC.enroll(some(3, 4, 2)), MODEL)


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda d: d[:6], "cut short"),
        (lambda d: d[:-1], "cut short"),
        (lambda d: d[:9], "cut short"),
        (lambda d: d + b"\0", "more than 3 references"),
        (lambda d: d[:1] + b"\2" + d[2:], "more than 2 references"),
        (lambda d: d[:1] + b"\4" + d[2:], "cut short"),
        (lambda d: d[:6] + bytes(4) + d[10:], "cut short, or damaged"),
        (lambda d: d[:6] + b"\xff" * 8 + d[14:], "cut short"),
        (lambda d: d[:14] + np.float32("nan").tobytes() + d[18:], "impossible numbers"),
        (lambda d: d[:14] + np.float32("inf").tobytes() + d[18:], "impossible numbers"),
        # Three frames of two functions become two of three: the others have two.
        (lambda d: d[:6] + bytes([2, 0, 0, 0, 3, 0, 0, 0]) + d[14:], "impossible numbers"),
    ],
    ids=str,
)
def test_damaged_bytes_are_refused(damage, problem):
    with pytest.raises(TemplateError, match=problem):
        packing.unpack(ELASTIC, damage(PACKED), MODEL)


def test_a_template_of_other_frames_than_those_questioned_is_refused():
    template = ELASTIC.enroll(some(3, 4))
    with pytest.raises(TemplateError, match="impossible numbers"):
        ELASTIC.compare(template, some(5, size=3))


def read(data):
    """Nothing but a template or a TemplateError comes of any bytes; of a template, a number."""
    try:
        template = packing.unpack(ELASTIC, data, MODEL)
        raw = ELASTIC.compare(template, some(5))
    except TemplateError:
        return
    assert np.isfinite(raw).all()
    assert packing.pack(ELASTIC, template, MODEL) == data


@given(st.binary(max_size=120))
def test_random_bytes_give_a_template_or_a_template_error(data):
    read(data)
    read(PACKED[:6] + data)


@given(st.data())
def test_mutated_bytes_give_a_template_or_a_template_error(data):
    mutated = bytearray(PACKED)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(mutated)))
        match data.draw(st.sampled_from(["change", "cut", "insert"])):
            case "change" if place < len(mutated):
                mutated[place] = data.draw(st.integers(0, 255))
            case "cut":
                del mutated[place : place + data.draw(st.integers(1, 9))]
            case _:
                mutated[place:place] = data.draw(st.binary(min_size=1, max_size=9))
    read(bytes(mutated))


# A model without an encoder


@pytest.fixture(scope="module")
def model(corpora):
    return fit_model("elastic", None, {"kind": "elastic"}, corpora[0], corpora[1], seed=0)


def test_an_elastic_model_is_fitted_like_any_other(model, corpora):
    assert model.encoder is None
    assert model.matcher == ELASTIC
    calibrations = model.calibrations.measured
    assert [one.references for one in calibrations] == [1, 2, 3, 4, 5, 6]
    # One set of six references, five forgeries and two others, of each of three signers.
    assert (calibrations[-1].skilled.forgeries, calibrations[-1].random.forgeries) == (15, 6)
    assert all(one.threshold() < 0 for one in calibrations)
    assert model.provenance.training_signers == ("made/0", "made/1", "made/2")
    assert model.provenance.validation_signers == ("made/3", "made/4", "made/5")
    frames = ELASTIC.represent(list(corpora[1].signatures()))
    observed = []
    for start in range(0, 39, 13):
        template = ELASTIC.enroll(frames[start : start + 6])
        stored = ELASTIC.unpack(ELASTIC.pack(template), 6)
        observed += ELASTIC.compare(stored, frames[start + 6 : start + 13]).tolist()
    assert calibrations[-1].threshold() in observed


def test_settings_of_the_elastic_matcher_are_refused(corpora):
    with pytest.raises(ConfigurationError, match="matcher: unknown key 'variance_floor'"):
        fit_model(
            "elastic",
            None,
            {"kind": "elastic", "variance_floor": 0.2},
            corpora[0],
            corpora[1],
            seed=0,
        )


def test_norms_of_the_elastic_matcher_are_in_its_numbers(model, corpora):
    frames = [ELASTIC.represent(list(corpus.signatures())) for corpus in corpora[:2]]
    # The first six genuines of each signer; a recording in 13 is their first.
    likeness, dispersion = [], []
    for known, part in zip((False, True), frames, strict=True):
        for start in range(0, 39, 13):
            found = ELASTIC.leave_one_out(part[start : start + 6])
            likeness.append(found.min())
            if known:
                dispersion.append(-found.mean())
    assert model.norms.odd == pytest.approx(np.quantile(likeness, 0.05))
    assert model.norms.widest == pytest.approx(np.quantile(dispersion, 0.95))
    assert model.norms.confident >= model.calibrations.of(6).threshold()


def test_thresholds_are_chosen_by_rate(model):
    verifier = Verifier(model)
    strict, usual, lax = (verifier.threshold(far=far) for far in (0.1, 0.2, 0.6))
    assert 0 < lax <= usual <= strict < 1
    assert verifier.threshold() == verifier.threshold(fr=0.8) == usual


def test_a_signer_is_enrolled_and_verified(model, corpora):
    verifier, corpus = Verifier(model), corpora[2]
    signatures = list(corpus.signatures())
    record, state = verifier.enroll(signatures[:4])
    assert (state.given, state.complete, state.protection) == (4, False, None)
    record, state = verifier.enroll(signatures[4:6], record)
    assert state.given == 6
    assert record.template[0] == 17
    frames = ELASTIC.represent(signatures)
    template = packing.unpack(ELASTIC, record.template, model.id)
    genuine, forged = (verifier.verify(record, signatures[n], 0.5) for n in (6, 9))
    assert genuine.raw == ELASTIC.compare(template, [frames[6]])[0]
    assert genuine.log_odds == model.calibrations.of(6).log_odds(np.array(genuine.raw))
    assert genuine.score > forged.score
    assert (genuine.accepted, forged.accepted) == (True, False)
    assert forged.reason is not None
    assert verifier.update(record, signatures[6]) is record
    others = {"own": record, "other": verifier.reference(signatures[13:19])}
    assert [name for name, _ in verifier.identify(signatures[6], others)] == ["own", "other"]


def test_what_is_evaluated_is_what_verifies(model, corpora):
    corpus, verifier = corpora[2], Verifier(model)
    system = model_system("elastic", model, RowRepresentations(model.represent, corpus))
    found = evaluate(corpus, [system], PROTOCOLS["paper"])
    assert found.guard.tested == ("made/6", "made/7", "made/8")
    assert found.figures["elastic"]["skilled"]["eer_global"].mean < 0.35
    scores = found.scores[found.scores["signer"] == "made/6"]
    record = verifier.reference([corpus.signature(row) for row in range(2, 8)])
    rows = corpus.recordings.reset_index().set_index("file")["index"]
    for line in scores.itertuples():
        wanted = verifier.score(record, corpus.signature(rows[line.questioned]))
        assert (line.raw, line.log_odds) == (wanted.raw, wanted.log_odds)
        assert line.score == pytest.approx(wanted.score)


def test_a_damaged_template_of_a_signer_is_refused(model, corpora):
    verifier, signatures = Verifier(model), list(corpora[2].signatures())
    record = verifier.reference(signatures[:3])
    object.__setattr__(record, "template", record.template[:-1])
    with pytest.raises(TemplateError, match="cut short"):
        verifier.score(record, signatures[3])


def test_the_model_comes_back_from_its_file(model, corpora, tmp_path):
    save_model(model, tmp_path / "model.safetensors")
    found = load_model(tmp_path)
    assert found.encoder is None
    assert found.matcher == model.matcher
    assert found.calibrations == model.calibrations
    assert found.norms == model.norms
    assert found.provenance == model.provenance
    assert found.id == model.id
    signatures = list(corpora[2].signatures())
    record = Verifier(model).reference(signatures[:6])
    assert Verifier(found).score(record, signatures[6]) == Verifier(model).score(
        record, signatures[6]
    )


def test_what_is_stored_has_the_bytes_of_what_is_compared():
    """Distances are looked up by bytes, in which -0.0 would be another number than 0.0."""
    functions = rounded(np.array([[-0.01, 0.01, -3.3, 9.0]]))
    assert Reference.of(functions).functions.tobytes() == functions.tobytes()
