"""From the names a user types to systems: `dtw`, MODEL, MODEL:VARIANT.

MODEL is one that ships, a model file or a run folder; VARIANT one of the matcher's
(`Matcher.variants`). A system is named after its model, or, where two would have the same name,
after what was typed.
"""

from collections.abc import Sequence
from pathlib import Path

from sigtdnn.corpus.corpus import Corpus
from sigtdnn.errors import SystemNameError
from sigtdnn.evaluation.systems import RowRepresentations, System, dtw_system, model_system
from sigtdnn.models.file import load_model
from sigtdnn.parallel import Progress, ignore_progress

BASELINE = "dtw"


def open_systems(
    arguments: Sequence[str], corpus: Corpus, progress: Progress = ignore_progress
) -> list[System]:
    """The systems in the order given; those of one model share its representations.

    `progress` counts the distances that `dtw` computes.

    Raises ModelError for a model that cannot be loaded, and SystemNameError for a system that
    is named twice or a variant that it does not have.
    """
    if len(set(arguments)) < len(arguments):
        twice = next(argument for argument in arguments if arguments.count(argument) > 1)
        raise SystemNameError(f"system '{twice}' is named twice", "name it once")
    parts = [_split(argument) for argument in arguments]
    models = {path: load_model(path) for path, _ in parts if path != BASELINE}
    represented = {
        path: RowRepresentations(model.represent, corpus) for path, model in models.items()
    }
    names = [
        BASELINE if path == BASELINE else _name(models[path].name, variant)
        for path, variant in parts
    ]
    return [
        dtw_system(corpus, progress)
        if path == BASELINE
        else model_system(
            name if names.count(name) == 1 else argument, models[path], represented[path], variant
        )
        for argument, name, (path, variant) in zip(arguments, names, parts, strict=True)
    ]


def _split(argument: str) -> tuple[str, str]:
    """Model and variant; a colon in the name of a file that exists belongs to the path."""
    path, colon, variant = argument.rpartition(":")
    if not colon or Path(argument).exists():
        return argument, ""
    if path == BASELINE:
        raise SystemNameError(f"{BASELINE} has no variant '{variant}'", f"name it '{BASELINE}'")
    return path, variant


def _name(model: str, variant: str) -> str:
    return f"{model}:{variant}" if variant else model
