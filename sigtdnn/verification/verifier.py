"""Verifier: a model in use. Signatures and signers' records in, records and verdicts out."""

import heapq
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np

from sigtdnn.arrays import Float64
from sigtdnn.errors import (
    DamagedModelError,
    OtherModelError,
    PreprocessingError,
    SignerExistsError,
    TemplateError,
    TooFewReferencesError,
    UnfinishedEnrolmentError,
    about,
)
from sigtdnn.formats import read_signature
from sigtdnn.matching.difference import Difference
from sigtdnn.matching.matcher import REFERENCES, Comparison
from sigtdnn.matching.packing import pack, unpack
from sigtdnn.models.file import load_model
from sigtdnn.models.model import Model
from sigtdnn.models.pretrained import DEFAULT
from sigtdnn.signature import Signature
from sigtdnn.verification.enrolment import (
    NOTHING_PENDING,
    WANTED,
    Enrolment,
    PendingSignatures,
    assess,
    odd_one,
    people,
)
from sigtdnn.verification.habits import Habits
from sigtdnn.verification.memory import is_among, memorized, remembered
from sigtdnn.verification.record import SignerRecord
from sigtdnn.verification.traits import TRAITS, traits_of
from sigtdnn.verification.verdict import REPLAY, Score, Verdict

# Templates that are kept unpacked; when identifying among more, all are unpacked every time.
CACHE_SIZE = 16_384


class Verifier:
    """Enrols, verifies and identifies with one model."""

    def __init__(self, model: Model) -> None:
        """`model` is used as it is, never changed.

        Raises DamagedModelError when it was made for other traits.
        """
        if len(model.norms.habits) != len(TRAITS):
            raise DamagedModelError(
                f"the model knows the habits of {len(model.norms.habits)} traits, this sigtdnn "
                f"has {len(TRAITS)}",
                "train again",
            )
        self.model = model
        self._unpack = lru_cache(CACHE_SIZE)(
            lambda data: unpack(self.model.matcher, data, self.model.id)
        )

    @classmethod
    def load(cls, name: Path | str) -> "Verifier":
        """The verifier of a model as `load_model` finds it; raises ModelError."""
        model = load_model(name)
        with about(name, DamagedModelError):
            return cls(model)

    @classmethod
    def default(cls) -> "Verifier":
        """The verifier of the model that ships."""
        return cls.load(DEFAULT)

    def read(
        self, files: Sequence[Any], read: Callable[[Any], Signature] = read_signature
    ) -> list[Signature]:
        """The signatures in stroke files, all of which the model can represent; `read` reads one.

        Raises FormatError or PreprocessingError, which name the file at fault.
        """
        signatures = [read(file) for file in files]
        for file, signature in zip(files, signatures, strict=True):
            with about(file, PreprocessingError):
                self.model.represent([signature])
        return signatures

    def enroll(
        self,
        signatures: Sequence[Signature],
        record: SignerRecord | None = None,
        wanted: int = WANTED,
    ) -> tuple[SignerRecord, Enrolment]:
        """A new or continued record after these genuine signatures, and the enrolment's state.

        An enrolment is unfinished until there are as many signatures as wanted and none is odd;
        from `Matcher.min_references` on there is a template to verify against. The first new
        signature takes the place of one that was odd. A signature given again is not counted
        again, so that an interrupted call may be repeated.

        Raises StrangersError when several people must have written them, SignerExistsError when
        the enrolment is complete already, OtherModelError when another model began it,
        PreprocessingError for a signature without size.
        """
        record = record or SignerRecord(self.model.id, pending=b"")
        if record.pending is None:
            raise SignerExistsError(
                "the signer is enrolled already",
                "use 'verify --update', or delete the signer to enrol anew",
            )
        self._require_own(record)
        there = NOTHING_PENDING
        if record.pending:
            there = PendingSignatures.from_bytes(record.pending)
        added = PendingSignatures(self.model.represent(signatures), traits_of(signatures))
        pending = there.joined(added, odd_one(there.representations, self.model))
        state = assess(pending.representations, self.model, wanted)
        if state.given >= self.model.matcher.min_references:
            template = self.template(pending.representations)
            habits = Habits.of(pending.traits).to_bytes()
            record = replace(record, template=template, first=template, habits=habits)
        kept = None if state.complete else pending.to_bytes()
        return replace(record, pending=kept, given=state.given), state

    def template(self, representations: Any) -> bytes:
        """The bytes of the template of references, given as representations."""
        return pack(self.model.matcher, self.model.matcher.enroll(representations), self.model.id)

    def reference(self, signatures: Sequence[Signature]) -> SignerRecord:
        """A complete record of these references, however many, without judging the enrolment.

        A signature given twice counts once. Raises TooFewReferencesError when they are too few
        for a template, StrangersError when several people must have written them.
        """
        if not signatures:
            raise TooFewReferencesError("no reference signature", "give one or more")
        given = PendingSignatures(self.model.represent(signatures), traits_of(signatures))
        once = NOTHING_PENDING.joined(given, odd=None)
        people(once.representations, self.model)
        template = self.template(once.representations)
        habits = Habits.of(once.traits).to_bytes()
        return SignerRecord(self.model.id, template, template, habits, given=len(once.traits))

    def score(self, record: SignerRecord, signature: Signature) -> Score:
        """How genuine a questioned signature is.

        Raises UnfinishedEnrolmentError for a record without template, OtherModelError for one of
        another model, PreprocessingError for a signature without size.
        """
        return self.score_many(record, [signature])[0]

    def score_many(self, record: SignerRecord, signatures: Sequence[Signature]) -> list[Score]:
        """How genuine each of several questioned signatures is; raises as `score`."""
        raw = self._raw(self._measure(record, signatures))
        references = self.references(record)
        return [self._score(value, references) for value in raw]

    def verify(self, record: SignerRecord, signature: Signature, threshold: float) -> Verdict:
        """The verdict on a signature that claims to be the signer's; raises as `score`.

        `threshold` is on the score; see `threshold`, and `references` for what it takes.
        """
        found = self._measure(record, [signature])
        score = self._score(self._raw(found)[0], self.references(record))
        accepted, differs = score.score >= threshold, None
        if self._is_replay(found):
            accepted, differs = False, Difference(REPLAY)
        elif not accepted:
            differs = self.difference(record, signature)
        return Verdict(
            **asdict(score),
            threshold=threshold,
            accepted=accepted,
            reason=differs and differs.group,
            where=differs and differs.where,
        )

    def update(self, record: SignerRecord, signature: Signature) -> SignerRecord:
        """The record after a signature that is accepted with confidence; else the same record.

        The template as first enrolled must accept it with confidence, too. A record whose
        enrolment is unfinished is not updated, nothing is learnt from a replay, and nothing twice.
        Raises as `score`.
        """
        found = self._measure(record, [signature])
        if record.first is None or record.template is None or not record.complete:
            return record
        least = min(comparison.raw[0] for comparison in found)
        if least < self.model.norms.confident or self._is_replay(found):
            return record
        traits = traits_of([signature])[0]
        if is_among(traits, remembered(record.learnt), self._usual):
            return record
        matcher = self.model.matcher
        learnt = matcher.update(
            self._unpack(record.template),
            self.model.represent([signature])[0],
            self._unpack(record.first),
            record.template,
        )
        if learnt is None:
            return record
        packed = pack(matcher, learnt, self.model.id)
        known = memorized(traits, record.learnt)
        return replace(record, template=packed, learnt=known, updates=record.updates + 1)

    def identify(
        self, signature: Signature, records: Mapping[str, SignerRecord], k: int = 5
    ) -> list[tuple[str, Score]]:
        """The k signers who most likely wrote this signature, best first; raises as `score`.

        Signers without a template are passed over; so are, in a large store, those whom the
        matcher finds unlike at a quick look (`Matcher.shortlist`).
        """
        templates = {}
        for name, record in records.items():
            if record.template is not None:
                with about(f"'{name}'", TemplateError):
                    templates[name] = self._template_of(record)
        if not templates:
            return []
        matcher = self.model.matcher
        representation = self.model.represent([signature])[0]
        names, every = list(templates), list(templates.values())
        places = matcher.shortlist(every, representation, k).tolist()
        chosen = [every[place] for place in places]
        raw = matcher.compare_each(chosen, representation)
        self._hold(raw, [records[names[place]] for place in places], representation)
        counts = [matcher.count(template) for template in chosen]
        log_odds = self.model.calibrations.log_odds(raw, counts)
        each = zip(places, raw.tolist(), counts, log_odds.tolist(), strict=True)
        best = heapq.nlargest(k, each, key=itemgetter(3))
        return [(names[place], self._score(value, count)) for place, value, count, _ in best]

    def references(self, record: SignerRecord) -> int:
        """The number of signatures behind a record's template; raises as `score`."""
        return self.model.matcher.count(self._template_of(record))

    def threshold(
        self,
        far: float | None = None,
        far_random: float | None = None,
        fr: float | None = None,
        references: int = REFERENCES,
    ) -> float:
        """The `score` from which a signature is accepted; accept when score >= threshold.

        Chosen on validation signers with templates of so many references, so that the share `far`
        of skilled forgeries or `far_random` of random ones is accepted, or the share `fr` of
        skilled ones detected; of several the strictest; without any, the paper's operating
        point, which detects 80 %. Raises ThresholdError for a share outside 0..1, or one too
        small to be measured on so few forgeries.
        """
        calibration = self.model.calibrations.of(references)
        return float(calibration.score(np.array(calibration.threshold(far, far_random, fr))))

    def difference(self, record: SignerRecord, signature: Signature) -> Difference | None:
        """In what a signature differs most from the signer's, and where; raises as `score`.

        Told by the matcher or, where that cannot tell, by the habits; None without these.
        """
        if record.template is not None:
            found = self.model.matcher.difference(self._template_of(record), signature)
            if found is not None:
                return found
        if record.habits is None:
            return None
        habits = Habits.from_bytes(record.habits)
        return Difference(habits.furthest(traits_of([signature])[0], self._usual))

    def difference_of(self, one: Signature, other: Signature) -> Difference:
        """In what the other signature differs most from one, and where."""
        matcher = self.model.matcher
        template = None
        if matcher.min_references == 1:
            template = self.template(self.model.represent([one]))
        habits = Habits.of(traits_of([one])).to_bytes()
        record = SignerRecord(self.model.id, template, template, habits, pending=b"", given=1)
        found = self.difference(record, other)
        assert found is not None  # the habits are there
        return found

    @property
    def _usual(self) -> Float64:
        return np.array(self.model.norms.habits)

    def _template_of(self, record: SignerRecord) -> Any:
        self._require_own(record)
        if record.template is None:
            raise UnfinishedEnrolmentError(
                f"{record.given} signature(s), verification needs "
                f"{self.model.matcher.min_references}",
                "enrol more",
            )
        return self._unpack(record.template)

    def _measure(self, record: SignerRecord, signatures: Sequence[Signature]) -> list[Comparison]:
        """The comparisons with the present template and, where that is another, with the first."""
        templates = [self._template_of(record)]
        if record.updated:
            templates.append(self._unpack(record.first))
        representations = self.model.represent(signatures)
        return [self.model.matcher.measure(one, representations) for one in templates]

    def _raw(self, found: Sequence[Comparison]) -> Float64:
        """The raw numbers (n,), as far as the matcher lets updates raise them."""
        raw: Float64 = np.minimum(found[0].raw, found[-1].raw + self.model.matcher.headroom)
        return raw

    def _hold(self, raw: Float64, records: Sequence[SignerRecord], representation: Any) -> None:
        """The same of one signature with many records, whose raw numbers (n,) change in place."""
        matcher = self.model.matcher
        updated = [place for place, one in enumerate(records) if one.updated]
        if updated and math.isfinite(matcher.headroom):
            firsts = [self._unpack(records[place].first) for place in updated]
            most = matcher.compare_each(firsts, representation) + matcher.headroom
            raw[updated] = np.minimum(raw[updated], most)

    def _is_replay(self, found: Sequence[Comparison]) -> bool:
        """Whether what was compared is the recording of a reference, and no writing of its own."""
        return any(one.nearest[0] < self.model.norms.replay for one in found)

    def _require_own(self, record: SignerRecord) -> None:
        if record.model != self.model.id:
            raise OtherModelError(
                f"enrolled with another model, {record.model.hex()}, this one is "
                f"{self.model.id.hex()}",
                "name that model, or delete the signer",
            )

    def _score(self, raw: Any, references: int) -> Score:
        """The score of one number: NumPy's scalars are much cheaper than its arrays."""
        calibration = self.model.calibrations.of(references)
        return Score(float(raw), float(calibration.log_odds(raw)), float(calibration.score(raw)))
