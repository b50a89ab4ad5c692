"""`sigtdnn synthesize`: artificial signers and forgers, as stroke files."""

from collections import Counter
from pathlib import Path

import click

from sigtdnn.corpus.folder import require_free
from sigtdnn.files import replacing
from sigtdnn.synthesis.folder import write_study
from sigtdnn.synthesis.gallery import gallery_page
from sigtdnn.synthesis.study import generate_study

from .progress import progress


@click.command("synthesize", epilog="Example: sigtdnn synthesize study --gallery study.html")
@click.argument("output", metavar="OUT", type=click.Path(path_type=Path))
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option(
    "--gallery", metavar="PAGE", type=click.Path(path_type=Path, dir_okay=False),
    help="Also draw some of the signers, genuine and forged, on this HTML page.",
)  # fmt: skip
def command(output: Path, seed: int, gallery: Path | None) -> None:
    """Write the artificial study as stroke files into the new folder OUT.

    Some 3,000 signatures of 145 invented signers by themselves and by 74 forgers, a CSV file
    each, and recordings.csv, which tells `sigtdnn preprocess` who signed what. The same seed
    gives the same signatures on every machine. Nobody's signature is among them.
    """
    require_free(output)
    with progress("Signing") as advance:
        study = generate_study(seed, progress=advance)
    with progress("Writing") as advance:
        write_study(study, output, progress=advance)
    if gallery is not None:
        with replacing(gallery) as page:
            page.write_text(gallery_page(study), encoding="utf-8")
    kinds = Counter(recording.kind for recording in study.recordings)
    signers = len({recording.signer for recording in study.recordings})
    click.echo(
        f"{output}: {len(study.recordings)} artificial recordings of {signers} signers "
        f"({kinds['genuine']} genuine, {kinds['skilled']} skilled forgeries)"
    )
