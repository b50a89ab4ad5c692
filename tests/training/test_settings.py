import pytest

from sigtdnn.training.settings import TrainingSettings


def test_the_papers_numbers_are_the_defaults():
    settings = TrainingSettings()
    assert (settings.pairs, settings.validation_pairs) == (7701, 960)
    assert (settings.target_genuine, settings.target_skilled, settings.target_random) == (1, -1, -1)
    assert settings.optimiser == "levenberg-marquardt"
    assert settings.keep == "lowest validation error"
    assert (settings.warp, settings.shear, settings.drift) == (0, 0, 0)


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("curvature_pairs", 0, "curvature_pairs"),
        ("batch", 0, "batch"),
        ("passes", 0, "passes"),
        ("pairs", 9, "10 or more"),
        ("validation_pairs", 9, "10 or more"),
        ("rate", 0.0, "rate and damping"),
        ("rate", float("nan"), "rate and damping"),
        ("damping", 0.0, "rate and damping"),
        ("damping", -1.0, "rate and damping"),
        ("averaging", 1.0, "averaging"),
        ("averaging", -0.1, "averaging"),
        ("scale_percentile", 0.0, "scale_percentile"),
        ("scale_percentile", 100.1, "scale_percentile"),
        ("variance_floor", -0.1, "variance_floor"),
        ("warp", -0.1, "warp"),
        ("shear", -0.1, "shear"),
        ("drift", -0.1, "drift"),
        ("target_genuine", 1.1, "targets are cosines"),
        ("target_skilled", -1.1, "targets are cosines"),
        ("target_random", 2.0, "targets are cosines"),
    ],
)
def test_values_out_of_range_are_refused(field, value, problem):
    with pytest.raises(ValueError, match=problem):
        TrainingSettings(**{field: value})
