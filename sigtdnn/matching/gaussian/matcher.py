"""Gaussian: the paper's matcher, whose templates have 80 bytes (PAPER sections 5 and 6).

raw = log p-yes - log p-no. Representations are the network's whole output (d,); a template keeps
at most 76 of its components.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, ClassVar, Self

import numpy as np

from sigtdnn.arrays import Float32, Float64, Rows
from sigtdnn.errors import TemplateError
from sigtdnn.matching.calibration import Calibrations, logistic
from sigtdnn.matching.gaussian.codec import MAX_COMPONENTS, Levels, pack, unpack
from sigtdnn.matching.gaussian.components import choose_components, chosen, mean_variance, ranges
from sigtdnn.matching.gaussian.density import (
    MIN_REFERENCES,
    fit_density,
    log_densities,
    log_density,
    reach,
)
from sigtdnn.matching.gaussian.template import Grid, Template
from sigtdnn.matching.gaussian.update import Bounds, learn
from sigtdnn.matching.gaussian.vectors import DIRECT, Prior, WholeVectors
from sigtdnn.matching.matcher import (
    REFERENCES,
    Comparator,
    Examples,
    Matcher,
    Representations,
)
from sigtdnn.parallel import Progress, ignore_progress

# As a share of its ends: the steps of a narrower range would be lost in rounding.
MIN_RANGE = 1e-9
SHARES = np.linspace(0, 1, 21)  # quantiles of the distances of forgeries that are kept


@dataclass(frozen=True)
class GaussianSettings:
    """What a recipe may say of the matcher."""

    kind: ClassVar[str] = "gaussian"

    # Least variance of a template, as a share of the mean over training signers.
    variance_floor: float = 0.2

    def __post_init__(self) -> None:
        if not self.variance_floor >= 0:
            raise ValueError("variance_floor is 0 or more")


@dataclass(frozen=True)
class Gaussian(Matcher[Template]):
    """A normal density over components of feature vectors, rounded to 80 bytes."""

    kind: ClassVar[str] = "gaussian"
    code: ClassVar[int] = 1

    components: tuple[int, ...]  # of the network's output, ascending, at most 76
    low: tuple[float, ...]  # least value that a component's mean can be stored as
    high: tuple[float, ...]  # greatest
    variance_floor: float  # least variance of a template
    prior: Prior
    # Quantiles, evenly spaced, of mean squared distances of forgeries from a signer's mean.
    forged: tuple[float, ...]
    bounds: Bounds  # of an update
    whole: WholeVectors  # the same in full precision, to compare with

    def __post_init__(self) -> None:
        if not 1 <= len(self.components) <= MAX_COMPONENTS:
            raise ValueError(f"a template has 1 to {MAX_COMPONENTS} components")
        ascending = all(a < b for a, b in pairwise(self.components))
        if not ascending or self.components[0] < 0:
            raise ValueError("components must be ascending outputs of the network")
        if not len(self.low) == len(self.high) == len(self.components):
            raise ValueError("a template needs one range a component")
        for low, high in zip(self.low, self.high, strict=True):
            # Written so that NaN fails.
            if not high - low > MIN_RANGE * max(abs(low), abs(high)) or np.isinf(high - low):
                raise ValueError("a range is empty or not finite")
        rising = all(a <= b for a, b in pairwise(self.forged))
        if len(self.forged) < 2 or not rising or not self.forged[0] >= 0:
            raise ValueError("distances of forgeries must be two or more, ascending from 0 or more")
        if not np.isfinite([self.variance_floor, self.forged[-1]]).all() or self.variance_floor < 0:
            raise ValueError("a number is not finite, or the variance floor is below 0")

    @classmethod
    def settings(cls) -> type[GaussianSettings]:
        """What a recipe may say."""
        return GaussianSettings

    @classmethod
    def fit(
        cls,
        settings: GaussianSettings,
        training: Examples,
        validation: Examples,
        progress: Progress = ignore_progress,
    ) -> Self:
        """Components and ranges from training signers, everything else from validation signers.

        Only the bounds, ratios in which a signer's own variance cancels, come from both.
        """
        share = settings.variance_floor
        size = np.asarray(training.representations).shape[1]
        components = choose_components(training, min(MAX_COMPONENTS, size))
        learnt, known = chosen(training, components), chosen(validation, components)
        low, high = ranges(np.asarray(learnt.representations))
        floor = share * mean_variance(learnt)
        grid = Grid(np.array(low), np.array(high))
        found = known.comparisons(
            lambda vectors: grid.rounded(fit_density(vectors, floor)), log_density
        ).complete()
        signers = [
            np.asarray(examples.of(own))
            for examples in (learnt, known)
            for own, _ in examples.by_signer()
            if len(own) >= REFERENCES
        ]
        return cls(
            components,
            low,
            high,
            floor,
            Prior.fit(found.skilled),
            _forgery_distances(known, floor),
            Bounds.fit(signers, floor),
            WholeVectors.fit(range(size), share, training, validation),
        )

    def enroll(self, representations: Representations) -> Template:
        """The template of a signer's references, the paper's being their last six.

        Raises TooFewReferencesError for fewer than 2.
        """
        return self._grid.rounded(fit_density(self._vectors(representations), self.variance_floor))

    def compare(self, template: Template, representations: Representations) -> Float64:
        """log p-yes - log p-no."""
        return log_density(template, self._vectors(representations)) - self.prior.log_p_no

    def compare_each(self, templates: Sequence[Template], representation: Float32) -> Float64:
        """log p-yes - log p-no of one vector with each template."""
        apart = np.array([template.mean for template in templates])
        # In place: of many templates, memory costs more than the sums.
        apart -= representation[self._places]
        variances = np.array([template.variance for template in templates])
        return log_densities(apart, variances) - self.prior.log_p_no

    def distances(self, one: Representations, other: Representations) -> Float64:
        """Distances (n, m), over the components of templates."""
        return super().distances(self._vectors(one), self._vectors(other))

    def leave_one_out(self, representations: Representations) -> Float64:
        """Minus the squared distance (n,) of each of n vectors from the others; -1 is expected.

        Taken from the mean of the others, over their variance, and over 1 + 1 / (n - 1), since
        the mean is uncertain, too.
        """
        vectors = self._vectors(representations)
        found = np.empty(len(vectors))
        for i, vector in enumerate(vectors):
            others = fit_density(np.delete(vectors, i, axis=0), self.variance_floor)
            expected = others.variance * (1 + 1 / others.count)
            found[i] = -np.mean((vector - others.mean) ** 2) / expected
        return found

    def dispersion(self, representations: Representations) -> float:
        """The variance of n vectors, pooled over the components."""
        return fit_density(self._vectors(representations), self.variance_floor).variance

    def protection(self, template: Template, threshold: float) -> float | None:
        """Share of the known forgeries that lie beyond the reach of the template.

        None when the reach is less than the signer's own deviation: then the usual genuine
        signature lies beyond it, too.
        """
        limit = reach(template.variance, len(self.components), threshold + self.prior.log_p_no)
        if limit < template.variance:
            return None
        shares = np.linspace(0, 1, len(self.forged))
        return 1.0 - float(np.interp(limit, self.forged, shares))

    def update(
        self, template: Template, representation: Float32, first: Template, salt: bytes
    ) -> Template:
        """The template after one more vector (d,), within `bounds` around the first."""
        vector = representation[self._places]
        learnt = self.bounds.hold(learn(template, vector), first, self.variance_floor)
        # Steps of learning are smaller than half a level: rounding to the nearest level would
        # undo them all. Rounded up with a chance equal to the remainder, they add up.
        chance = np.random.default_rng(zlib.crc32(salt + vector.tobytes()))
        return self._grid.rounded(learnt, up=chance.random(len(vector)))

    def pack(self, template: Template) -> bytes:
        """The 74 bytes behind the head."""
        return pack(template.variance, template.levels)

    def unpack(self, data: bytes, count: int) -> Template:
        """The template of 74 bytes."""
        variance, levels = _unpack(data, count, len(self.components))
        return self._grid.template(variance, count, levels)

    @classmethod
    def require_packed(cls, data: bytes, count: int) -> None:
        """Raises TemplateError for bytes that are not a template, whatever the components."""
        _unpack(data, count, MAX_COMPONENTS)

    def count(self, template: Template) -> int:
        """The number of signatures behind a template."""
        return template.count

    def require_size(self, size: int | None) -> None:
        """Raises ValueError when a component is not an output of a network of that size."""
        if size is None:
            raise ValueError("the Gaussian matcher needs an encoder")
        if max(*self.components, *self.whole.components) >= size:
            raise ValueError(f"components must be outputs of the network, 0..{size - 1}")

    def layout(self) -> list[Any]:
        """What changes the bytes of a template."""
        return [self.whole.components, [self.components, self.low, self.high]]

    def variants(self) -> Mapping[str, tuple[Comparator[Any], Calibrations | None]]:
        """`whole` vectors, calibrated; `cosine` and `normalised` distances, not."""
        direct = {name: (comparator, None) for name, comparator in DIRECT.items()}
        return {"whole": (self.whole, Calibrations((self.whole.calibration,))), **direct}

    @cached_property
    def _grid(self) -> Grid:
        return Grid(np.array(self.low), np.array(self.high))

    @cached_property
    def _places(self) -> Rows:
        return np.array(self.components)

    def _vectors(self, representations: Representations) -> Float32:
        return np.asarray(representations).take(self._places, axis=1)


def paper_score(raw: Float64) -> Float64:
    """p-yes / (p-yes + p-no), the paper's score (PAPER section 5). It saturates, and so ties."""
    return logistic(raw)


def _unpack(data: bytes, count: int, components: int) -> tuple[float, Levels]:
    if count < MIN_REFERENCES:
        raise TemplateError(
            f"template of {count} signature(s), at least {MIN_REFERENCES} make one", "enrol again"
        )
    return unpack(data, components)


def _forgery_distances(examples: Examples, floor: float) -> tuple[float, ...]:
    """Squared distances of forgeries from the mean of each signer's last six, at even shares."""
    vectors = np.asarray(examples.representations)
    distances = [
        np.mean(
            (vectors[forged] - fit_density(vectors[own[-REFERENCES:]], floor).mean) ** 2, axis=1
        )
        for own, forged in examples.by_signer()
        if len(own) >= REFERENCES
    ]
    return tuple(np.quantile(np.concatenate(distances), SHARES).tolist())
