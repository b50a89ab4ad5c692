"""`sigtdnn train`: a corpus in, a run folder with a tested model out."""

import json
from dataclasses import replace
from itertools import count
from pathlib import Path

import click

from sigtdnn.corpus.corpus import Corpus
from sigtdnn.corpus.folder import open_corpus
from sigtdnn.corpus.study import study_corpus
from sigtdnn.evaluation.figures import Estimate
from sigtdnn.evaluation.paper import GA_AT_FR80, TABLE_1, Reading
from sigtdnn.evaluation.report.folder import metrics_table
from sigtdnn.evaluation.report.text import cell, tested
from sigtdnn.run_folder import UNTRAINED, Result, Run
from sigtdnn.training.checkpoint import environment
from sigtdnn.training.loop import PassRecord
from sigtdnn.training.recipe import Recipe, read_recipe

from .progress import progress

ABSENT = "-"


@click.command("train", epilog="Example: sigtdnn train network-4 --corpus corpus/nfi -o runs/n4")
@click.argument("network", default="network-4")
@click.option(
    "--corpus", "corpus_folder", metavar="DIR", type=click.Path(path_type=Path),
    help="A corpus made by `sigtdnn preprocess`; by default the built-in artificial study.",
)  # fmt: skip
@click.option(
    "-o", "run_folder", metavar="RUN", type=click.Path(path_type=Path),
    help="The run folder to make; by default a new runs/NETWORK-n.",
)  # fmt: skip
@click.option("--passes", type=click.IntRange(min=1), help="Passes over the pairs.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--resume", is_flag=True, help="Continue the interrupted run in RUN.")
@click.option("--device", default="cpu", show_default=True, help="Where to train, such as cuda.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def command(
    network: str,
    corpus_folder: Path | None,
    run_folder: Path | None,
    passes: int | None,
    seed: int,
    resume: bool,
    device: str,
    as_json: bool,
) -> None:
    """Train NETWORK and test it on signers that it never saw.

    NETWORK is network-1 to network-5 or a TOML file. The run folder keeps the model, its
    configuration, the history of the passes and the test.
    """
    if resume and run_folder is None:
        raise click.UsageError("--resume needs -o RUN, the folder of the interrupted run.")
    recipe = read_recipe(network)
    if passes is not None:
        recipe = replace(recipe, optimiser=replace(recipe.optimiser, passes=passes))
    corpus = _study() if corpus_folder is None else open_corpus(corpus_folder)
    folder = run_folder or _new_folder(recipe.network.name)
    run = Run(corpus, recipe, seed, folder, device)
    if resume:
        _tell_differences(run.resume())
    else:
        run.start()
    _train(run, recipe)
    result = run.finish()
    table = metrics_table(result.evaluation) | {"run": str(folder)}
    click.echo(json.dumps(table) if as_json else _summary(result, folder))


def _study() -> Corpus:
    """The built-in corpus; says that nothing in it is real."""
    click.echo("No corpus given: signers and forgers are artificial, made on the spot.", err=True)
    with progress("Inventing") as advance:
        return study_corpus(progress=advance)


def _new_folder(name: str) -> Path:
    folders = (Path("runs") / f"{name}-{number}" for number in count(1))
    return next(folder for folder in folders if not folder.exists())


def _tell_differences(then: dict[str, object]) -> None:
    """Says what keeps a resumed run from ending in the same bits."""
    for key, value in environment().items():
        if then.get(key) != value:
            click.echo(
                f"Note: {key} was {then.get(key)}, now {value}; the end may differ in its last "
                "bits from that of an undisturbed run.",
                err=True,
            )


def _train(run: Run, recipe: Recipe) -> None:
    with progress("Training") as advance:
        run.train(lambda record: advance(record.number, recipe.optimiser.passes, _note(record)))


def _note(record: PassRecord) -> str:
    """What stands behind the bar after a pass."""
    return f"validation: loss {record.val_loss:.4f}, GA {record.val_ga:.1%}, FR {record.val_fr:.1%}"


def _summary(result: Result, folder: Path) -> str:
    """The paper's figures beside ours, and where the rest is."""
    name, source = result.model.name, result.model.provenance
    evaluation = result.evaluation
    here, untrained = (evaluation.figures[n] for n in (name, f"{name}-{UNTRAINED}"))
    paper_ga, row = GA_AT_FR80.get(name), TABLE_1.get(name)
    kept = next((r for r in result.history if r.number == source.passes), None)
    rows = [
        ("", "paper", "here", "untrained"),
        (
            "genuines accepted, 80 % of forgeries detected",
            ABSENT if paper_ga is None else f"{100 * paper_ga:.1f}",
            _rate(here["skilled"]["ga_at_fr80"]),
            _rate(untrained["skilled"]["ga_at_fr80"]),
        ),
        *(
            (
                f"equal error rate, {kind} forgeries",
                ABSENT,
                _rate(here[kind]["eer_global"]),
                _rate(untrained[kind]["eer_global"]),
            )
            for kind in here
        ),
    ]
    if kept is not None:
        rows += [
            (
                "training pairs, GA / FR",
                _reading(row.training if row else None),
                f"{100 * kept.train_ga:.1f} / {100 * kept.train_fr:.1f}",
                "",
            ),
            (
                "validation pairs, GA / FR",
                _reading(row.validation if row else None),
                f"{100 * kept.val_ga:.1f} / {100 * kept.val_fr:.1f}",
                "",
            ),
        ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join(
        [
            f"{name}: trained on {len(source.training_signers)} signers of {source.corpus}, pass "
            f"{source.passes} chosen on {len(source.validation_signers)} others.",
            f"Tested on strangers: {' '.join(tested(evaluation))}",
            "",
            *lines,
            "",
            "Per cent; in brackets 95 % intervals over signers. The paper's signers are other "
            "people: compare the order of size.",
            f"Model, configuration, history and scores: {folder}",
        ]
    )


def _rate(estimate: Estimate) -> str:
    return cell(estimate, rate=True, overlap=False)


def _reading(reading: Reading | None) -> str:
    return ABSENT if reading is None else f"{100 * reading.ga:.1f} / {100 * reading.fr:.1f}"
