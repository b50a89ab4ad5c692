"""Fitting a model around an encoder, or none: matcher, calibration and norms, from two corpora."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd

from sigtdnn.corpus.corpus import Corpus, labelled, signing_order
from sigtdnn.corpus.identity import Kind
from sigtdnn.errors import ConfigurationError
from sigtdnn.matching.calibration import Calibration, Calibrations
from sigtdnn.matching.matcher import Comparator, Comparisons, Examples, Matcher
from sigtdnn.matching.packing import StoredTemplates
from sigtdnn.matching.registry import MATCHERS
from sigtdnn.models.model import Model, Provenance
from sigtdnn.models.norms import Norms
from sigtdnn.networks.encoder import Encoder
from sigtdnn.parallel import Progress, ignore_progress, part
from sigtdnn.tables import settings_of_kind
from sigtdnn.verification.traits import traits_of, usual_deviations


def fit_model(
    name: str,
    encoder: Encoder | None,
    matcher: Mapping[str, Any],
    training: Corpus,
    validation: Corpus,
    *,
    seed: int,
    passes: int = 0,
    progress: Progress = ignore_progress,
) -> Model:
    """The model of an encoder, trained on `training` in so many passes, and a matcher.

    `matcher` is the table of a recipe: its `kind`, and settings of its own. `progress` tells
    how far learning and calibration are.

    Recordings without signer or kind, and of signers without a genuine one, are ignored. Where
    neither corpus has a forgery, random ones take their place.

    Raises ConfigurationError for an unknown kind or setting, TooFewExamplesError when the
    validation signers have no forgery, no questioned genuine or no other signer beside them, or
    no training signer has two genuines.
    """
    known_settings = {kind: cls.settings() for kind, cls in MATCHERS.items()}
    settings = settings_of_kind(known_settings, matcher, "matcher")
    cls = MATCHERS[settings.kind]
    if encoder is None and not isinstance(settings, Matcher):
        raise ConfigurationError(f"the matcher '{cls.kind}' needs an encoder", "give it a network")
    both = pd.concat([training.recordings, validation.recordings])
    usable = _usable(training)
    genuine = usable.select((usable.recordings["kind"] == Kind.GENUINE).to_numpy())
    habits = usual_deviations(
        traits_of(list(genuine.signatures())), genuine.recordings["signer"].to_numpy(np.str_)
    )
    only_random = not (both["kind"] == Kind.SKILLED).any()
    learnt, known = (
        examples_of(corpus, encoder or settings, only_random)
        for corpus in (usable, _usable(validation))
    )
    fitted = cls.fit(settings, learnt, known, part(progress, 0, 2))
    found = calibration_comparisons(fitted, known, part(progress, 1, 2))
    return Model(
        name,
        encoder,
        fitted,
        Calibrations(tuple(Calibration.fit(raw, count) for count, raw in found.items())),
        Norms.fit(fitted, found[max(found)], learnt, known, habits),
        Provenance(
            corpus=", ".join(sorted(both["collection"].unique())),
            training_signers=_names(training.recordings["signer"]),
            validation_signers=_names(validation.recordings["signer"]),
            forgers=_names(both["writer"][both["kind"] == Kind.SKILLED]),
            seed=seed,
            passes=passes,
            sigtdnn=version("sigtdnn"),
        ),
    )


def examples_of(corpus: Corpus, by: Encoder | Matcher[Any], only_random: bool = False) -> Examples:
    """The recordings of a corpus, represented, as a matcher is fitted on them."""
    recordings = corpus.recordings
    return Examples(
        by.encode(corpus.features(by.preprocessing))
        if isinstance(by, Encoder)
        else by.represent(list(corpus.signatures())),
        recordings["signer"].to_numpy(np.str_),
        (recordings["kind"] == Kind.GENUINE).to_numpy(np.bool_),
        signing_order(recordings).index.to_numpy(np.intp),
        recordings["session"].to_numpy(np.intp, na_value=-1),
        recordings["collection"].to_numpy(np.str_),
        only_random,
    )


def calibration_comparisons(
    matcher: Matcher[Any], known: Examples, progress: Progress = ignore_progress
) -> dict[int, Comparisons]:
    """What stored templates give for the matcher's reference sets, by number of references.

    Numbers that no signer has enough signatures for are left out. Raises TooFewExamplesError
    when none is left.
    """
    sets = matcher.reference_sets(known)
    pairs = known.pairs([one for some in sets.values() for one in some])
    stored: Comparator[Any] = StoredTemplates(matcher)
    prepared = stored.prepared(known.representations, pairs, progress)
    found = {
        count: known.comparisons(prepared.enroll, prepared.compare, some)
        for count, some in sets.items()
    }
    usable = {count: raw for count, raw in found.items() if all(map(len, raw))}
    if not usable:
        found[min(found)].complete()  # raises, and tells what is missing
    return usable


def _usable(corpus: Corpus) -> Corpus:
    known = corpus.select(labelled(corpus.recordings))
    signer, kind = known.recordings["signer"], known.recordings["kind"]
    return known.select(signer.isin(signer[kind == Kind.GENUINE]).to_numpy())


def _names(column: "pd.Series[str]") -> tuple[str, ...]:
    return tuple(sorted(set(column) - {""}))
