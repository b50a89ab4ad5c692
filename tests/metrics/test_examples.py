import doctest
import importlib
import inspect
import pkgutil

import pytest

from sigtdnn import metrics

FUNCTIONS = [name for name in metrics.__all__ if inspect.isfunction(getattr(metrics, name))]
MODULES = [
    metrics.__name__,
    *(m.name for m in pkgutil.iter_modules(metrics.__path__, "sigtdnn.metrics.")),
]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_public_function_has_an_example(name: str) -> None:
    assert doctest.DocTestFinder().find(getattr(metrics, name))[0].examples


@pytest.mark.parametrize("name", MODULES)
def test_examples_give_what_they_say(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
