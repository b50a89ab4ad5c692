"""From what a user types to systems: `dtw`, MODEL, MODEL:card, MODEL:cosine, MODEL:normalised.

MODEL is a model file or a run folder. A system is named after its network, or, where two
would have the same name, after what was typed.
"""

from collections.abc import Callable, Sequence

from sigtdnn.corpus.corpus import Corpus
from sigtdnn.errors import ProtocolError
from sigtdnn.evaluation.comparisons import Cosine, Normalised
from sigtdnn.evaluation.systems import Carded, Encoded, Gaussian, System
from sigtdnn.matching.elastic.dtw import DTW, Progress, ignore_progress
from sigtdnn.models.file import load_model

BASELINE = "dtw"
KINDS: dict[str, Callable[[str, Encoded], System]] = {
    "": Gaussian,
    "card": Carded,
    "cosine": Cosine,
    "normalised": Normalised,
}


def open_systems(
    arguments: Sequence[str], corpus: Corpus, progress: Progress = ignore_progress
) -> list[System]:
    """The systems in the order given; those of one model share its feature vectors.

    `progress` is told of the distances that `dtw` computes.

    Raises ModelError for a model that cannot be loaded, and ProtocolError for a system
    that is named twice.
    """
    if len(set(arguments)) < len(arguments):
        twice = next(argument for argument in arguments if arguments.count(argument) > 1)
        raise ProtocolError(f"system '{twice}' is named twice; name it once")
    parts = [_split(argument) for argument in arguments]
    encoded = {path: Encoded(load_model(path), corpus) for path, _ in parts if path != BASELINE}
    names = [
        BASELINE if path == BASELINE else _name(encoded[path].model.network.name, kind)
        for path, kind in parts
    ]
    return [
        DTW(corpus, progress)
        if path == BASELINE
        else KINDS[kind](name if names.count(name) == 1 else argument, encoded[path])
        for argument, name, (path, kind) in zip(arguments, names, parts, strict=True)
    ]


def _split(argument: str) -> tuple[str, str]:
    """Model and kind; a colon that no kind follows belongs to the path."""
    path, colon, kind = argument.rpartition(":")
    return (path, kind) if colon and kind in KINDS else (argument, "")


def _name(network: str, kind: str) -> str:
    return f"{network}:{kind}" if kind else network
