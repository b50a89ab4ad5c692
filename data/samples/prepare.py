"""Writes the samples beside this file, the same bytes on every machine.

python data/samples/prepare.py [FOLDER]
"""

import shutil
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sigtdnn.synthesis.folder import write_study
from sigtdnn.synthesis.population import generate_population
from sigtdnn.synthesis.study import Recording, Study

SEED = 1993
COLLECTION = "samples"
SIGNERS = ("anna", "ben", "clara")  # invented, as what they sign is
GENUINE = 3  # a session, of which there are two
FORGERS = 2  # of each signer, with one attempt


def main(folder: Path) -> None:
    """Writes the stroke files and recordings.csv into a folder that exists."""
    with TemporaryDirectory() as scratch:
        made = Path(scratch) / COLLECTION
        write_study(samples(), made)
        for file in made.iterdir():
            shutil.copyfile(file, folder / file.name)


def samples() -> Study:
    """The signers and their forgers, under names that say who is who."""
    population = generate_population(
        len(SIGNERS), SEED, genuine=GENUINE, forgers=FORGERS, attempts=1
    )
    names = dict(zip(sorted({one.signer for one in population.recordings}), SIGNERS, strict=True))
    return Study(COLLECTION, tuple(renamed(one, names) for one in population.recordings))


def renamed(recording: Recording, names: dict[str, str]) -> Recording:
    """The recording as one of the signer's: anna-1.csv, or anna-forged-1.csv."""
    name = names[recording.signer]
    forger = recording.writer.removeprefix(recording.signer).removeprefix("-F")
    return replace(
        recording,
        file=f"{name}-forged-{forger}.csv" if forger else f"{name}-{recording.number}.csv",
        signer=f"{COLLECTION}/{name}",
        writer=f"{COLLECTION}/{name}" + (f"-forger-{forger}" if forger else ""),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).parent)
