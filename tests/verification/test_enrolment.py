from dataclasses import replace

import numpy as np
import pytest
from safetensors.numpy import load, save

from sigtdnn.errors import EnrolmentError, TemplateError
from sigtdnn.verification.enrolment import Enrolment, PendingSignatures, assess
from sigtdnn.verification.traits import TRAITS


def signed(count, seed=0, spread=0.1):
    return np.random.default_rng(seed).normal(0.2, spread, (count, 20)).astype(np.float32)


def with_odd(count, odd):
    vectors = signed(count)
    vectors[odd] += 0.5
    return vectors


def with_norms(model, **changes):
    return replace(model, norms=replace(model.norms, **changes))


def test_an_enrolment_begins_without_opinions(model):
    state = assess(signed(2), model)
    assert state.as_dict() == {
        "given": 2,
        "wanted": 6,
        "complete": False,
        "consistent": None,
        "odd": None,
        "protection": None,
    }
    assert state.words == "2 of 6 signatures, 4 more wanted."


def test_no_signature_yet(model):
    assert assess(signed(0), model).given == 0


def test_six_alike_are_complete_and_consistent(model):
    state = assess(signed(6), model)
    assert (state.complete, state.consistent, state.odd) == (True, True, None)
    assert state.words.startswith("6 signatures, 6 were wanted: complete. They agree")
    assert "to forge" in state.words


@pytest.mark.parametrize(("count", "odd"), [(3, 0), (6, 2), (6, 5), (9, 4)])
def test_the_odd_one_should_be_signed_again(model, count, odd):
    state = assess(with_odd(count, odd), model)
    assert (state.odd, state.consistent, state.complete) == (odd, False, False)
    assert f"Number {odd + 1} differs from the others: sign it again." in state.words


def test_an_odd_one_among_enough_is_said_to_be_what_is_missing(model):
    words = assess(with_odd(6, 2), model).words
    assert words.startswith("6 signatures, 6 were wanted, one is odd. Number 3 differs")


def test_what_is_odd_is_told_by_the_norms(model):
    likeness = model.matcher.leave_one_out(with_odd(6, 2)).min()
    assert assess(with_odd(6, 2), with_norms(model, odd=likeness + 1e-6)).odd == 2
    assert assess(with_odd(6, 2), with_norms(model, odd=likeness - 1e-6)).odd is None


def test_signatures_that_all_differ_are_not_consistent(model):
    state = assess(signed(6, spread=1.0), model)
    assert (state.consistent, state.odd) == (False, None)
    assert "sign more alike" in state.words


def test_what_is_too_wide_is_told_by_the_norms(model):
    dispersion = model.matcher.dispersion(signed(6))
    assert assess(signed(6), with_norms(model, widest=dispersion)).consistent
    assert not assess(signed(6), with_norms(model, widest=dispersion * 0.999)).consistent


def test_protection_is_that_of_the_template_at_the_papers_point(model):
    template = model.matcher.enroll(signed(6))
    wanted = model.matcher.protection(template, model.calibrations.of(6).threshold())
    assert 0 < wanted < 1
    assert assess(signed(6), model).protection == wanted


def test_what_a_matcher_cannot_promise_is_left_unsaid(model):
    prior = replace(model.matcher.prior, log_p_no=1e4)
    state = assess(signed(6), replace(model, matcher=replace(model.matcher, prior=prior)))
    assert state.protection is None
    assert "forge" not in state.words


@pytest.mark.parametrize(
    ("protection", "told"),
    [
        (0.0, "are easier than most to forge"),
        (0.59, "are easier than most to forge"),
        (0.6, "are about as hard as most to forge"),
        (0.84, "are about as hard as most to forge"),
        (0.85, "are harder than most to forge"),
    ],
)
def test_protection_is_told_beside_that_of_others(protection, told):
    state = Enrolment(6, 6, True, None, protection)
    assert state.words.endswith(f"Signatures like these {told}.")


def test_more_may_be_wanted_but_not_fewer_than_three(model):
    assert not assess(signed(7), model, wanted=8).complete
    assert assess(signed(3), model, wanted=3).complete
    with pytest.raises(EnrolmentError, match="2 signatures wanted, enrolment needs at least 3"):
        assess(signed(3), model, wanted=2)


# What is kept of an unfinished enrolment


def pending(*seeds):
    """Frames of another length each, and traits that tell them apart."""
    frames = [np.random.default_rng(seed).normal(size=(seed + 3, 2)) for seed in seeds]
    return PendingSignatures(frames, np.array([[float(seed)] * len(TRAITS) for seed in seeds]))


def seeds_of(found):
    return [int(row[0]) for row in found.traits]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_pending_signatures_are_what_their_bytes_say(dtype):
    kept = pending(1, 2, 12, 0, 3, 4, 5, 6, 7, 8, 9, 10)
    kept = replace(kept, representations=[frames.astype(dtype) for frames in kept.representations])
    found = PendingSignatures.from_bytes(kept.to_bytes())
    assert found.traits.tolist() == kept.traits.tolist()
    assert len(found.representations) == 12
    for one, other in zip(found.representations, kept.representations, strict=True):
        assert one.dtype == dtype
        np.testing.assert_array_equal(one, other)


def without(name):
    return lambda tensors: {key: array for key, array in tensors.items() if key != name}


@pytest.mark.parametrize(
    "spoil",
    [
        without("traits"),
        without("0"),
        without("1"),
        lambda tensors: {**tensors, "traits": tensors["traits"][:, 1:].copy()},
        lambda tensors: {**tensors, "more": tensors["0"]},
    ],
    ids=["no traits", "no first", "no last", "fewer traits", "more tensors"],
)
def test_pending_signatures_that_do_not_fit_together_are_refused(spoil):
    tensors = load(pending(1, 2).to_bytes())
    with pytest.raises(TemplateError, match="the pending signatures are damaged"):
        PendingSignatures.from_bytes(save(spoil(tensors)))


@pytest.mark.parametrize("size", [1, 7, 8, 60, -1])
def test_pending_signatures_cut_short_are_refused(size):
    with pytest.raises(TemplateError, match="the pending signatures are damaged"):
        PendingSignatures.from_bytes(pending(1, 2).to_bytes()[:size])


def test_new_signatures_join_and_known_ones_do_not():
    found = pending(1, 2).joined(pending(2, 3, 3, 1, 4), odd=None)
    assert seeds_of(found) == [1, 2, 3, 4]
    assert [len(frames) for frames in found.representations] == [4, 5, 6, 7]


def test_the_first_new_signature_takes_the_place_of_the_odd_one():
    found = pending(1, 2, 3).joined(pending(2, 4, 5), odd=1)
    assert seeds_of(found) == [1, 4, 3, 5]
    assert [len(frames) for frames in found.representations] == [4, 7, 6, 8]


def test_joining_changes_neither():
    there, added = pending(1, 2), pending(3)
    there.joined(added, odd=0)
    assert (seeds_of(there), seeds_of(added)) == ([1, 2], [3])
