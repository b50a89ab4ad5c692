"""Nobody who was trained on is tested, unless asked for; then every figure says so."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sigtdnn.errors import NobodyToTestError
from sigtdnn.evaluation.systems import System


@dataclass(frozen=True)
class Guard:
    """Who is tested, who is left out, and who is tested although trained on."""

    tested: tuple[str, ...]
    left_out: tuple[str, ...]
    overlapping: tuple[str, ...]  # tested although trained on


def guard_signers(signers: Iterable[str], systems: Sequence[System], allow_overlap: bool) -> Guard:
    """Leaves out, for all systems alike, the signers that any of them has seen.

    Raises NobodyToTestError when none is left.
    """
    every = tuple(sorted(set(signers)))
    seen = set().union(*(system.trained_on for system in systems))
    trained = tuple(signer for signer in every if signer in seen)
    if allow_overlap:
        return Guard(every, (), trained)
    tested = tuple(signer for signer in every if signer not in seen)
    if trained and not tested:
        raise NobodyToTestError(
            f"all {len(trained)} signers of the corpus were trained or validated on",
            "test on other signers, or pass --allow-overlap and have every figure marked",
        )
    return Guard(tested, trained, ())
