"""What a plain installation leaves out: extras, named by what they are for.

A plain installation reads, enrols, scores, verifies and identifies. Everything else imports
what it needs when it is called, under `needs`.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sigtdnn.errors import InstallationError

# By the names they are imported by; `pyproject.toml` says which extra installs which.
PACKAGES = ("joblib", "matplotlib", "numba", "onnx", "pandas", "scipy", "tomli_w", "torch")


@contextmanager
def needs(extra: str) -> Iterator[None]:
    """The block, or the function so decorated, needs the packages of an extra.

    Raises InstallationError where one of them is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in PACKAGES:
            raise
        raise InstallationError(
            f"the package {package} is not installed",
            f"in the checkout: pip install '.[{extra}]'",
        ) from error
