import numpy as np

from sigtdnn.matching.elastic.textbook import textbook_functions
from sigtdnn.signature import Signature


def test_functions_have_mean_0_and_deviation_1_on_a_10_ms_grid() -> None:
    t = np.linspace(0, 1, 34)
    signature = Signature.from_samples(
        t, np.cos(6 * t), np.sin(9 * t), np.ones(34), 0.5 + 0.1 * np.sin(20 * t)
    )
    functions = textbook_functions(signature)
    assert functions.shape == (101, 6)
    np.testing.assert_allclose(functions.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(functions.std(axis=0), 1)
    # x = cos 6t: its velocity runs as -sin 6t, its acceleration against x itself.
    inner = slice(10, -10)
    x, quarter_ahead = np.cos(6 * np.linspace(0, 1, 101)), -np.sin(6 * np.linspace(0, 1, 101))
    assert np.corrcoef(functions[inner, 0], quarter_ahead[inner])[0, 1] > 0.95
    assert np.corrcoef(functions[inner, 2], x[inner])[0, 1] < -0.95


def test_place_and_size_do_not_matter() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 20)).cumsum(axis=1)
    t, pen, pressure = np.arange(20) * 0.013, np.ones(20), rng.uniform(size=20)
    one = textbook_functions(Signature.from_samples(t, x, y, pen, pressure))
    other = textbook_functions(Signature.from_samples(t, 7 + 3 * x, 9 + 5 * y, pen, pressure / 2))
    np.testing.assert_allclose(one, other)


def test_without_pressure_its_functions_are_unknown() -> None:
    signature = Signature.from_samples([0, 0.01, 0.02], [0, 1, 5], [0, 2, 3], [1, 1, 1])
    functions = textbook_functions(signature)
    assert np.isnan(functions[:, 4:]).all()
    assert np.isfinite(functions[:, :4]).all()
