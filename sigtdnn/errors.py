"""Errors, named by cause.

Every error a user can meet derives from `SigtdnnError`, and its text is one line: what is
wrong, where, and what to do. The command line prints it and exits with 2.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self


class SigtdnnError(Exception):
    """Base of all errors that sigtdnn raises on purpose."""

    code = "error"  # stable, for scripts; one a class

    def __init__(self, problem: str, remedy: str = "") -> None:
        """`problem` says what is wrong and where, `remedy` what to do."""
        super().__init__(f"{problem}; {remedy}" if remedy else problem)
        self.problem = problem
        self.remedy = remedy

    def about(self, subject: object) -> Self:
        """The same error, its problem said of a subject that the raiser did not know."""
        self.problem = f"{subject}: {self.problem}"
        self.args = (f"{self.problem}; {self.remedy}" if self.remedy else self.problem,)
        return self


@contextmanager
def about(subject: object, *causes: type[SigtdnnError]) -> Iterator[None]:
    """Errors of these causes, raised in the block, are said of `subject`."""
    try:
        yield
    except causes as error:
        raise error.about(subject) from None


class FormatError(SigtdnnError):
    """A stroke file that cannot be read as what it claims to be."""

    code = "format"

    def __init__(self, path: Path | str, line: int | None, problem: str, remedy: str) -> None:
        where = f"{path}, line {line}" if line is not None else f"{path}"
        super().__init__(f"{where}: {problem}", remedy)
        self.path = Path(path)
        self.line = line


class SignatureError(SigtdnnError):
    """Samples that do not make a signature."""

    code = "signature"


class PreprocessingError(SigtdnnError):
    """A signature whose features are not defined, such as a dot."""

    code = "preprocessing"


class ConfigurationError(SigtdnnError):
    """A setting that is unknown, of the wrong type or out of range."""

    code = "configuration"


class ModelError(SigtdnnError):
    """A model file that cannot be used."""

    code = "model"


class ModelNotFoundError(ModelError):
    """There is no model of that name."""

    code = "model-not-found"


class ModelVersionError(ModelError):
    """A model file of a version that this sigtdnn does not read."""

    code = "model-version"


class DamagedModelError(ModelError):
    """A file that is no model, or a model whose parts do not fit together."""

    code = "model-damaged"


class ThresholdError(SigtdnnError):
    """A threshold that was asked for by a rate the model cannot tell."""

    code = "threshold"


class EnrolmentError(SigtdnnError):
    """References that do not make a template."""

    code = "enrolment"


class TemplateError(SigtdnnError):
    """Bytes that are not those of a template or of habits."""

    code = "template"


class OtherModelError(TemplateError):
    """A template that another model made."""

    code = "other-model"


class RunError(SigtdnnError):
    """A run folder that cannot be started or continued."""

    code = "run"


class StoreError(SigtdnnError):
    """A store of signers that cannot be used."""

    code = "store"


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

    code = "store-damaged"


class SignerError(SigtdnnError):
    """A signer who cannot be stored or verified as asked."""

    code = "signer"


class SignerNotFoundError(SignerError):
    """A signer who is not in the store."""

    code = "signer-not-found"


class SignerExistsError(SignerError):
    """A signer who is in the store already."""

    code = "signer-exists"


class CorpusError(SigtdnnError):
    """A collection of recordings that cannot be made, read or split as asked."""

    code = "corpus"


class ProtocolError(SigtdnnError):
    """A test that its protocol, or the honesty of its figures, does not allow."""

    code = "protocol"


class InstallationError(SigtdnnError):
    """A package that only some work needs, and that is not installed."""

    code = "installation"
