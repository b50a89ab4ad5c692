"""Errors, named by cause.

Every error a user can meet derives from `SigtdnnError`, and its text is one line: what is
wrong, where, and what to do. The command line prints it and exits with 2. A program may ask
for the `problem`, the `remedy`, and the `code`, which names the cause and does not change.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar


class SigtdnnError(Exception):
    """Base of all errors that sigtdnn raises on purpose."""

    code: ClassVar[str] = "error"

    def __init_subclass__(cls, code: str) -> None:
        super().__init_subclass__()
        cls.code = code

    # `args` stays what the constructor was given, so that errors cross processes.
    def __init__(self, problem: str, remedy: str = "") -> None:
        self.problem, self.remedy = problem, remedy

    def __str__(self) -> str:
        return "; ".join(filter(None, (self.problem, self.remedy)))


@contextmanager
def about(subject: object, *causes: type[SigtdnnError]) -> Iterator[None]:
    """Puts the subject before the problem of errors of these causes raised in the block."""
    try:
        yield
    except causes as error:
        error.problem = f"{subject}: {error.problem}"
        raise


def problem_of(error: Exception) -> str:
    """What an error says is wrong, without what its raiser would do about it."""
    return error.problem if isinstance(error, SigtdnnError) else str(error)


class FormatError(SigtdnnError, code="bad-stroke-file"):
    """A file that cannot be read as what it claims to be; in general, a stroke file."""

    def __init__(self, path: Path | str, line: int | None, problem: str, remedy: str) -> None:
        super().__init__(problem, remedy)
        self.path = Path(path)
        self.line = line

    def __str__(self) -> str:
        where = f"{self.path}, line {self.line}" if self.line is not None else f"{self.path}"
        return f"{where}: {super().__str__()}"


class CannotOpenError(FormatError, code="cannot-open"):
    """A stroke file that does not exist, or that the system does not let us read."""


class NotStrokesError(FormatError, code="not-strokes"):
    """Content in no known stroke format, such as a note to the reader."""


class UnsupportedLayoutError(FormatError, code="unsupported-layout"):
    """Strokes in a layout that is known but not read."""


class AmbiguousLayoutError(FormatError, code="ambiguous-layout"):
    """Strokes that several formats would read, each differently."""


class ImplausibleError(FormatError, code="implausible"):
    """Strokes that cannot be a signature as they were read, such as one that takes an hour."""


class SeveralSignaturesError(FormatError, code="several-signatures"):
    """A file of several signatures where one is wanted, or without the one that is named."""


class TrialsError(FormatError, code="bad-trials"):
    """A file or stream of trials with a line that cannot be used."""


class SignatureError(SigtdnnError, code="bad-samples"):
    """Samples that do not make a signature."""


class PreprocessingError(SigtdnnError, code="no-features"):
    """A signature whose features are not defined, such as a dot."""


class ConfigurationError(SigtdnnError, code="bad-setting"):
    """A setting that is unknown, of the wrong type or out of range."""


class UnknownFormatError(ConfigurationError, code="unknown-format"):
    """The name of no format."""


class UnknownRecipeError(ConfigurationError, code="unknown-recipe"):
    """The name of no recipe and of no TOML file."""


class UnknownDeviceError(ConfigurationError, code="unknown-device"):
    """A device that torch does not know, or does not find here."""


class ModelError(SigtdnnError, code="bad-model"):
    """A model file that cannot be used."""


class ModelNotFoundError(ModelError, code="model-not-found"):
    """The name of no model."""


class ModelVersionError(ModelError, code="model-version"):
    """A model file of a version that this sigtdnn does not read."""


class DamagedModelError(ModelError, code="damaged-model"):
    """A file that is not a model, or a model whose parts do not fit together."""


class NoNetworkError(ModelError, code="no-network"):
    """A model without a network where one is needed."""


class ThresholdError(SigtdnnError, code="no-threshold"):
    """A threshold asked for by a rate that the model cannot estimate."""


class EnrolmentError(SigtdnnError, code="bad-references"):
    """References that do not make a template."""


class StrangersError(EnrolmentError, code="several-signers"):
    """References that are not of one person."""


class TooFewReferencesError(EnrolmentError, code="too-few-references"):
    """Fewer references than a template needs."""


class TemplateError(SigtdnnError, code="bad-template"):
    """Bytes that do not hold a template, habits or pending signatures."""


class OtherModelError(TemplateError, code="other-model"):
    """A template that another model made."""


class RunError(SigtdnnError, code="bad-run"):
    """A run folder that cannot be started or continued."""


class RunExistsError(RunError, code="run-exists"):
    """A run to be started in a folder that is not empty."""


class NothingToResumeError(RunError, code="nothing-to-resume"):
    """A run to be continued that has left no checkpoint."""


class OtherRunError(RunError, code="other-run"):
    """A checkpoint of a run with another recipe, seed or corpus."""


class DamagedCheckpointError(RunError, code="damaged-checkpoint"):
    """A file that is not a checkpoint, or a damaged one."""


class StoreError(SigtdnnError, code="bad-store"):
    """A store of signers that cannot be used."""


class StoreNotFoundError(StoreError, code="store-not-found"):
    """The name of no store."""


class StoreVersionError(StoreError, code="store-version"):
    """A store of a version that this sigtdnn does not read."""


class StoreBusyError(StoreError, code="store-busy"):
    """A store that another process is changing for too long."""


class DamagedStoreError(StoreError, code="damaged-store"):
    """A file that is not a store, or a damaged one."""


class SignerError(SigtdnnError, code="bad-signer"):
    """A signer who cannot be stored or verified as asked."""


class SignerNotFoundError(SignerError, code="signer-not-found"):
    """A signer who is not in the store."""


class SignerExistsError(SignerError, code="signer-exists"):
    """A signer who is enrolled already."""


class UnfinishedEnrolmentError(SignerError, code="enrolment-unfinished"):
    """A signer who has not given enough signatures for a template."""


class CorpusError(SigtdnnError, code="bad-corpus"):
    """A collection of recordings that cannot be made, read or split as asked."""


class NoInputError(CorpusError, code="no-input"):
    """Inputs that do not exist, or hold nothing to make a corpus of."""


class ManifestError(CorpusError, code="bad-manifest"):
    """A `recordings.csv` beside the inputs that contradicts itself or them."""


class DuplicateRecordingError(CorpusError, code="duplicate-recording"):
    """Two recordings of one name, or that are the same recording or say so."""


class FolderTakenError(CorpusError, code="folder-taken"):
    """A folder to be made that exists already."""


class CorpusNotFoundError(CorpusError, code="corpus-not-found"):
    """The name of no corpus folder."""


class CorpusVersionError(CorpusError, code="corpus-version"):
    """A corpus folder of another version."""


class DamagedCorpusError(CorpusError, code="damaged-corpus"):
    """A corpus folder whose files are not what they were."""


class SplitError(CorpusError, code="bad-split"):
    """Signers who cannot be divided as asked."""


class TooFewPairsError(CorpusError, code="too-few-pairs"):
    """Recordings that do not give the pairs that training needs."""


class TooFewExamplesError(CorpusError, code="too-few-examples"):
    """Recordings too few to fit a model on."""


class ProtocolError(SigtdnnError, code="bad-protocol"):
    """A test that cannot be made of this corpus or these systems."""


class UnknownProtocolError(ProtocolError, code="unknown-protocol"):
    """The name of no protocol."""


class NobodyToTestError(ProtocolError, code="nobody-to-test"):
    """A test that leaves no signer: too few signatures, or trained on all of them."""


class SystemNameError(ProtocolError, code="bad-system"):
    """A system that is named twice, or by a variant that it does not have."""


class FusionError(ProtocolError, code="bad-fusion"):
    """Systems or signers that do not serve to fit a fusion."""


class InstallationError(SigtdnnError, code="not-installed"):
    """A package that only some work needs, and that is not installed."""
