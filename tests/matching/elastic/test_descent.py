"""Learning by descent: what an episode draws, its scores, and that the loss falls."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from sigtdnn.errors import TooFewExamplesError
from sigtdnn.matching.elastic import Elastic
from sigtdnn.matching.elastic.descent import (
    GENUINE,
    RANDOM,
    REFERENCES,
    SIGNERS,
    SKILLED,
    TimeDelayNetwork,
    drawn_steps,
    fit_network,
    loss_of,
    people_in,
    score_episodes,
)
from sigtdnn.matching.elastic.functions import ALWAYS_KNOWN
from sigtdnn.matching.elastic.learnt import with_learnt
from sigtdnn.matching.matcher import Examples
from sigtdnn.parallel import ignore_progress
from tests.matching.elastic.people import people

SETTINGS = Elastic(learnt=3, hidden=4, steps=12)


def in_two_sessions(signers: int) -> Examples:
    """The same, whose genuines were signed in two sessions."""
    known = people(signers)
    return replace(known, session=np.arange(len(known.signer)) % 2)


def network(known: Examples) -> TimeDelayNetwork:
    functions = np.concatenate([one[:, ALWAYS_KNOWN] for one in known.representations])
    return TimeDelayNetwork(functions, 4, 3, np.random.default_rng(5))


def test_arrays_give_what_the_network_gives() -> None:
    known = people(2)
    made = network(known)
    with torch.no_grad():
        made.hidden.mul_(3)
    hidden, projection = made.arrays()
    signatures = [known.representations[0], known.representations[1][:9]]
    wanted = [with_learnt(one, projection, hidden)[:, 14:] for one in signatures]
    found = made(signatures).detach().numpy()
    np.testing.assert_allclose(found, np.concatenate(wanted), rtol=1e-4, atol=1e-5)


def test_episodes_are_of_one_session_and_question_nothing_they_refer_to() -> None:
    known = in_two_sessions(SIGNERS + 2)
    drawn = list(drawn_steps(people_in(known), 30, np.random.default_rng(0)))
    assert [step for step, _, _ in drawn] == list(range(30))
    assert {count for _, count, _ in drawn} == set(range(2, REFERENCES + 1))
    seen = []
    for _, count, episodes in drawn:
        assert len(episodes) == SIGNERS
        for one in episodes:
            (signer,) = set(known.signer[one.references])
            seen.append(signer)
            assert len(one.references) == min(count, 3)
            assert len(set(known.session[one.references])) == 1
            assert not set(one.references) & set(one.questioned)
            assert known.genuine[[*one.references, *one.genuine, *one.random]].all()
            assert not known.genuine[one.skilled].any()
            assert set(known.signer[[*one.genuine, *one.skilled]]) == {signer}
            assert signer not in known.signer[one.random]
            assert len(set(known.signer[one.random])) == RANDOM
            assert (len(one.genuine), len(one.skilled)) == (
                min(GENUINE, 6 - len(one.references)),
                SKILLED,
            )
    # Everybody has had a turn before anybody has another.
    assert len(set(seen[: SIGNERS + 2])) == SIGNERS + 2


def test_scores_are_those_of_the_matcher_that_is_made() -> None:
    known = in_two_sessions(SIGNERS)
    made = network(known)
    hidden, projection = made.arrays()
    matcher = replace(SETTINGS, hidden_weights=hidden, projection=projection)
    _, _, episodes = next(drawn_steps(people_in(known), 1, np.random.default_rng(1)))
    functions = list(known.representations)
    scores, values = score_episodes(made, functions, episodes, SETTINGS)
    for one, found in zip(episodes, scores, strict=True):
        # `enrolled` rounds the references to their bytes.
        among = matcher.distances(known.of(one.references), known.of(one.references))
        template = matcher.enroll(known.of(one.references))
        apart = matcher.distances(known.of(one.questioned), known.of(one.references))
        spread = type(template.spread).of(among)
        wanted = matcher.raw(replace(template, spread=spread), known.of(one.questioned), apart)
        np.testing.assert_allclose(found.detach().numpy(), wanted, rtol=1e-4, atol=1e-4)
    used = {place for one in episodes for place in (*one.references, *one.questioned)}
    assert len(values) == sum(len(functions[place]) for place in used)


def test_the_loss_is_that_of_plain_loops() -> None:
    known = in_two_sessions(SIGNERS)
    _, _, episodes = next(drawn_steps(people_in(known), 1, np.random.default_rng(2)))
    rng = np.random.default_rng(3)
    scores = [rng.normal(size=len(one.questioned)) for one in episodes]
    slope, threshold = 1.5, 0.3
    kinds: dict[str, list[float]] = {"genuine": [], "skilled": [], "random": []}
    means = []
    for one, found in zip(episodes, scores, strict=True):
        names = [kind for kind in kinds for _ in getattr(one, kind)]
        for kind, score in zip(names, found, strict=True):
            z = slope * score + threshold
            kinds[kind].append(np.log1p(np.exp(-z if kind == "genuine" else z)))
        means.append(found[: len(one.genuine)].mean())
    wanted = (
        np.mean(kinds["genuine"])
        + 0.75 * np.mean(kinds["skilled"])
        + 0.25 * np.mean(kinds["random"])
        + 2 * np.var(means, ddof=1)
    )
    found = loss_of(
        [torch.from_numpy(one) for one in scores],
        episodes,
        torch.tensor(slope),
        torch.tensor(threshold),
    )
    assert found.item() == pytest.approx(wanted)


def test_what_tells_forgeries_is_weighed_more_after_descent() -> None:
    known = in_two_sessions(12)
    steps = 60
    told: list[tuple[int, int]] = []
    settings = replace(SETTINGS, steps=steps)
    hidden, projection = fit_network(known, settings, lambda *done: told.append(done))
    assert (hidden.shape, projection.shape) == ((51, 4), (20, 3))
    assert told == [(step, steps) for step in range(1, steps + 1)]
    trained = replace(settings, hidden_weights=hidden, projection=projection)

    def difference(matcher: Elastic) -> float:
        """By how many deviations forgeries score below genuines."""
        apart = []
        for own, forged in known.by_signer():
            template = matcher.enroll(known.of(own[:3]))
            genuine, others = (
                matcher.compare(template, known.of(some)) for some in (own[3:], forged)
            )
            apart.append((genuine.mean() - others.mean()) / genuine.std())
        return float(np.median(apart))

    assert difference(trained) > 1.2 * difference(SETTINGS.untrained())


def test_the_same_examples_give_the_same_bytes() -> None:
    one, other = (fit_network(people(4), SETTINGS, ignore_progress) for _ in range(2))
    assert [part.tobytes() for part in one] == [part.tobytes() for part in other]


def test_signers_without_quick_forgeries_or_genuines_are_left_out() -> None:
    assert len(people_in(people(3))) == 3
    with pytest.raises(TooFewExamplesError, match="a forgery as quick as they are"):
        people_in(people(3, slowness=2))
    with pytest.raises(TooFewExamplesError, match="fewer than two training signers"):
        people_in(people(1))
