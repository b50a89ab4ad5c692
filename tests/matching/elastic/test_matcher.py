from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.numpy import save

from sigtdnn.errors import ConfigurationError, DamagedModelError, EnrolmentError, TemplateError
from sigtdnn.evaluation.evaluation import evaluate
from sigtdnn.evaluation.systems import RowRepresentations, dtw_system, model_system, run
from sigtdnn.matching import packing
from sigtdnn.matching.elastic import TEXTBOOK, Elastic
from sigtdnn.matching.elastic.functions import functions_of_time
from sigtdnn.matching.elastic.matcher import DistanceTable
from sigtdnn.matching.elastic.reference import Reference, most_rows, rounded
from sigtdnn.models.file import load_model, save_model
from sigtdnn.parallel import ignore_progress
from sigtdnn.tables import table_from
from sigtdnn.training.fit import fit_model
from sigtdnn.trials.build import make_trials
from sigtdnn.trials.protocols import PROTOCOLS
from sigtdnn.verification import Verifier

ELASTIC = Elastic()
MODEL = b"abcd"


def some(*lengths, size=14, seed=0):
    """Functions of time, in the precision of a template."""
    rng = np.random.default_rng(seed)
    return [rounded(rng.normal(size=(n, size))) for n in lengths]


def recursive(one, other):
    """The distance by its definition, of a table filled from the left."""
    table = np.full((len(one) + 1, len(other) + 1), np.inf)
    table[0, 0] = 0
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            best = min(table[i, j], table[i, j + 1], table[i + 1, j])
            apart = np.abs(a - b)
            table[i + 1, j + 1] = (apart / (1 + apart)).sum() + best
    return table[-1, -1] / (len(one) + len(other))


# Enrolled and compared


def test_raw_is_minus_the_normalised_distance_by_its_definition():
    references, questioned = some(5, 7, 6), some(6, 4, seed=1)
    among = np.array([[recursive(a, b) for b in references] for a in references])
    others = [np.delete(row, i) for i, row in enumerate(among)]
    r_min, r_mean = np.mean([row.min() for row in others]), np.mean(others)
    apart = np.array([[recursive(a, b) for b in references] for a in questioned])
    ratio = np.log([6, 4]) - np.log([5, 7, 6]).mean()
    wanted = -(
        np.log(apart.min(axis=1))
        + np.log(apart.mean(axis=1))
        - np.log(r_min * r_mean) / 2
        + 0.25 * np.clip(ratio, -0.2, 1)
    )
    template = ELASTIC.enroll(references)
    np.testing.assert_allclose(ELASTIC.compare(template, questioned), wanted, rtol=1e-5)
    assert ELASTIC.count(template) == 3


def test_a_signature_is_represented_by_its_functions_of_time(make_corpus):
    signatures = list(make_corpus(signers=1).signatures())[:2]
    found = ELASTIC.represent(signatures)
    for one, signature in zip(found, signatures, strict=True):
        np.testing.assert_array_equal(one, rounded(functions_of_time(signature)))
    # A template loses nothing when it is stored.
    template = ELASTIC.enroll(found)
    stored = ELASTIC.unpack(ELASTIC.pack(template), len(found))
    for reference, functions in zip(stored.references, found, strict=True):
        np.testing.assert_array_equal(reference.functions, functions)
    assert ELASTIC.represent([]) == []


def test_leaving_one_out_compares_it_with_the_others():
    functions = some(9, 12, 7, 10)
    wanted = [
        ELASTIC.compare(ELASTIC.enroll(functions[:k] + functions[k + 1 :]), [functions[k]])[0]
        for k in range(4)
    ]
    np.testing.assert_allclose(ELASTIC.leave_one_out(functions), wanted, rtol=1e-6)


def test_without_pressure_distances_keep_their_scale():
    rng = np.random.default_rng(1)
    known = [rounded(rng.normal(size=(60, 14))) for _ in range(4)]
    bare = [one.copy() for one in known]
    for one in bare:
        one[:, [4, 5, 12, 13]] = np.nan
    raw = [ELASTIC.compare(ELASTIC.enroll(of[:3]), of[3:])[0] for of in (known, bare)]
    assert raw[0] == pytest.approx(raw[1], abs=0.1)
    mixed = ELASTIC.compare(ELASTIC.enroll(known[:3]), bare[3:])[0]
    assert raw[0] == pytest.approx(mixed, abs=0.1)


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
    with pytest.raises(ConfigurationError, match="takes functions of time, not vectors"):
        fit_model("e", encoder, {"kind": "elastic"}, corpora[0], corpora[1], seed=0)
    with pytest.raises(ValueError, match="takes functions of time, not vectors"):
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
    np.testing.assert_allclose(found, wanted, atol=1e-5)


def test_known_distances_are_of_references_as_they_are_stored():
    frames = [np.repeat(one, 60, axis=0) for one in some(6, 5, 7)]
    assert len(frames[0]) > most_rows(14)
    pairs = np.array([[0, 1], [0, 2], [1, 2], [0, 0], [1, 1]])
    known = ELASTIC.prepared(frames, pairs, ignore_progress)
    template = known.enroll(frames[:2])
    stored = ELASTIC.unpack(ELASTIC.pack(template), 2)
    np.testing.assert_allclose(
        known.compare(template, frames[2:]), ELASTIC.compare(stored, frames[2:]), atol=1e-5
    )


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
    frames = TEXTBOOK.represent(list(corpus.signatures()))
    wanted = []
    for _, _, references, questioned in trials.enrolments():
        template = TEXTBOOK.enroll([frames[row] for row in references])
        wanted += TEXTBOOK.compare(template, [frames[row] for row in questioned.index]).tolist()
    np.testing.assert_allclose(scores["raw"], wanted, atol=1e-5)
    assert scores[["log_odds", "score"]].isna().all(axis=None)


# Bytes


def test_bytes_are_the_spread_and_the_references():
    one, other = some(2, 3)
    template = ELASTIC.enroll([one, other])
    assert ELASTIC.pack(template) == b"".join(
        [
            np.array(template.spread, "<f4").tobytes(),
            bytes([2, 0, 14]) + (16 * one).astype(np.int8).tobytes(),
            bytes([3, 0, 14]) + (16 * other).astype(np.int8).tobytes(),
        ]
    )


@given(st.lists(st.integers(1, 6), min_size=1, max_size=4))
def test_a_template_comes_back_from_its_bytes(lengths):
    template = ELASTIC.enroll(some(*lengths))
    data = packing.pack(ELASTIC, template, MODEL)
    found = packing.unpack(ELASTIC, data, MODEL)
    assert [one.functions.tolist() for one in found.references] == [
        one.functions.tolist() for one in template.references
    ]
    assert found.spread == template.spread
    assert packing.pack(ELASTIC, found, MODEL) == data


PACKED = packing.pack(ELASTIC, ELASTIC.enroll(some(3, 4, 2)), MODEL)
NAN, INF = (np.float32(name).tobytes() for name in ("nan", "inf"))


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda d: d[:6], "cut short"),
        (lambda d: d[:13], "cut short"),
        (lambda d: d[:-1], "cut short"),
        (lambda d: d + b"\0", "more than 3 references"),
        (lambda d: d[:1] + b"\2" + d[2:], "more than 2 references"),
        (lambda d: d[:1] + b"\4" + d[2:], "cut short"),
        (lambda d: d[:6] + NAN + d[10:], "impossible numbers"),
        (lambda d: d[:6] + INF + d[10:], "impossible numbers"),
        (lambda d: d[:10] + bytes(4) + d[14:], "impossible numbers"),
        (lambda d: d[:14] + bytes(2) + d[16:], "cut short, or damaged"),
        # Three frames of fourteen functions become six of seven.
        (lambda d: d[:14] + bytes([6, 0, 7]) + d[17:], "of other functions"),
    ],
    ids=str,
)
def test_damaged_bytes_are_refused(damage, problem):
    with pytest.raises(TemplateError, match=problem):
        packing.unpack(ELASTIC, damage(PACKED), MODEL)


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
    assert (model.matcher.functions, model.matcher.learnt) == ("fourteen", 0)
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
    assert min(abs(calibrations[-1].threshold() - raw) for raw in observed) < 1e-5


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
    assert record.template[0] == Elastic.code == 18
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
        # The compiled loop sums in another order.
        found = (line.raw, line.log_odds, line.score)
        assert found == pytest.approx((wanted.raw, wanted.log_odds, wanted.score), rel=1e-4)


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
    assert table_from(found.matcher) == table_from(model.matcher)
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


def test_what_was_learnt_comes_back_from_the_file(model, tmp_path):
    rng = np.random.default_rng(0)
    projection = rng.normal(size=(50, 3)).astype(np.float32)
    learnt = replace(model, matcher=Elastic(learnt=3, projection=projection))
    save_model(learnt, tmp_path / "learnt.safetensors")
    found = load_model(tmp_path / "learnt.safetensors")
    np.testing.assert_array_equal(found.matcher.projection, projection)
    assert found.id == learnt.id
    other = replace(model, matcher=Elastic(learnt=3, projection=2 * projection))
    assert len({model.id, learnt.id, other.id}) == 3


def test_what_a_network_learnt_comes_back_from_the_file(model, tmp_path):
    rng = np.random.default_rng(0)
    arrays = {
        "hidden_weights": rng.normal(size=(51, 2)).astype(np.float32),
        "projection": rng.normal(size=(10, 3)).astype(np.float32),
    }
    learnt = replace(model, matcher=Elastic(learnt=3, hidden=2, steps=9, **arrays))
    save_model(learnt, tmp_path / "learnt.safetensors")
    found = load_model(tmp_path / "learnt.safetensors")
    for name, array in arrays.items():
        np.testing.assert_array_equal(getattr(found.matcher, name), array)
    assert found.id == learnt.id
    changed = arrays | {"hidden_weights": 2 * arrays["hidden_weights"]}
    assert replace(model, matcher=replace(learnt.matcher, **changed)).id != learnt.id


@pytest.mark.parametrize(
    "wrong",
    [
        np.zeros((50, 2), np.float32),
        np.zeros((49, 3), np.float32),
        np.zeros((50, 3)),
        np.full((50, 3), np.nan, np.float32),
    ],
    ids=lambda array: f"{array.shape}, {array.dtype}",
)
def test_an_impossible_projection_is_refused(wrong):
    with pytest.raises(ValueError, match="finite float32"):
        Elastic(learnt=3, projection=wrong)


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"learnt": 51}, "from 0 to 50"),
        ({"learnt": 3, "hidden": 257, "steps": 1}, "from 0 to 256 hidden"),
        ({"learnt": 3, "hidden": 2, "steps": 100_001}, "from 0 to 100000 steps"),
        ({"learnt": 3, "hidden": 2}, "a network needs"),
        ({"learnt": 3, "steps": 2}, "a network needs"),
        ({"hidden": 3, "steps": 2}, "a network needs"),
        ({"learnt": 2, "functions": "textbook"}, "learnt from the fourteen"),
        ({"duration": -0.1}, "lies in 0..10"),
    ],
)
def test_impossible_settings_are_refused(settings, problem):
    with pytest.raises(ValueError, match=problem):
        Elastic(**settings)


# Nearest reference


def test_the_nearest_reference_is_told_with_the_raw_numbers():
    references, questioned = some(5, 7, 6), some(6, 4, seed=1)
    template = ELASTIC.enroll(references)
    found = ELASTIC.measure(template, questioned)
    np.testing.assert_array_equal(found.raw, ELASTIC.compare(template, questioned))
    wanted = ELASTIC.distances(questioned, references).min(axis=1)
    np.testing.assert_allclose(found.nearest, wanted)


def test_a_recording_too_long_to_be_stored_is_known_again():
    long = some(3 * most_rows(14), seed=2)
    template = ELASTIC.enroll(long)
    assert template.references[0].coarse
    assert ELASTIC.distances(long, [template.references[0].functions]).min() > 1
    assert ELASTIC.measure(template, long).nearest.tolist() == [0]


def test_a_file_without_what_was_learnt_is_refused(model, tmp_path):
    path = tmp_path / "learnt.safetensors"
    projection = np.ones((50, 3), np.float32)
    save_model(replace(model, matcher=Elastic(learnt=3, projection=projection)), path)
    with safe_open(path, framework="numpy") as file:
        metadata = file.metadata()
    path.write_bytes(save({}, metadata))
    with pytest.raises(DamagedModelError, match="what the matcher has learnt is missing"):
        load_model(path)
