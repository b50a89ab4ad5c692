"""`sigtdnn train`: a corpus in, a run folder with a tested model out."""

import json
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sigtdnn.extras import needs

from .options import json_option
from .progress import progress

if TYPE_CHECKING:
    from sigtdnn.corpus.corpus import Corpus
    from sigtdnn.run_folder import Result
    from sigtdnn.training.loop import PassRecord
    from sigtdnn.training.recipe import Recipe

NO_FORGERIES = (
    "The corpus has no forgeries: signatures of other signers take their place, so that the model "
    "learns to tell people, and its rates and thresholds say nothing of forgers."
)
SIGNERS = 240  # artificial ones that a matcher without a network is trained and tested on


@click.command("train", epilog="Example: sigtdnn train network-4 --corpus corpus/nfi -o runs/n4")
@click.argument("recipe", metavar="[RECIPE]", default="network-4")
@click.option(
    "--corpus", "corpus_folder", metavar="DIR", type=click.Path(path_type=Path),
    help="The signatures to learn from and test on: a folder made by 'sigtdnn preprocess'. By "
    "default artificial ones.",
)  # fmt: skip
@click.option(
    "-o", "run_folder", metavar="RUN", type=click.Path(path_type=Path),
    help="The run folder to make; it must be absent or empty. By default a new runs/NAME-n.",
)  # fmt: skip
@click.option(
    "--passes", metavar="N", type=click.IntRange(min=1),
    help="Passes over the pairs of signatures. By default as many as the recipe says.",
)  # fmt: skip
@click.option(
    "--seed", metavar="N", type=click.IntRange(min=0), default=0, show_default=True,
    help="Decides who is tested on, the first weights and all other chance.",
)  # fmt: skip
@click.option("--resume", is_flag=True, help="Continue the interrupted run in RUN.")
@click.option(
    "--device", metavar="NAME", default="cpu", show_default=True,
    help="Where torch computes, such as cuda.",
)  # fmt: skip
@json_option
def command(
    recipe: str,
    corpus_folder: Path | None,
    run_folder: Path | None,
    passes: int | None,
    seed: int,
    resume: bool,
    device: str,
    as_json: bool,
) -> None:
    """Train a network, and test it on signers that it never saw.

    RECIPE is network-1 to network-5, the five of the paper, elastic, or a TOML file; network-4
    when left out. The signers are divided: most to learn from, some to validate and calibrate
    on, the rest to test on. The test is of what 'sigtdnn verify' runs, bytes of the template
    included. The run folder keeps the model, its configuration, the history of the passes and
    the test.

    The elastic matcher, of which the default model is one, is fitted at once: without passes, and
    with nothing to resume.
    """
    if resume and run_folder is None:
        raise click.UsageError("--resume needs -o RUN, the folder of the interrupted run.")
    from sigtdnn.training.recipe import read_recipe

    settings = read_recipe(recipe)
    if settings.network is None and (passes is not None or resume or device != "cpu"):
        raise click.UsageError(
            f"'{recipe}' has no network: leave --passes, --resume and --device out."
        )
    if passes is not None:
        settings = replace(settings, optimiser=replace(settings.optimiser, passes=passes))
    folder = run_folder or _new_folder(settings.name)
    with needs("train"):
        from sigtdnn.evaluation.report.folder import metrics_table

        from .run_summary import summary

        corpus = _corpus(corpus_folder, settings, seed)
        if settings.network is None:
            result = _fit(corpus, settings, seed, folder)
        else:
            result = _train(corpus, settings, seed, folder, device, resume)
    if as_json:
        click.echo(json.dumps(metrics_table(result.evaluation) | {"run": str(folder)}))
    else:
        click.echo(summary(result, settings.optimiser))
        history = ", history" if result.history else ""
        click.echo(f"Model, configuration{history} and scores: {folder}")


def _corpus(folder: Path | None, settings: "Recipe", seed: int) -> "Corpus":
    """The corpus in a folder; without one, artificial signers, and says that none is real."""
    from sigtdnn.corpus.folder import open_corpus
    from sigtdnn.corpus.identity import Kind
    from sigtdnn.corpus.study import population_corpus, study_corpus

    if folder is not None:
        corpus = open_corpus(folder)
        if Kind.SKILLED not in set(corpus.recordings["kind"]):
            click.echo(NO_FORGERIES, err=True)
        return corpus
    click.echo("No corpus given: the signers and forgers are artificial, invented now.", err=True)
    with progress("Inventing") as advance:
        # The study is the paper's laboratory, with one tablet. The elastic matcher, which has to
        # serve on any, learns from people with a tablet each, as the model that ships did.
        if settings.network is None:
            return population_corpus(SIGNERS, seed, progress=advance)
        return study_corpus(progress=advance)


def _new_folder(name: str) -> Path:
    folders = (Path("runs") / f"{name}-{number}" for number in count(1))
    return next(folder for folder in folders if not folder.exists())


def _tell_differences(then: dict[str, object]) -> None:
    """Says what keeps a resumed run from ending in the same bits."""
    from sigtdnn.training.environment import torch_environment

    for key, value in torch_environment().items():
        if then.get(key) != value:
            click.echo(
                f"Note: {key} was {then.get(key)} and is {value} now; the weights may differ in "
                "their last bits from those of an undisturbed run.",
                err=True,
            )


def _fit(corpus: "Corpus", settings: "Recipe", seed: int, folder: Path) -> "Result":
    """The whole run of a matcher without a network."""
    from sigtdnn.run_folder import MatcherRun

    with progress("Fitting") as advance:
        return MatcherRun(corpus, settings, seed, folder).fit(advance)


def _train(
    corpus: "Corpus", settings: "Recipe", seed: int, folder: Path, device: str, resume: bool
) -> "Result":
    """The whole run of a network, begun or continued."""
    from sigtdnn.network_run import NetworkRun

    run, passes = NetworkRun(corpus, settings, seed, folder, device), settings.optimiser.passes
    if resume:
        _tell_differences(run.resume())
    else:
        run.start()
    with progress("Training") as advance:
        run.train(lambda record: advance(record.number, passes, _note(record)))
    return run.finish()


def _note(record: "PassRecord") -> str:
    """What stands behind the bar after a pass."""
    return (
        f"validation loss {record.val_loss:.4f}, right on {record.val_ga:.1%} of the genuine and "
        f"{record.val_fr:.1%} of the forged pairs"
    )
