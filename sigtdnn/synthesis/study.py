"""The synthetic study: artificial signatures in the numbers of the paper's collection.

Of 219 people, 145 sign their own name and 74 forge, each one of those names, from a genuine
signature shown on a screen: 46 names have one forger, 14 have two (PAPER section 1). Each
gives 10 to 20 signatures, signers in two sessions. As in any real collection there are flaws
for the paper's cleaning rules to find: signatures with a stroke too few or too many, a few
signers who left early, and forgers who did not try.

Each person has a generator of random numbers, so that nobody's signatures depend on another's,
except a forger's on the signature that was shown.
"""

from dataclasses import dataclass

import numpy as np

from sigtdnn.parallel import Progress, ignore_progress
from sigtdnn.signature import Signature
from sigtdnn.synthesis.forger import draw_effort, forge, study_specimen
from sigtdnn.synthesis.plan import Movement
from sigtdnn.synthesis.signer import begin_session, invent_signer, sign
from sigtdnn.synthesis.tablet import NCR_5990, Tablet, record

# Of seed 0. Another seed invents other people, whose names must not be mistaken for these.
COLLECTION = "synthetic-study"
SIGNERS = 145
FORGERS = 74
TWICE_FORGED = 14

# What goes wrong.
LEFT_EARLY = 4  # signers, with 3 to 5 signatures
NO_ATTEMPT = 3  # forgers who sign another name
SPOILT = 0.015  # share of the recordings that lost or gained a stroke


@dataclass(frozen=True, eq=False, slots=True)
class Recording:
    """One signature of the study, and what is known of it."""

    signature: Signature
    file: str  # a name for it, unique in the study
    signer: str  # whose signature it is or claims to be, 'synthetic-study/S001'
    writer: str  # who held the pen
    kind: str  # 'genuine' or 'skilled'
    session: int  # of the writer
    number: int  # within signer, writer and kind, in order of signing


@dataclass(frozen=True, eq=False, slots=True)
class Study:
    """The whole collection, signer by signer, genuine signatures first."""

    collection: str
    recordings: tuple[Recording, ...]


def generate_study(
    seed: int = 0,
    tablet: Tablet = NCR_5990,
    progress: Progress = ignore_progress,
) -> Study:
    """The study of that seed, about 3,000 signatures; equal for a seed on every machine.

    `progress` counts people.
    """
    collection = f"{COLLECTION}-{seed}" if seed else COLLECTION
    root = np.random.SeedSequence(seed)
    organiser = np.random.default_rng(root.spawn(1)[0])
    people = [np.random.default_rng(s) for s in root.spawn(SIGNERS + FORGERS)]
    order = organiser.permutation(SIGNERS)
    early = set(order[-LEFT_EARLY:].tolist())
    targets = np.concatenate([order[: FORGERS - TWICE_FORGED], order[:TWICE_FORGED]])
    idle = set(organiser.permutation(FORGERS)[:NO_ATTEMPT].tolist())

    recordings: list[list[Recording]] = [[] for _ in range(SIGNERS)]
    shown: list[Movement] = []
    for signer in range(SIGNERS):
        own, specimen = _signer(collection, signer, signer in early, tablet, people[signer])
        recordings[signer] += own
        shown.append(specimen)
        progress(signer + 1, SIGNERS + FORGERS)
    for forger, target in enumerate(targets.tolist()):
        rng = people[SIGNERS + forger]
        specimen = _of_another(tablet, rng) if forger in idle else shown[target]
        recordings[target] += _forger(collection, forger, target, specimen, tablet, rng)
        progress(SIGNERS + forger + 1, SIGNERS + FORGERS)
    return Study(collection, tuple(one for of_signer in recordings for one in of_signer))


def _signer(
    collection: str, number: int, early: bool, tablet: Tablet, rng: np.random.Generator
) -> tuple[list[Recording], Movement]:
    """A signer's recordings, and one clean signature to be shown to forgers."""
    signer = invent_signer(rng)
    sessions = [begin_session(signer, rng), begin_session(signer, rng)]
    shown = sign(signer, sessions[0], tablet.rate, rng)
    count = 3 + int(rng.integers(3)) if early else _how_many(rng)
    name = f"S{number + 1:03d}"
    recordings = []
    for i in range(count):
        second = not early and 2 * i >= count
        movement = _perhaps_spoilt(sign(signer, sessions[second], tablet.rate, rng), rng)
        recordings.append(
            Recording(
                signature=record(movement, tablet, rng),
                file=f"{name}-{i + 1:02d}.csv",
                signer=f"{collection}/{name}",
                writer=f"{collection}/{name}",
                kind="genuine",
                session=1 + second,
                number=i + 1,
            )
        )
    return recordings, shown


def _forger(
    collection: str,
    number: int,
    target: int,
    shown: Movement,
    tablet: Tablet,
    rng: np.random.Generator,
) -> list[Recording]:
    """A forger's recordings of what was shown."""
    copy = study_specimen(shown, draw_effort(rng), rng)
    name, forger = f"S{target + 1:03d}", f"F{number + 1:03d}"
    return [
        Recording(
            signature=record(_perhaps_spoilt(forge(copy, tablet.rate, rng), rng), tablet, rng),
            file=f"{name}-{forger}-{i + 1:02d}.csv",
            signer=f"{collection}/{name}",
            writer=f"{collection}/{forger}",
            kind="skilled",
            session=1,
            number=i + 1,
        )
        for i in range(_how_many(rng))
    ]


def _of_another(tablet: Tablet, rng: np.random.Generator) -> Movement:
    """What a forger who does not try writes: a name that nobody asked for."""
    other = invent_signer(rng)
    return sign(other, begin_session(other, rng), tablet.rate, rng)


def _how_many(rng: np.random.Generator) -> int:
    """10 to 20 signatures, more often few: 13.7 on average, so that there are 3,000 in all."""
    return 10 + int(11 * rng.random() ** 1.8)


def _perhaps_spoilt(movement: Movement, rng: np.random.Generator) -> Movement:
    """The movement, rarely broken off or with short lifts within its strokes."""
    chance, how, where = rng.random(3)
    if chance >= SPOILT:
        return movement
    t, x, y, pen, force = movement
    n = len(t)
    if how < 0.5:
        kept = max(int((0.5 + 0.4 * where) * n), 20)
        return Movement(t[:kept], x[:kept], y[:kept], pen[:kept], force[:kept])
    pen = pen.copy()
    for start in (0.1 + 0.3 * where, 0.5 + 0.2 * where, 0.7 + 0.25 * where):
        pen[int(start * n) : int(start * n) + 4] = False
    return Movement(t, x, y, pen, np.where(pen, force, 0.0))
