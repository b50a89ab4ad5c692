"""`sigtdnn synthesize`: artificial signers and forgers, as stroke files."""

import json
from collections import Counter
from pathlib import Path

import click

from sigtdnn.extras import needs

from .options import json_option
from .progress import progress

SUMMARY = (
    "{folder}: {recordings} artificial recordings of {signers} signers ({genuine} genuine, "
    "{skilled} skilled forgeries)"
)


@click.command("synthesize", epilog="Example: sigtdnn synthesize study --gallery study.html")
@click.argument("output", metavar="OUT", type=click.Path(path_type=Path))
@click.option(
    "--seed", metavar="N", type=click.IntRange(min=0), default=0, show_default=True,
    help="The same seed gives the same signatures, on every machine.",
)  # fmt: skip
@click.option(
    "--gallery", metavar="PAGE", type=click.Path(path_type=Path, dir_okay=False),
    help="Also draw some of the signers, genuine and forged, on this HTML page.",
)  # fmt: skip
@json_option
@needs("evaluate")
def command(output: Path, seed: int, gallery: Path | None, as_json: bool) -> None:
    """Write artificial signatures, genuine and forged, as stroke files.

    The new folder OUT gets some 3,000 signatures of 145 invented signers, by themselves and by
    74 forgers: a CSV file each, and a recordings.csv, which tells 'sigtdnn preprocess' who
    signed what. No real person's signature is among them.
    """
    from sigtdnn.corpus.folder import require_free
    from sigtdnn.files import replacing
    from sigtdnn.synthesis.folder import write_study
    from sigtdnn.synthesis.gallery import gallery_page
    from sigtdnn.synthesis.study import generate_study

    require_free(output)
    with progress("Signing") as advance:
        study = generate_study(seed, progress=advance)
    with progress("Writing") as advance:
        write_study(study, output, progress=advance)
    if gallery is not None:
        with replacing(gallery) as page:
            page.write_text(gallery_page(study), encoding="utf-8")
    kinds = Counter(recording.kind for recording in study.recordings)
    counts = {
        "folder": str(output),
        "recordings": len(study.recordings),
        "signers": len({recording.signer for recording in study.recordings}),
        "genuine": kinds["genuine"],
        "skilled": kinds["skilled"],
    }
    click.echo(json.dumps(counts) if as_json else SUMMARY.format_map(counts))
