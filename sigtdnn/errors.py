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
        head, _, tail = problem.rpartition("; ")
        if not remedy and head:
            # Not all modules give the two apart yet.
            problem, remedy = head, tail
        self.problem, self.remedy = problem, remedy

    def __str__(self) -> str:
        return "; ".join(filter(None, (self.problem, self.remedy)))


@contextmanager
def about(subject: object, *causes: type[SigtdnnError]) -> Iterator[None]:
    """Errors of these causes, raised in the block, are said of a subject that they do not know."""
    try:
        yield
    except causes as error:
        error.problem = f"{subject}: {error.problem}"
        raise


class FormatError(SigtdnnError):
    """A stroke file that cannot be read as what it claims to be."""

    code = "bad-stroke-file"

    def __init__(self, path: Path | str, line: int | None, problem: str, remedy: str) -> None:
        super().__init__(problem, remedy)
        self.path = Path(path)
        self.line = line

    def __str__(self) -> str:
        where = f"{self.path}, line {self.line}" if self.line is not None else f"{self.path}"
        return f"{where}: {super().__str__()}"


class CannotOpenError(FormatError):
    """A stroke file that is not there, or that the system does not let us read."""

    code = "cannot-open"


class NotStrokesError(FormatError):
    """Content that is no stroke file of any layout known here, such as a note to the reader."""

    code = "not-strokes"


class UnsupportedLayoutError(FormatError):
    """Strokes of a layout that is known, and not read."""

    code = "unsupported-layout"


class AmbiguousLayoutError(FormatError):
    """Strokes that several formats would read differently."""

    code = "ambiguous-layout"


class SeveralSignaturesError(FormatError):
    """A file of several signatures where one is wanted, or without the one that is named."""

    code = "several-signatures"


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


class ModelError(SigtdnnError):
    """A model file that cannot be used."""

    code = "bad-model"


class ModelNotFoundError(ModelError):
    """There is no model of that name."""

    code = "model-not-found"


class ModelVersionError(ModelError):
    """A model file of a version that this sigtdnn does not read."""

    code = "model-version"


class DamagedModelError(ModelError):
    """A file that is no model, or a model whose parts do not fit together."""

    code = "damaged-model"


class ThresholdError(SigtdnnError):
    """A threshold that was asked for by a rate the model cannot tell."""

    code = "no-threshold"


class EnrolmentError(SigtdnnError):
    """References that do not make a template."""

    code = "bad-references"


class TemplateError(SigtdnnError):
    """Bytes that are not those of a template or of habits."""

    code = "bad-template"


class OtherModelError(TemplateError):
    """A template that another model made."""

    code = "other-model"


class RunError(SigtdnnError):
    """A run folder that cannot be started or continued."""

    code = "bad-run"


class StoreError(SigtdnnError):
    """A store of signers that cannot be used."""

    code = "bad-store"


class StoreNotFoundError(StoreError):
    """There is no such store."""

    code = "store-not-found"


class StoreVersionError(StoreError):
    """A store of a version that this sigtdnn does not read."""

    code = "store-version"


class StoreBusyError(StoreError):
    """A store that another process is changing for too long."""

    code = "store-busy"


class DamagedStoreError(StoreError):
    """A file that is no store, or a damaged one."""

    code = "damaged-store"


class SignerError(SigtdnnError):
    """A signer who cannot be stored or verified as asked."""

    code = "bad-signer"


class SignerNotFoundError(SignerError):
    """A signer who is not in the store."""

    code = "signer-not-found"


class SignerExistsError(SignerError):
    """A signer who is in the store already."""

    code = "signer-exists"


class CorpusError(SigtdnnError):
    """A collection of recordings that cannot be made, read or split as asked."""

    code = "bad-corpus"


class NoInputError(CorpusError):
    """Inputs that are not there, or hold nothing to make a corpus of."""

    code = "no-input"


class ManifestError(CorpusError):
    """A `recordings.csv` beside the inputs that contradicts itself or them."""

    code = "bad-manifest"


class DuplicateRecordingError(CorpusError):
    """Two recordings of one name."""

    code = "duplicate-recording"


class FolderTakenError(CorpusError):
    """A folder to be made that is there already."""

    code = "folder-taken"


class CorpusVersionError(CorpusError):
    """A corpus folder of another version."""

    code = "corpus-version"


class DamagedCorpusError(CorpusError):
    """A corpus folder whose files are not what they were."""

    code = "damaged-corpus"


class ProtocolError(SigtdnnError):
    """A test that its protocol, or the honesty of its figures, does not allow."""

    code = "bad-protocol"


class InstallationError(SigtdnnError):
    """A package that only some work needs, and that is not installed."""

    code = "not-installed"
