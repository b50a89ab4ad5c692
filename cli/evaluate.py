"""`sigtdnn evaluate`: systems under a protocol, with every figure's interval."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.formatting import wrap_text

from sigtdnn.errors import FusionError
from sigtdnn.extras import needs
from sigtdnn.trials.protocols import PROTOCOLS, Protocol, protocol_named

from .options import json_option
from .progress import Advance, progress

if TYPE_CHECKING:
    from sigtdnn.evaluation.fusion import Fusion
    from sigtdnn.evaluation.systems import System


@click.command(
    "evaluate",
    epilog="Example: sigtdnn evaluate default dtw --corpus corpus/nfi -o reports/nfi",
)
@click.argument("systems", metavar="SYSTEM...", nargs=-1)
@click.option(
    "--corpus", "corpus_folder", metavar="DIR", type=click.Path(path_type=Path),
    help="The signatures to test on: a folder made by 'sigtdnn preprocess'.",
)  # fmt: skip
@click.option(
    "--protocol", metavar="NAME", default="paper", show_default=True,
    help="Which signatures are references and which are questioned. One of "
    f"{', '.join(PROTOCOLS)}; or a CSV file of trials.",
)  # fmt: skip
@click.option(
    "--protocols", "list_protocols", is_flag=True, help="Describe all protocols, and end."
)
@click.option(
    "-o", "output", metavar="DIR", type=click.Path(path_type=Path),
    help="The folder to make for the report; it must be absent or empty.",
)  # fmt: skip
@click.option(
    "--allow-overlap", is_flag=True,
    help="Test on signers that a system was trained on, too, and mark every figure.",
)  # fmt: skip
@click.option(
    "--fusion", "fusion_folder", metavar="DIR", type=click.Path(path_type=Path),
    help="Also test the systems fused into one, fitted on the signers of this other corpus.",
)  # fmt: skip
@json_option
@needs("evaluate")
def command(
    systems: tuple[str, ...],
    corpus_folder: Path | None,
    protocol: str,
    list_protocols: bool,
    output: Path | None,
    allow_overlap: bool,
    fusion_folder: Path | None,
    as_json: bool,
) -> None:
    """Test systems on the same trials, and print their error rates.

    A SYSTEM is one of these:

    \b
    MODEL             one that ships, 'default' or 'network-5', a model file or
                      a run folder, exactly as 'sigtdnn verify' runs it, bytes
                      of the template included
    MODEL:whole       the paper's density on whole vectors in full precision
    MODEL:cosine      the mean cosine to the references
    MODEL:normalised  the distance, in units of those among the references
    dtw               dynamic time warping, untrained: the baseline

    Those with a colon are variants of the Gaussian matcher, to compare with. Signers that a system
    was trained or validated on are left out.

    The folder given with -o gets metrics.json, scores.csv, trials.csv (which 'sigtdnn score
    --trials' reads), the detection error trade-off (DET), figure 2 of the paper and report.html.
    """
    if list_protocols:
        click.echo(_protocols(as_json))
        return
    if not systems or corpus_folder is None:
        raise click.UsageError("Give a SYSTEM and --corpus DIR; or --protocols.")
    from sigtdnn.corpus.folder import open_corpus, require_free
    from sigtdnn.evaluation.arguments import open_systems
    from sigtdnn.evaluation.evaluation import evaluate
    from sigtdnn.evaluation.report.folder import metrics_table, write_report
    from sigtdnn.evaluation.report.text import terminal_table

    if output is not None:
        require_free(output)
    chosen = Path(protocol) if protocol.endswith(".csv") else protocol_named(protocol)
    corpus = open_corpus(corpus_folder)
    with progress("Comparing") as advance:
        opened = open_systems(systems, corpus, advance)
        if fusion_folder is not None:
            opened = [*opened, _fusion(opened, systems, fusion_folder, chosen, advance)]
        evaluation = evaluate(corpus, opened, chosen, allow_overlap=allow_overlap)
    if output is not None:
        write_report(evaluation, output)
        click.echo(f"Report: {output / 'report.html'}", err=True)
    if as_json:
        click.echo(json.dumps(metrics_table(evaluation), allow_nan=False))
    else:
        click.echo(terminal_table(evaluation))


def _protocols(as_json: bool) -> str:
    """All protocols by name, described."""
    if as_json:
        table = {name: {**asdict(one), "words": one.words} for name, one in PROTOCOLS.items()}
        return json.dumps(table)
    parts = (f"{name}\n{wrap_text(one.words, 88, '  ', '  ')}" for name, one in PROTOCOLS.items())
    return "\n\n".join(parts)


def _fusion(
    parts: "list[System]",
    arguments: tuple[str, ...],
    folder: Path,
    protocol: Protocol | Path,
    advance: Advance,
) -> "Fusion":
    """The fusion of `parts`, fitted under the same protocol on another corpus."""
    from sigtdnn.corpus.folder import open_corpus
    from sigtdnn.evaluation.arguments import open_systems
    from sigtdnn.evaluation.fusion import Fusion, fit_fusion

    if isinstance(protocol, Path):
        raise FusionError(f"{protocol}: a fusion is fitted under a named protocol", "name one")
    corpus = open_corpus(folder)
    return Fusion(parts, fit_fusion(corpus, open_systems(arguments, corpus, advance), protocol))
