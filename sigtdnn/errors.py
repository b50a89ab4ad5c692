"""Errors, named by cause.

Every error a user can meet derives from `SigtdnnError`, and its text is one line: what is
wrong, where, and what to do. The command line prints it and exits with 2.
"""

from pathlib import Path


class SigtdnnError(Exception):
    """Base of all errors that sigtdnn raises on purpose."""


class FormatError(SigtdnnError):
    """A stroke file that cannot be read as what it claims to be."""

    def __init__(self, path: Path | str, line: int | None, problem: str, remedy: str) -> None:
        where = f"{path}, line {line}" if line is not None else f"{path}"
        super().__init__(f"{where}: {problem}; {remedy}")
        self.path = Path(path)
        self.line = line


class SignatureError(SigtdnnError):
    """Samples that do not make a signature."""


class PreprocessingError(SigtdnnError):
    """A signature whose features are not defined, such as a dot."""


class ConfigurationError(SigtdnnError):
    """A setting that is unknown, of the wrong type or out of range."""


class ModelError(SigtdnnError):
    """A model file, template or run folder that does not fit its use."""


class StoreError(SigtdnnError):
    """A store of templates that cannot be used, or a signer it does not hold."""


class CorpusError(SigtdnnError):
    """A collection of recordings that cannot be made, read or split as asked."""


class ProtocolError(SigtdnnError):
    """A test that its protocol, or the honesty of its figures, does not allow."""


class InstallationError(SigtdnnError):
    """A package that only some work needs, and that is not installed."""
