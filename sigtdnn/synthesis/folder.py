"""The study as files: one plain CSV a signature, and `recordings.csv`, which says who signed.

t         seconds from the first contact
x, y      device units, y upward
pen       1 on the surface, 0 in the air, until the next row
pressure  0..1 of the device range
"""

import csv
from pathlib import Path

from sigtdnn.files import replacing
from sigtdnn.formats import plain_csv
from sigtdnn.parallel import Progress, ignore_progress
from sigtdnn.synthesis.study import Study

RECORDINGS = "recordings.csv"
COLUMNS = ("file", "collection", "signer", "writer", "kind", "session", "number")


def write_study(study: Study, path: Path, progress: Progress = ignore_progress) -> None:
    """Writes the folder `path`, which must be absent or empty; it appears whole or not at all.

    `progress` counts files.
    """
    prefix = f"{study.collection}/"
    with replacing(path) as folder:
        folder.mkdir()
        with (folder / RECORDINGS).open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(COLUMNS)
            for done, one in enumerate(study.recordings, start=1):
                (folder / one.file).write_bytes(plain_csv.write(one.signature))
                signer, writer = one.signer.removeprefix(prefix), one.writer.removeprefix(prefix)
                rows.writerow(
                    [one.file, study.collection, signer, writer, one.kind, one.session, one.number]
                )
                progress(done, len(study.recordings))
