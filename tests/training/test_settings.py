import pytest

from sigtdnn.matching.gaussian.matcher import GaussianSettings
from sigtdnn.training.settings import DataSettings, OptimiserSettings


def test_the_papers_choices_are_the_defaults():
    assert OptimiserSettings().kind == "levenberg-marquardt"
    assert OptimiserSettings().keep == "lowest validation error"
    assert DataSettings().cleaned
    assert DataSettings().training_share == 1


@pytest.mark.parametrize(
    ("settings", "field", "value", "problem"),
    [
        (OptimiserSettings, "curvature_pairs", 0, "curvature_pairs"),
        (OptimiserSettings, "batch", 0, "batch"),
        (OptimiserSettings, "passes", 0, "passes"),
        (OptimiserSettings, "rate", 0.0, "rate and damping"),
        (OptimiserSettings, "rate", float("nan"), "rate and damping"),
        (OptimiserSettings, "damping", 0.0, "rate and damping"),
        (OptimiserSettings, "damping", -1.0, "rate and damping"),
        (OptimiserSettings, "averaging", 1.0, "averaging"),
        (OptimiserSettings, "averaging", -0.1, "averaging"),
        (DataSettings, "training_share", 0.0, "training_share"),
        (DataSettings, "training_share", 1.1, "training_share"),
        (DataSettings, "scale_percentile", 0.0, "scale_percentile"),
        (DataSettings, "scale_percentile", 100.1, "scale_percentile"),
        (GaussianSettings, "variance_floor", -0.1, "variance_floor"),
    ],
)
def test_values_out_of_range_are_refused(settings, field, value, problem):
    with pytest.raises(ValueError, match=problem):
        settings(**{field: value})
