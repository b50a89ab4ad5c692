"""Learning functions of time by a small time delay network, from the score itself.

Two tied layers give each signature its learnt functions (`learnt`), which are aligned beside the
fourteen: so learning begins near the matcher without them. Each step draws signers, references of
one session for each, and genuines, skilled and random forgeries to question. The loss is the
logistic one of the normalised score (`normalisation`) with one slope and one threshold for all
signers, plus the variance among signers of the mean genuine score: most errors come from signers
who need thresholds of their own. Gradients run along the best paths (`paths`).

Needs torch and numba, of the extra `train`. (Bromley et al. 1993 for the tied time delay network;
DsDTW, Jiang et al. 2022, learns frames for dynamic time warping with the loss on the distance.)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.random import Generator
from torch.nn.functional import softplus

from sigtdnn.arrays import Float32, Rows
from sigtdnn.errors import TooFewExamplesError
from sigtdnn.matching.elastic.functions import ALWAYS_KNOWN
from sigtdnn.matching.elastic.learnt import HIDDEN_SPACING, SIZE, TAPS, neighbours
from sigtdnn.matching.elastic.linear import MAX_SLOWNESS
from sigtdnn.matching.elastic.normalisation import LONGER, MIN_DISTANCE
from sigtdnn.matching.elastic.paths import PathDistances
from sigtdnn.matching.matcher import Examples
from sigtdnn.parallel import Progress

if TYPE_CHECKING:
    from sigtdnn.matching.elastic.matcher import Elastic

SIGNERS = 10  # of a step
REFERENCES, FEWER = 5, 0.25  # the share of steps with fewer references, 2 at least
GENUINE, SKILLED, RANDOM = 5, 5, 2  # questioned of each signer, at most
RANDOM_SHARE = 0.25  # of the weight of forgeries
UNIFORMITY = 2.0  # weight of the variance of signers' mean genuine scores
SMALLNESS = 0.03  # weight of the mean square of what is learnt
RATE, WARM_UP = 4e-3, 20  # rate of learning, and the steps that it takes to reach it
THRESHOLD_RATE = 0.03
DECAY = 0.01
MOMENTA = (0.9, 0.98)
FIRST_SLOPE, FIRST_THRESHOLD = 12.0, 10.0
BEGINNING = 2 / 3  # of the usual size of the last layer's first weights


@dataclass(frozen=True, eq=False)
class Person:
    """Places of a signer's signatures among the examples."""

    sessions: list[Rows]  # genuines, of each session with references and one to question
    genuine: Rows
    forged: Rows  # those hardly slower than genuines


@dataclass(frozen=True, eq=False)
class Episode:
    """One signer in one step: places of references and of what is questioned."""

    references: Rows
    genuine: Rows
    skilled: Rows
    random: Rows

    @property
    def questioned(self) -> Rows:
        """All that is compared with the references."""
        return np.concatenate([self.genuine, self.skilled, self.random])


class TimeDelayNetwork(torch.nn.Module):
    """The two layers, on standardised functions."""

    def __init__(self, functions: Float32, hidden: int, learnt: int, rng: Generator) -> None:
        """For functions (n, 10) like these; weights drawn by `rng`."""
        super().__init__()
        self.mean = torch.from_numpy(functions.mean(axis=0))
        self.deviation = torch.from_numpy(functions.std(axis=0) + 1e-6)

        def drawn(inputs: int, *shape: int) -> torch.nn.Parameter:
            values = rng.uniform(-1, 1, shape) / np.sqrt(inputs)
            return torch.nn.Parameter(torch.from_numpy(values.astype(np.float32)))

        self.hidden = drawn(SIZE, SIZE, hidden)
        self.bias = drawn(SIZE, hidden)
        self.projection = drawn(TAPS * hidden, TAPS * hidden, learnt)
        with torch.no_grad():
            self.projection.mul_(BEGINNING)

    def forward(self, signatures: list[Float32]) -> torch.Tensor:
        """What is learnt (total, d) of the functions of time (n_i, 14) of signatures."""
        known = np.concatenate([functions[:, ALWAYS_KNOWN] for functions in signatures])
        frames = (torch.from_numpy(known) - self.mean) / self.deviation
        lengths = [len(functions) for functions in signatures]
        seen = torch.tanh(_in_context(frames, lengths, 1) @ self.hidden + self.bias)
        return _in_context(seen, lengths, HIDDEN_SPACING) @ self.projection

    def arrays(self) -> tuple[Float32, Float32]:
        """Hidden weights (51, h) and projection (5 h, d), of functions as they are."""
        with torch.no_grad():
            deviation, mean = self.deviation.repeat(TAPS), self.mean.repeat(TAPS)
            weights = self.hidden / deviation[:, None]
            bias = self.bias - mean @ weights
            return torch.vstack([weights, bias]).numpy(), self.projection.detach().numpy()


def _in_context(frames: torch.Tensor, lengths: list[int], spacing: int) -> torch.Tensor:
    """As `learnt.in_context`, of signatures one below the other."""
    starts = np.cumsum(lengths) - lengths
    places = [neighbours(count, spacing) + at for count, at in zip(lengths, starts, strict=True)]
    return frames[torch.from_numpy(np.concatenate(places))].flatten(1)


def fit_network(
    examples: Examples, settings: "Elastic", progress: Progress, seed: int = 0
) -> tuple[Float32, Float32]:
    """Hidden weights (51, h) and projection (5 h, d) of a matcher with these settings.

    Raises TooFewExamplesError for fewer than two signers with three genuine signatures of a
    session and a forgery that is hardly slower.
    """
    people = people_in(examples)
    functions: list[Float32] = list(examples.representations)
    rng = np.random.default_rng(seed)
    network = TimeDelayNetwork(
        np.concatenate([one[:, ALWAYS_KNOWN] for one in functions]),
        settings.hidden,
        settings.learnt,
        rng,
    )
    steps = settings.steps
    slope = torch.tensor(FIRST_SLOPE, requires_grad=True)
    thresholds = torch.full((REFERENCES + 1,), FIRST_THRESHOLD, requires_grad=True)
    optimiser = torch.optim.AdamW(
        [
            {"params": network.parameters(), "weight_decay": DECAY},
            {"params": [slope, thresholds], "weight_decay": 0.0, "lr": THRESHOLD_RATE},
        ],
        betas=MOMENTA,
    )
    for step, count, episodes in drawn_steps(people, steps, rng):
        warm = min(1.0, (step + 1) / WARM_UP)
        optimiser.param_groups[0]["lr"] = RATE * warm * (1 + np.cos(np.pi * step / steps)) / 2
        scores, values = score_episodes(network, functions, episodes, settings)
        loss = loss_of(scores, episodes, slope, thresholds[count])
        loss = loss + SMALLNESS * values.square().mean()
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        progress(step + 1, steps)
    return network.arrays()


def people_in(examples: Examples) -> list[Person]:
    """The signers who can be learnt from.

    Raises TooFewExamplesError for fewer than two.
    """
    found = []
    lengths = np.array([len(functions) for functions in examples.representations])
    for own, forgeries in examples.by_signer():
        sessions = [own[examples.session[own] == number] for number in set(examples.session[own])]
        usable = [one for one in sessions if len(one) > 1 and len(own) > 2]
        if usable:
            quick = forgeries[lengths[forgeries] <= MAX_SLOWNESS * lengths[own].mean()]
            if len(quick):
                found.append(Person(usable, own, quick))
    if len(found) < 2:
        raise TooFewExamplesError(
            "fewer than two training signers have three genuine signatures and a forgery as quick "
            "as they are",
            "give signers with forgeries",
        )
    return found


def drawn_steps(
    people: list[Person], steps: int, rng: Generator
) -> Iterator[tuple[int, int, list[Episode]]]:
    """Each step's number, its number of references at most, and its episodes.

    Everybody's turn comes before anybody's next.
    """
    turn: list[int] = []
    for step in range(steps):
        if len(turn) < SIGNERS:
            turn += rng.permutation(len(people)).tolist()
        chosen, turn = turn[:SIGNERS], turn[SIGNERS:]
        fewer = rng.random() < FEWER
        count = int(rng.integers(2, REFERENCES)) if fewer else REFERENCES
        yield step, count, [drawn_episode(people, number, count, rng) for number in chosen]


def drawn_episode(people: list[Person], number: int, count: int, rng: Generator) -> Episode:
    """References of a session of somebody, at most so many, and what is questioned."""
    person = people[number]
    session = person.sessions[rng.integers(len(person.sessions))]
    most = min(count, len(session), len(person.genuine) - 1)
    references = rng.permutation(session)[:most]
    left = np.setdiff1d(person.genuine, references)
    others = np.delete(np.arange(len(people)), number)
    strangers = rng.permutation(others)[:RANDOM]
    return Episode(
        references,
        rng.permutation(left)[:GENUINE],
        rng.permutation(person.forged)[:SKILLED],
        np.array([rng.choice(people[other].genuine) for other in strangers]),
    )


def score_episodes(
    network: TimeDelayNetwork,
    functions: list[Float32],
    episodes: list[Episode],
    settings: "Elastic",
) -> tuple[list[torch.Tensor], torch.Tensor]:
    """The scores (q_i,) of what each episode questions, and all that was learnt (total, d)."""
    used = np.unique(np.concatenate([[*one.references, *one.questioned] for one in episodes]))
    signatures = [functions[place] for place in used]
    values = network(signatures)
    pairs, ends = [], [0]
    for one in episodes:
        first, second = np.triu_indices(len(one.references), 1)
        pairs.append(np.column_stack([one.references[first], one.references[second]]))
        pairs.append(np.stack(np.meshgrid(one.references, one.questioned), -1).reshape(-1, 2))
        ends.append(ends[-1] + len(pairs[-2]) + len(pairs[-1]))
    places = np.searchsorted(used, np.concatenate(pairs))
    distances = PathDistances.apply(values, signatures, places, settings.cost)  # type: ignore[no-untyped-call]
    held = distances.clamp_min(MIN_DISTANCE)
    scores = [
        score_of(one, held[start:end], functions, settings.duration)
        for one, start, end in zip(episodes, ends[:-1], ends[1:], strict=True)
    ]
    return scores, values


def score_of(
    episode: Episode, distances: torch.Tensor, functions: list[Float32], duration: float
) -> torch.Tensor:
    """The scores (q,) of what is questioned, as `normalisation` has them.

    `distances` are those among the n references, n (n - 1) / 2, and then the rest (q n,).
    """
    count = len(episode.references)
    first, second = np.triu_indices(count, 1)
    among = torch.full((count, count), torch.inf, dtype=distances.dtype)
    among[first, second] = among[second, first] = distances[: len(first)]
    to_references = distances[len(first) :].reshape(-1, count)
    spread = among.min(dim=1).values.mean().log() + distances[: len(first)].mean().log()
    frames, usual = (
        np.log([len(functions[place]) for place in places])
        for places in (episode.questioned, episode.references)
    )
    longer = torch.from_numpy(np.clip(frames - usual.mean(), *LONGER))
    apart = to_references.min(dim=1).values.log() + to_references.mean(dim=1).log()
    return -(apart - spread / 2 + duration * longer)


def loss_of(
    scores: list[torch.Tensor],
    episodes: list[Episode],
    slope: torch.Tensor,
    threshold: torch.Tensor,
) -> torch.Tensor:
    """The logistic loss of scores (q_i,) of each episode, genuines as dear as forgeries; and more.

    What is added is the variance among signers of the mean genuine score.
    """
    kinds = []
    for one, found in zip(episodes, scores, strict=True):
        sizes = [len(one.genuine), len(one.skilled), len(one.random)]
        kinds.append(torch.split(found, sizes))
    genuine, skilled, random = (
        slope * torch.cat(found) + threshold for found in zip(*kinds, strict=True)
    )
    logistic = (
        softplus(-genuine).mean()
        + (1 - RANDOM_SHARE) * softplus(skilled).mean()
        + RANDOM_SHARE * softplus(random).mean()
    )
    means = torch.stack([found[0].mean() for found in kinds])
    return logistic + UNIFORMITY * means.var()
