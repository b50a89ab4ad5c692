"""A population: artificial signers as many as wanted, each with forgers and a tablet of their own.

The study (`study.py`) has the numbers of the paper's collection; a population is what a model for
other people's signatures learns from. Every signer gives genuine signatures in two sessions, and
several forgers, each of an effort drawn by its share, try the signature that all of them were
shown. Whoever signs or forges one name does so on one tablet.

Each person has a generator of random numbers, so that nobody's signatures depend on another's,
except a forger's on the signature that was shown, nor on how many people there are.
"""

from collections.abc import Iterator

import numpy as np

from sigtdnn.parallel import Progress, ignore_progress
from sigtdnn.synthesis.forger import draw_effort, forge, study_specimen
from sigtdnn.synthesis.plan import Movement
from sigtdnn.synthesis.signer import begin_session, invent_signer, sign
from sigtdnn.synthesis.study import Recording, Study
from sigtdnn.synthesis.tablet import Tablet, draw_tablet, record

COLLECTION = "artificial-population"
SESSIONS = (1, 2)
# What forgers are shown is ink, whatever their tablet: finely sampled.
SHOWN_RATE = 200.0


def generate_population(
    signers: int,
    seed: int = 0,
    *,
    genuine: int = 10,
    forgers: int = 4,
    attempts: int = 5,
    tablet: Tablet | None = None,
    progress: Progress = ignore_progress,
) -> Study:
    """So many signers, with `genuine` signatures a session and `attempts` forgeries a forger.

    Equal for a seed on every machine. All use `tablet`; without it, each signer and their
    forgers have one drawn for them. `progress` counts signers.
    """
    collection = f"{COLLECTION}-{seed}"
    recordings: list[Recording] = []
    for number, seeds in enumerate(np.random.SeedSequence(seed).spawn(signers), start=1):
        own, *theirs = (np.random.default_rng(one) for one in seeds.spawn(1 + forgers))
        used = draw_tablet(own) if tablet is None else tablet
        name = f"S{number:04d}"
        signer = invent_signer(own)
        sessions = [begin_session(signer, own) for _ in SESSIONS]
        shown = sign(signer, sessions[0], SHOWN_RATE, own)
        movements = [
            (session, sign(signer, plan, used.rate, own))
            for session, plan in zip(SESSIONS, sessions, strict=True)
            for _ in range(genuine)
        ]
        recordings += _recorded(movements, collection, name, name, used, own)
        for k, rng in enumerate(theirs, start=1):
            copy = study_specimen(shown, draw_effort(rng), rng)
            tries = [(1, forge(copy, used.rate, rng)) for _ in range(attempts)]
            recordings += _recorded(tries, collection, name, f"{name}-F{k}", used, rng)
        progress(number, signers)
    return Study(collection, tuple(recordings))


def _recorded(
    movements: list[tuple[int, Movement]],
    collection: str,
    signer: str,
    writer: str,
    tablet: Tablet,
    rng: np.random.Generator,
) -> Iterator[Recording]:
    """The recordings of one writer's movements, each with its session."""
    for number, (session, movement) in enumerate(movements, start=1):
        yield Recording(
            signature=record(movement, tablet, rng),
            file=f"{writer}-{number:02d}.csv",
            signer=f"{collection}/{signer}",
            writer=f"{collection}/{writer}",
            kind="genuine" if writer == signer else "skilled",
            session=session,
            number=number,
        )
