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


class FormatError(SigtdnnError):
    """A file that cannot be read as what it claims to be; in general, a stroke file."""

    code = "bad-stroke-file"

    def __init__(self, path: Path | str, line: int | None, problem: str, remedy: str) -> None:
        super().__init__(problem, remedy)
        self.path = Path(path)
        self.line = line

    def __str__(self) -> str:
        where = f"{self.path}, line {self.line}" if self.line is not None else f"{self.path}"
        return f"{where}: {super().__str__()}"


class CannotOpenError(FormatError):
    """A stroke file that does not exist, or that the system does not let us read."""

    code = "cannot-open"


class NotStrokesError(FormatError):
    """Content in no known stroke format, such as a note to the reader."""

    code = "not-strokes"


class UnsupportedLayoutError(FormatError):
    """Strokes in a layout that is known but not read."""

    code = "unsupported-layout"


class AmbiguousLayoutError(FormatError):
    """Strokes that several formats would read, each differently."""

    code = "ambiguous-layout"


class SeveralSignaturesError(FormatError):
    """A file of several signatures where one is wanted, or without the one that is named."""

    code = "several-signatures"


class TrialsError(FormatError):
    """A file or stream of trials with a line that cannot be used."""

    code = "bad-trials"


class SignatureError(SigtdnnError):
    """Samples that do not make a signature."""

    code = "bad-samples"


class PreprocessingError(SigtdnnError):
    """A signature whose features are not defined, such as a dot."""

    code = "no-features"


class ConfigurationError(SigtdnnError):
    """A setting that is unknown, of the wrong type or out of range."""

    code = "bad-setting"


class UnknownFormatError(ConfigurationError):
    """The name of no format."""

    code = "unknown-format"


class UnknownRecipeError(ConfigurationError):
    """The name of no recipe and of no TOML file."""

    code = "unknown-recipe"


class UnknownDeviceError(ConfigurationError):
    """A device that torch does not know, or does not find here."""

    code = "unknown-device"


class ModelError(SigtdnnError):
    """A model file that cannot be used."""

    code = "bad-model"


class ModelNotFoundError(ModelError):
    """The name of no model."""

    code = "model-not-found"


class ModelVersionError(ModelError):
    """A model file of a version that this sigtdnn does not read."""

    code = "model-version"


class DamagedModelError(ModelError):
    """A file that is not a model, or a model whose parts do not fit together."""

    code = "damaged-model"


class NoNetworkError(ModelError):
    """A model without a network where one is needed."""

    code = "no-network"


class ThresholdError(SigtdnnError):
    """A threshold asked for by a rate that the model cannot estimate."""

    code = "no-threshold"


class EnrolmentError(SigtdnnError):
    """References that do not make a template."""

    code = "bad-references"


class TooFewReferencesError(EnrolmentError):
    """Fewer references than a template needs."""

    code = "too-few-references"


class TemplateError(SigtdnnError):
    """Bytes that do not hold a template, habits or pending signatures."""

    code = "bad-template"


class OtherModelError(TemplateError):
    """A template that another model made."""

    code = "other-model"


class RunError(SigtdnnError):
    """A run folder that cannot be started or continued."""

    code = "bad-run"


class RunExistsError(RunError):
    """A run to be started in a folder that is not empty."""

    code = "run-exists"


class NothingToResumeError(RunError):
    """A run to be continued that has left no checkpoint."""

    code = "nothing-to-resume"


class OtherRunError(RunError):
    """A checkpoint of a run with another recipe, seed or corpus."""

    code = "other-run"


class DamagedCheckpointError(RunError):
    """A file that is not a checkpoint, or a damaged one."""

    code = "damaged-checkpoint"


class StoreError(SigtdnnError):
    """A store of signers that cannot be used."""

    code = "bad-store"


class StoreNotFoundError(StoreError):
    """The name of no store."""

    code = "store-not-found"


class StoreVersionError(StoreError):
    """A store of a version that this sigtdnn does not read."""

    code = "store-version"


class StoreBusyError(StoreError):
    """A store that another process is changing for too long."""

    code = "store-busy"


class DamagedStoreError(StoreError):
    """A file that is not a store, or a damaged one."""

    code = "damaged-store"


class SignerError(SigtdnnError):
    """A signer who cannot be stored or verified as asked."""

    code = "bad-signer"


class SignerNotFoundError(SignerError):
    """A signer who is not in the store."""

    code = "signer-not-found"


class SignerExistsError(SignerError):
    """A signer who is enrolled already."""

    code = "signer-exists"


class UnfinishedEnrolmentError(SignerError):
    """A signer who has not given enough signatures for a template."""

    code = "enrolment-unfinished"


class CorpusError(SigtdnnError):
    """A collection of recordings that cannot be made, read or split as asked."""

    code = "bad-corpus"


class NoInputError(CorpusError):
    """Inputs that do not exist, or hold nothing to make a corpus of."""

    code = "no-input"


class ManifestError(CorpusError):
    """A `recordings.csv` beside the inputs that contradicts itself or them."""

    code = "bad-manifest"


class DuplicateRecordingError(CorpusError):
    """Two recordings of one name."""

    code = "duplicate-recording"


class FolderTakenError(CorpusError):
    """A folder to be made that exists already."""

    code = "folder-taken"


class CorpusNotFoundError(CorpusError):
    """The name of no corpus folder."""

    code = "corpus-not-found"


class CorpusVersionError(CorpusError):
    """A corpus folder of another version."""

    code = "corpus-version"


class DamagedCorpusError(CorpusError):
    """A corpus folder whose files are not what they were."""

    code = "damaged-corpus"


class SplitError(CorpusError):
    """Signers who cannot be divided as asked."""

    code = "bad-split"


class TooFewPairsError(CorpusError):
    """Recordings that do not give the pairs that training needs."""

    code = "too-few-pairs"


class TooFewExamplesError(CorpusError):
    """Recordings too few to fit a model on."""

    code = "too-few-examples"


class ProtocolError(SigtdnnError):
    """A test that cannot be made of this corpus or these systems."""

    code = "bad-protocol"


class UnknownProtocolError(ProtocolError):
    """The name of no protocol."""

    code = "unknown-protocol"


class NobodyToTestError(ProtocolError):
    """A test that leaves no signer: too few signatures, or trained on all of them."""

    code = "nobody-to-test"


class SystemNameError(ProtocolError):
    """A system that is named twice, or by a variant that it does not have."""

    code = "bad-system"


class FusionError(ProtocolError):
    """Systems or signers that do not serve to fit a fusion."""

    code = "bad-fusion"


class InstallationError(SigtdnnError):
    """A package that only some work needs, and that is not installed."""

    code = "not-installed"
