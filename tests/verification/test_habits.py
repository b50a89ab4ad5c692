import struct
from pathlib import Path

import numpy as np
import pytest

from sigtdnn.errors import ModelError
from sigtdnn.signature import Signature
from sigtdnn.synthesis.signer import begin_session, invent_signer, sign
from sigtdnn.synthesis.tablet import NCR_5990, record
from sigtdnn.verification import Profile, Verifier
from sigtdnn.verification.habits import distances, reason
from sigtdnn.verification.traits import GROUPS, STATISTICS, statistics_of

GOLDEN = Path(__file__).parent / "data" / "profile.bin"
S = len(STATISTICS)


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
    profile = Profile.from_bytes(GOLDEN.read_bytes())
    assert profile.count == 7
    assert profile.mean.tolist() == [i / 8 - 1 for i in range(16)]
    assert profile.deviation.tolist() == [i / 128 for i in range(16)]
    assert profile.to_bytes() == GOLDEN.read_bytes()


@pytest.mark.parametrize("count", [1, 2, 6, 300])
def test_a_profile_is_what_its_bytes_say(count):
    profile = Profile.of(table(count))
    found = Profile.from_bytes(profile.to_bytes())
    assert len(profile.to_bytes()) <= 256
    assert found.count == profile.count == min(count, 255)
    assert found.mean.tolist() == profile.mean.tolist()
    assert found.deviation.tolist() == profile.deviation.tolist()


def test_mean_and_deviation_of_the_signatures():
    statistics = table(5)
    profile = Profile.of(statistics)
    np.testing.assert_allclose(profile.mean, statistics.mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(profile.deviation, statistics.std(axis=0, ddof=1), rtol=1e-6)


def test_one_signature_has_no_deviation_and_none_has_no_profile():
    assert Profile.of(table(1)).deviation.tolist() == [0] * S
    with pytest.raises(ModelError, match="no signatures"):
        Profile.of(table(0))


@pytest.mark.parametrize("size", [0, 129, 131, 256])
def test_wrong_length(size):
    with pytest.raises(ModelError, match=f"has 130 bytes, not {size};"):
        Profile.from_bytes(bytes(size))


def test_another_version():
    with pytest.raises(ModelError, match="format version 2, this sigtdnn reads 1"):
        Profile.from_bytes(b"\x02" + GOLDEN.read_bytes()[1:])


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
    with pytest.raises(ModelError, match="impossible numbers"):
        Profile.from_bytes(bytes(data))


# Distances


def test_distance_of_a_group_by_hand():
    profile = Profile(4, np.zeros(S), np.full(S, 2.0))
    statistics = np.array([3.0 if group == "shape" else 0.0 for group in STATISTICS.values()])
    # Own variance 4 counts 3, habit 1 counts 6: (12 + 6) / 9 = 2; five quarters of it.
    found = distances(profile, statistics, np.ones(S))
    assert found["shape"] == pytest.approx(3 / 2.5**0.5)
    assert [found[group] for group in GROUPS[1:]] == [0, 0, 0]
    assert reason(profile, statistics, np.ones(S)) == "shape"


def test_a_signature_like_the_others_is_at_distance_one():
    found = []
    for seed in range(300):
        statistics = table(7, seed)
        found.append(
            list(distances(Profile.of(statistics[:6]), statistics[6], np.ones(S)).values())
        )
    assert np.sqrt(np.mean(np.square(found))) == pytest.approx(1, abs=0.1)


def test_whoever_varies_in_rhythm_is_not_rejected_for_it():
    deviation = np.array([5.0 if group == "rhythm" else 0.1 for group in STATISTICS.values()])
    profile = Profile(6, np.zeros(S), deviation)
    assert reason(profile, np.full(S, 1.0), np.full(S, 0.1)) != "rhythm"


# Artificial signatures, changed in just one respect


@pytest.fixture(scope="module")
def signer():
    """Ten signatures of each of four artificial signers, and the habits of all."""
    hands = []
    for seed in (3, 8, 21, 34):
        rng = np.random.default_rng(seed)
        hand = invent_signer(rng)
        session = begin_session(hand, rng)
        hands.append(
            [record(sign(hand, session, NCR_5990.rate, rng), NCR_5990, rng) for _ in range(8)]
        )
    within = [statistics_of(signatures).var(axis=0, ddof=1) for signatures in hands]
    return hands, np.maximum(np.sqrt(np.mean(within, axis=0)), 0.01)


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
    hands, habits = signer
    profile = Profile.of(statistics_of(hands[hand][:6]))
    for questioned in hands[hand][6:]:
        statistics = statistics_of([change(questioned)])[0]
        assert reason(profile, statistics, habits) == wanted


def test_the_verifier_tells_the_reason_with_the_habits_of_its_model(model, signer):
    hands, _ = signer
    verifier = Verifier(model)
    profile = verifier.profile(hands[0][:6])
    assert verifier.reason(profile, slower(hands[0][6])) == "rhythm"
