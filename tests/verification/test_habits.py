import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sigtdnn.errors import EnrolmentError, TemplateError
from sigtdnn.signature import Signature
from sigtdnn.synthesis.signer import begin_session, invent_signer, sign
from sigtdnn.synthesis.tablet import NCR_5990, record
from sigtdnn.verification import Habits, SignerRecord, Verifier
from sigtdnn.verification.traits import GROUPS, TRAITS, traits_of, usual_deviations

GOLDEN = Path(__file__).parent / "data" / "profile.bin"
S = len(TRAITS)


def table(count, seed=0):
    return np.random.default_rng(seed).normal(size=(count, S))


# Bytes


def test_golden_bytes_are_those_that_the_docstring_describes():
    data = GOLDEN.read_bytes()
    assert len(data) == 130
    assert data[:2] == bytes([1, 7])
    numbers = struct.unpack("<32f", data[2:])
    assert numbers[:16] == tuple(i / 8 - 1 for i in range(16))
    assert numbers[16:] == tuple(i / 128 for i in range(16))


def test_golden_bytes_are_read_and_written():
    habits = Habits.from_bytes(GOLDEN.read_bytes())
    assert habits.count == 7
    assert habits.mean.tolist() == [i / 8 - 1 for i in range(16)]
    assert habits.deviation.tolist() == [i / 128 for i in range(16)]
    assert habits.to_bytes() == GOLDEN.read_bytes()


@pytest.mark.parametrize("count", [1, 2, 6, 300])
def test_habits_are_what_their_bytes_say(count):
    habits = Habits.of(table(count))
    found = Habits.from_bytes(habits.to_bytes())
    assert len(habits.to_bytes()) <= 256
    assert found.count == habits.count == min(count, 255)
    assert found.mean.tolist() == habits.mean.tolist()
    assert found.deviation.tolist() == habits.deviation.tolist()


def test_mean_and_deviation_of_the_signatures():
    traits = table(5)
    habits = Habits.of(traits)
    np.testing.assert_allclose(habits.mean, traits.mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(habits.deviation, traits.std(axis=0, ddof=1), rtol=1e-6)


def test_one_signature_has_no_deviation_and_none_has_no_habits():
    assert Habits.of(table(1)).deviation.tolist() == [0] * S
    with pytest.raises(EnrolmentError, match="no signatures"):
        Habits.of(table(0))


@pytest.mark.parametrize("size", [0, 129, 131, 256])
def test_wrong_length(size):
    with pytest.raises(TemplateError, match=f"have 130 bytes, not {size};"):
        Habits.from_bytes(bytes(size))


def test_another_version():
    with pytest.raises(TemplateError, match="format version 2, this sigtdnn reads 1"):
        Habits.from_bytes(b"\x02" + GOLDEN.read_bytes()[1:])


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (1, b"\0"),
        (2, struct.pack("<f", float("nan"))),
        (30, struct.pack("<f", float("inf"))),
        (70, struct.pack("<f", -0.5)),
    ],
    ids=["count", "nan", "infinite", "negative deviation"],
)
def test_impossible_numbers(place, value):
    data = bytearray(GOLDEN.read_bytes())
    data[place : place + len(value)] = value
    with pytest.raises(TemplateError, match="impossible numbers"):
        Habits.from_bytes(bytes(data))


# Distances


def test_distance_of_a_group_by_hand():
    habits = Habits(4, np.zeros(S), np.full(S, 2.0))
    traits = np.array([3.0 if group == "shape" else 0.0 for group in TRAITS.values()])
    # Own variance 4 counts 3, habit 1 counts 6: (12 + 6) / 9 = 2; five quarters of it.
    found = habits.distances(traits, np.ones(S))
    assert found["shape"] == pytest.approx(3 / 2.5**0.5)
    assert [found[group] for group in GROUPS[1:]] == [0, 0, 0]
    assert habits.furthest(traits, np.ones(S)) == "shape"


def test_a_signature_like_the_others_is_at_distance_one():
    found = []
    for seed in range(300):
        traits = table(7, seed)
        found.append(list(Habits.of(traits[:6]).distances(traits[6], np.ones(S)).values()))
    assert np.sqrt(np.mean(np.square(found))) == pytest.approx(1, abs=0.1)


def test_whoever_varies_in_rhythm_is_not_rejected_for_it():
    deviation = np.array([5.0 if group == "rhythm" else 0.1 for group in TRAITS.values()])
    habits = Habits(6, np.zeros(S), deviation)
    assert habits.furthest(np.full(S, 1.0), np.full(S, 0.1)) != "rhythm"


# Artificial signatures, changed in just one respect


@pytest.fixture(scope="module")
def signer():
    """Eight signatures of each of four artificial signers, and their usual deviations."""
    hands = []
    for seed in (3, 8, 21, 34):
        rng = np.random.default_rng(seed)
        hand = invent_signer(rng)
        session = begin_session(hand, rng)
        hands.append(
            [record(sign(hand, session, NCR_5990.rate, rng), NCR_5990, rng) for _ in range(8)]
        )
    traits = np.concatenate([traits_of(signatures) for signatures in hands])
    return hands, usual_deviations(traits, np.repeat(list("abcd"), 8))


def stretched(s):
    return Signature.from_samples(s.t, 1.6 * s.x, s.y, s.pen)


def slower(s):
    return Signature.from_samples(1.8 * s.t, s.x, s.y, s.pen)


def hesitant(s):
    """The same path, with stops on the paper."""
    t = s.t + 0.5 * s.duration * np.floor(6 * s.t / s.duration) / 6
    return Signature.from_samples(t, s.x, s.y, s.pen)


def turned(s):
    c, d = np.cos(0.7), np.sin(0.7)
    return Signature.from_samples(s.t, c * s.x - d * s.y, d * s.x + c * s.y, s.pen)


def through_other_air(s):
    """Lifts go on a wide bow; the ink stays."""
    x, y = s.x.copy(), s.y.copy()
    up = np.concatenate([[False], ~s.pen[:-1] & ~s.pen[1:], [False]])
    edges = np.flatnonzero(up[1:] != up[:-1]).reshape(-1, 2)
    for start, end in edges:
        y[start:end] += 2 * np.ptp(s.y) * np.sin(np.pi * np.linspace(0, 1, end - start))
    return Signature.from_samples(s.t, x, y, s.pen)


@pytest.mark.parametrize("hand", range(4))
@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (stretched, "shape"),
        (slower, "rhythm"),
        (hesitant, "rhythm"),
        (turned, "direction"),
        (through_other_air, "pen-up movement"),
    ],
)
def test_a_signature_changed_in_one_respect_is_told_by_it(signer, change, wanted, hand):
    hands, usual = signer
    habits = Habits.of(traits_of(hands[hand][:6]))
    for questioned in hands[hand][6:]:
        traits = traits_of([change(questioned)])[0]
        assert habits.furthest(traits, usual) == wanted


def test_the_verifier_tells_the_reason_with_the_habits_of_its_model(model, signer):
    hands, _ = signer
    habits = Habits.of(traits_of(hands[0][:6]))
    slow = slower(hands[0][6])
    known = SignerRecord(model.id, habits=habits.to_bytes(), pending=b"")
    assert Verifier(model).difference(known, slow) == ("rhythm", None)
    # Where nobody is known by rhythm.
    usual = tuple({"rhythm": 100.0}.get(group, 0.1) for group in TRAITS.values())
    other = Verifier(replace(model, norms=replace(model.norms, habits=usual)))
    assert other.difference(known, slow).group != "rhythm"
    assert other.difference(replace(known, habits=None), slow) is None
