"""Registry: signers of a store enrolled, verified and updated with a model.

An enrolment is unfinished until as many signatures as wanted are there and none is odd. Until
then the store keeps of each signature its card vector and its statistics, one row of
little-endian float32; from 3 signatures on there is a template to verify against.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sigtdnn.arrays import Float32
from sigtdnn.errors import ModelError, StoreError
from sigtdnn.matching.gaussian.codec import FINGERPRINT, unpack
from sigtdnn.matching.gaussian.template import Template
from sigtdnn.models.card import MAX_COMPONENTS
from sigtdnn.signature import Signature
from sigtdnn.store.sqlite import Entry, Store
from sigtdnn.verification.enrolment import MIN_WANTED, WANTED, Enrolment, assess
from sigtdnn.verification.habits import Profile
from sigtdnn.verification.traits import STATISTICS, statistics_of
from sigtdnn.verification.verdict import Verdict, judge
from sigtdnn.verification.verifier import Verifier


def enroll(
    store: Store,
    verifier: Verifier,
    signer: str,
    signatures: Sequence[Signature],
    wanted: int = WANTED,
) -> Enrolment:
    """Adds genuine signatures to a signer's enrolment; its state afterwards.

    The first of them takes the place of one that was odd. A signature that is there already
    is not counted again, so that an interrupted call may be repeated.

    Raises StoreError when the signer is enrolled already, ModelError when another model
    began the enrolment, PreprocessingError for a signature without size.
    """
    size = len(verifier.model.card.components)
    added = np.hstack([verifier.vectors(signatures), statistics_of(signatures)])
    with store.changing():
        entry = store.find(signer) or Entry(signer, _fingerprint(verifier), vectors=b"")
        rows = _together(_rows(entry, verifier), added.astype("<f4"), verifier)
        state = assess(rows[:, :size], verifier.model.card, wanted)
        if len(rows) >= MIN_WANTED:
            template = verifier.enroll_vectors(rows[:, :size]).to_bytes()
            profile = Profile.of(rows[:, size:].astype(np.float64)).to_bytes()
            entry = replace(entry, template=template, first=template, profile=profile)
        vectors = None if state.complete else rows.tobytes()
        store.put(replace(entry, vectors=vectors, given=len(rows)))
    return state


def verify(
    store: Store, verifier: Verifier, signer: str, signature: Signature, threshold: float
) -> Verdict:
    """The verdict on a signature that claims to be by a signer; reads only.

    Raises StoreError when the signer is unknown or has too few signatures, ModelError when
    another model enrolled him, PreprocessingError for a signature without size.
    """
    entry = store.get(signer)
    template, profile = _enrolled(entry, verifier)
    return judge(verifier, template, profile, signature, threshold)


def update(
    store: Store, verifier: Verifier, signer: str, signature: Signature, threshold: float
) -> tuple[Verdict, bool]:
    """As `verify`; then lets a confident acceptance change the template, and tells whether.

    A template whose enrolment is unfinished waits for its completion.
    """
    with store.changing():
        entry = store.get(signer)
        template, profile = _enrolled(entry, verifier)
        verdict = judge(verifier, template, profile, signature, threshold)
        if not verdict.accepted or not entry.complete:
            return verdict, False
        first = verifier.template(entry.first or b"")
        updated = verifier.update(template, signature, first)
        if updated is None:
            return verdict, False
        store.put(replace(entry, template=updated.to_bytes(), updates=entry.updates + 1))
    return verdict, True


def import_template(store: Store, signer: str, template: bytes) -> Entry:
    """Puts a bare template of 80 bytes into the store, as a new signer.

    Raises ModelError when it is no template, StoreError when the signer is there already.
    """
    content = unpack(template, MAX_COMPONENTS)
    with store.changing():
        if store.find(signer) is not None:
            raise StoreError(f"{store.path}: '{signer}' is there already; delete the signer first")
        return store.put(
            Entry(signer, content.fingerprint, template, template, given=content.count)
        )


def _enrolled(entry: Entry, verifier: Verifier) -> tuple[Template, Profile | None]:
    if entry.template is None:
        raise StoreError(
            f"'{entry.signer}' has {entry.given} signature(s), verification needs "
            f"{MIN_WANTED}; enrol more"
        )
    profile = None if entry.profile is None else Profile.from_bytes(entry.profile)
    return verifier.template(entry.template), profile


def _rows(entry: Entry, verifier: Verifier) -> Float32:
    """What is kept of an unfinished enrolment with this model."""
    if entry.vectors is None:
        raise StoreError(
            f"'{entry.signer}' is enrolled already; use 'verify --update', or delete the signer "
            "to enrol anew"
        )
    if entry.model != _fingerprint(verifier):
        raise ModelError(
            f"'{entry.signer}' is being enrolled with another model, {entry.model.hex()}, this "
            f"one is {_fingerprint(verifier).hex()}; name that model, or delete the signer"
        )
    width = len(verifier.model.card.components) + len(STATISTICS)
    return np.frombuffer(entry.vectors, "<f4").reshape(-1, width)


def _together(there: Float32, added: Float32, verifier: Verifier) -> Float32:
    """Float32 there and those added that are new, the first of which replaces an odd one."""
    size = len(verifier.model.card.components)
    odd = None
    if len(there) >= MIN_WANTED:
        odd = assess(there[:, :size], verifier.model.card).odd
    rows = list(there)
    for row in added:
        # The statistics are of one signature alone, while the last bits of a vector depend
        # on how many were encoded together.
        if any(np.array_equal(row[size:], other[size:]) for other in rows):
            continue
        if odd is None:
            rows.append(row)
        else:
            rows[odd] = row
            odd = None
    return np.array(rows, dtype="<f4").reshape(-1, added.shape[1])


def _fingerprint(verifier: Verifier) -> bytes:
    return verifier.model.fingerprint[:FINGERPRINT]
