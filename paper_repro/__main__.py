"""`python -m paper_repro NAME`: runs an experiment, or writes the pages."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from sigtdnn.models.pretrained import NAMES

HERE = Path(__file__).parent
CHECKOUT = HERE.parent
RESULTS = HERE / "results"
PRETRAINED = CHECKOUT / "sigtdnn/models/pretrained"
SEEDS = 3
# Networks trained on real people must not be committed: `runs` is what git ignores.
KEPT = CHECKOUT / "runs" / "kept"

FOLDER = click.Path(file_okay=False, path_type=Path)
only_option = click.option("--only", multiple=True, help="A data set of the plan; by default all.")
seeds_option = click.option(
    "--seeds", type=click.IntRange(min=1), default=SEEDS, show_default=True, help="From 0 on."
)
kept_option = click.option(
    "--kept", type=FOLDER, default=KEPT, show_default="runs/kept",
    help="A folder for trained networks: those in it are not trained again. Never commit them.",
)  # fmt: skip


def experiment_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every experiment, as `datasets`, `plan_file`, `output` and `processes`."""
    options = (
        click.option(
            "--datasets", required=True, envvar="SIGTDNN_DATASETS",
            type=click.Path(exists=True, file_okay=False, path_type=Path),
            help="The folder that holds the data sets; also in SIGTDNN_DATASETS.",
        ),
        click.option(
            "--plan", "plan_file", type=click.Path(path_type=Path), default=HERE / "plan.toml",
            show_default="plan.toml", help="Data sets, networks, variants and seeds.",
        ),
        click.option(
            "-o", "output", type=FOLDER, default=RESULTS, show_default="results",
            help="The folder of the results.",
        ),
        click.option(
            "--jobs", "processes", type=click.IntRange(min=1), default=os.cpu_count(),
            show_default=True, help="Trainings at the same time.",
        ),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


# A command loads what it runs, and help loads nothing.
@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Repeat the paper's experiments on real signatures, and write what came out.

    An experiment writes its figures into results/; `pages` makes the pages from them.
    """


@cli.command()
@experiment_options
@only_option
def reproduction(**options: Any) -> None:
    """The paper's networks, and variants of them."""
    from paper_repro.experiments.reproduction import main

    main(**options)


@cli.command()
@experiment_options
@kept_option
@only_option
def template(**options: Any) -> None:
    """What 80 bytes, updates and an attack do."""
    from paper_repro.experiments.template import main

    main(**options)


@cli.command()
@experiment_options
@kept_option
@seeds_option
def comparison(**options: Any) -> None:
    """The networks beside DTW, every protocol."""
    from paper_repro.experiments.comparison import main

    main(**options)


@cli.command()
@experiment_options
@kept_option
@seeds_option
def transfer(**options: Any) -> None:
    """What artificial signers alone teach."""
    from paper_repro.experiments.transfer import main

    main(**options)


@cli.command()
@experiment_options
@seeds_option
def realism(**options: Any) -> None:
    """How real the artificial signers are."""
    from paper_repro.experiments.realism import main

    main(**options)


@cli.command()
@click.option(
    "-o", "output", type=FOLDER, default=RESULTS, show_default="results",
    help="The folder of the results.",
)  # fmt: skip
def identification(output: Path) -> None:
    """What a quick look at 10,000 artificial signers loses."""
    from paper_repro.experiments.identification import main

    main(output)


@cli.command()
@click.argument("names", metavar="[NAME]...", nargs=-1, type=click.Choice(NAMES))
@click.option(
    "-o", "folder", type=FOLDER, default=PRETRAINED, show_default="sigtdnn/models/pretrained",
    help="The folder of the models.",
)  # fmt: skip
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True,
    help="Of the artificial signers and of all other chance.",
)  # fmt: skip
def pretrained(names: tuple[str, ...], folder: Path, seed: int) -> None:
    """Build the models that ship, or those named.

    They learn from artificial signers only. The same seed gives the same bytes on the same machine.
    """
    from paper_repro.experiments.pretrained import main

    main(names or NAMES, folder, seed)


@cli.command()
@experiment_options
@click.option(
    "--only", multiple=True,
    help="A set: artificial, or a folder of the data sets; by default artificial and the plan's.",
)  # fmt: skip
def cards(**options: Any) -> None:
    """Test the models that ship, for their cards."""
    from paper_repro.experiments.cards import main

    main(**options)


@cli.command()
@experiment_options
@click.option(
    "--final", is_flag=True,
    help="Also on the plan's final sets: once, with the finished model.",
)  # fmt: skip
def elastic(**options: Any) -> None:
    """Elastic matching step by step, beside DTW."""
    from paper_repro.experiments.elastic import main

    main(**options)


@cli.command()
@click.option(
    "--results", type=FOLDER, default=RESULTS, show_default="results",
    help="The folder of the results.",
)  # fmt: skip
@click.option(
    "-o", "output", type=FOLDER, default=CHECKOUT, show_default="the checkout",
    help="The folder below which the pages lie.",
)  # fmt: skip
@click.option("--check", is_flag=True, help="Write nothing; fail when a page is out of date.")
def pages(results: Path, output: Path, check: bool) -> None:
    """Write or check the pages.

    They are made from the results; the cards of the models that ship are pages, too. A page is
    refused when a sentence of it no longer holds.
    """
    from paper_repro.pages import PAGES, page
    from sigtdnn.files import replacing

    for name in PAGES:
        text, path = page(name, results), output / name
        if not check:
            with replacing(path) as temporary:
                temporary.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            raise click.ClickException(f"{path} is out of date; run python -m paper_repro pages")


if __name__ == "__main__":
    cli(prog_name="python -m paper_repro")
