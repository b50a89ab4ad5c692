"""The synthetic study: the paper's collection of signatures, in its numbers.

Of 219 people, 145 sign their own name and 74 forge, each one of those names, from a genuine
signature shown on a screen: 46 names have one forger, 14 have two (PAPER section 1). Each
gives 10 to 20 signatures, signers in two sessions. As in any real collection not all is
well, and the paper's cleaning rules have something to find: signatures that lost a stroke or
were given one too many, a few signers who left early, and forgers who did not try.

Every person has a generator of his own, so that nobody's signatures depend on another's,
except a forger's on the signature he was shown.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sigtdnn.signature import Signature
from sigtdnn.synthesis.device import NCR_5990, Device, record
from sigtdnn.synthesis.forger import CAREFUL, CARELESS, PRACTISED, WITNESS, forge, study_specimen
from sigtdnn.synthesis.plan import Movement
from sigtdnn.synthesis.signer import begin_session, invent_signer, sign

COLLECTION = "synthetic-study"
SIGNERS = 145
FORGERS = 74
TWICE_FORGED = 14

# Shares of the forgers.
EFFORTS = ((CARELESS, 0.25), (CAREFUL, 0.30), (PRACTISED, 0.30), (WITNESS, 0.15))

# What goes wrong.
LEFT_EARLY = 4  # signers, with 3 to 5 signatures
NO_ATTEMPT = 3  # forgers who sign another name
SPOILT = 0.02  # share of the recordings that lost or gained a stroke


@dataclass(frozen=True, eq=False, slots=True)
class Recording:
    """One signature of the study, and what is known of it."""

    signature: Signature
    file: str  # a name for it, unique in the study
    signer: str  # whose signature it is or claims to be, 'synthetic-study/S001'
    writer: str  # who held the pen
    kind: str  # 'genuine' or 'skilled'
    session: int  # of the writer
    number: int  # within signer and kind, in order of signing


@dataclass(frozen=True, eq=False, slots=True)
class Study:
    """The whole collection, signer by signer, genuine signatures first."""

    collection: str
    recordings: tuple[Recording, ...]


def generate_study(
    seed: int = 0,
    device: Device = NCR_5990,
    progress: Callable[[int, int], None] | None = None,
) -> Study:
    """The study of that seed, about 3,000 signatures; equal for a seed on every machine.

    `progress` is called with the number of people done and of all people.
    """
    root = np.random.SeedSequence(seed)
    organiser = np.random.default_rng(root.spawn(1)[0])
    people = [np.random.default_rng(s) for s in root.spawn(SIGNERS + FORGERS)]
    names = organiser.permutation(SIGNERS)
    early = set(names[-LEFT_EARLY:].tolist())
    targets = np.concatenate([names[: FORGERS - TWICE_FORGED], names[:TWICE_FORGED]])
    idle = set(organiser.permutation(FORGERS)[:NO_ATTEMPT].tolist())

    genuine: list[list[Recording]] = []
    shown: list[Movement] = []
    for signer in range(SIGNERS):
        recordings, specimen = _signer(signer, signer in early, device, people[signer])
        genuine.append(recordings)
        shown.append(specimen)
        if progress is not None:
            progress(signer + 1, SIGNERS + FORGERS)
    forged: list[list[Recording]] = [[] for _ in range(SIGNERS)]
    for forger, target in enumerate(targets.tolist()):
        rng = people[SIGNERS + forger]
        forged[target] += _forger(
            forger, target, shown[target], forger in idle, len(forged[target]), device, rng
        )
        if progress is not None:
            progress(SIGNERS + forger + 1, SIGNERS + FORGERS)
    recordings = [r for own, others in zip(genuine, forged, strict=True) for r in (*own, *others)]
    return Study(COLLECTION, tuple(recordings))


def _signer(
    number: int, early: bool, device: Device, rng: np.random.Generator
) -> tuple[list[Recording], Movement]:
    """A signer's recordings, and one clean signature to be shown to forgers."""
    signer = invent_signer(rng)
    count = 3 + int(rng.integers(3)) if early else _how_many(rng)
    name = f"S{number + 1:03d}"
    recordings = []
    first = begin_session(signer, rng)
    second = begin_session(signer, rng)
    shown = sign(signer, first, device.rate, rng)
    for i in range(count):
        session = 1 if i < (count + 1) // 2 or early else 2
        movement = sign(signer, first if session == 1 else second, device.rate, rng)
        recordings.append(
            Recording(
                record(_perhaps_spoilt(movement, rng), device, rng),
                f"{name}-{i + 1:02d}.csv",
                f"{COLLECTION}/{name}",
                f"{COLLECTION}/{name}",
                "genuine",
                session,
                i + 1,
            )
        )
    return recordings, shown


def _forger(
    number: int,
    target: int,
    shown: Movement,
    idle: bool,
    before: int,
    device: Device,
    rng: np.random.Generator,
) -> list[Recording]:
    """A forger's recordings; `before` forgeries of the signer were made by another."""
    effort = EFFORTS[int(np.searchsorted(np.cumsum([s for _, s in EFFORTS]), rng.random()))][0]
    count = _how_many(rng)
    if idle:
        other = invent_signer(rng)
        shown = sign(other, begin_session(other, rng), device.rate, rng)
    copy = study_specimen(shown, effort, rng)
    name, forger = f"S{target + 1:03d}", f"F{number + 1:03d}"
    return [
        Recording(
            record(_perhaps_spoilt(forge(copy, device.rate, rng), rng), device, rng),
            f"{name}-{forger}-{i + 1:02d}.csv",
            f"{COLLECTION}/{name}",
            f"{COLLECTION}/{forger}",
            "skilled",
            1,
            before + i + 1,
        )
        for i in range(count)
    ]


def _how_many(rng: np.random.Generator) -> int:
    """10 to 20 signatures, more often few: 13.7 in the mean, 3,000 in all."""
    return 10 + int(11 * rng.random() ** 1.8)


def _perhaps_spoilt(movement: Movement, rng: np.random.Generator) -> Movement:
    """The movement; rarely, cut off, or with the pen lifted within its strokes."""
    spoilt, how, where = rng.random(3)
    n = len(movement.t)
    if spoilt >= SPOILT:
        return movement
    if how < 0.5:
        kept = max(int((0.5 + 0.4 * where) * n), 20)
        t, x, y, pen, force = movement
        return Movement(t[:kept], x[:kept], y[:kept], pen[:kept], force[:kept])
    pen = movement.pen.copy()
    for start in (0.1 + 0.3 * where, 0.5 + 0.2 * where, 0.7 + 0.25 * where):
        pen[int(start * n) : int(start * n) + 4] = False
    return movement._replace(pen=pen, force=np.where(pen, movement.force, 0.0))
