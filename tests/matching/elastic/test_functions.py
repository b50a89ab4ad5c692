import numpy as np
import pytest

from sigtdnn.matching.elastic.functions import (
    ALWAYS_KNOWN,
    FUNCTIONS,
    WINDOW,
    averaged,
    functions_of_time,
)
from sigtdnn.matching.elastic.grid import on_grid
from sigtdnn.signature import Signature
from tests.artificial import loops


def circle(turns: float, seconds: float = 2.0) -> Signature:
    """A pen that goes counterclockwise around a circle at an even pace."""
    t = np.linspace(0, seconds, 301)
    angle = 2 * np.pi * turns * t / seconds
    return Signature.from_samples(t, np.cos(angle), np.sin(angle), np.ones(301))


def by_hand(signature: Signature) -> np.ndarray:
    """The functions by their definitions, sample by sample, before averaging."""
    samples = on_grid(signature)
    weights = np.exp(-0.5 * np.arange(-4, 5) ** 2)
    weights /= weights.sum()

    def smooth(values: np.ndarray) -> np.ndarray:
        count = len(values)
        return np.array(
            [
                sum(weights[k + 4] * values[min(max(i + k, 0), count - 1)] for k in range(-4, 5))
                for i in range(count)
            ]
        )

    def difference(values: np.ndarray) -> np.ndarray:
        count = len(values)
        found = np.empty(count)
        for i in range(count):
            before, after = max(i - 1, 0), min(i + 1, count - 1)
            found[i] = (values[after] - values[before]) / (after - before)
        return found

    def area(u: np.ndarray, v: np.ndarray) -> np.ndarray:
        found = []
        for i in range(len(u)):
            first, last = max(i - WINDOW, 0), min(i + WINDOW, len(u) - 1)
            # The polygon of the path and its chord, by triangles from its first corner.
            twice = sum(
                (u[k] - u[first]) * (v[k + 1] - v[first])
                - (u[k + 1] - u[first]) * (v[k] - v[first])
                for k in range(first, last)
            )
            found.append(np.sign(twice) * np.sqrt(abs(twice) / 2))
        return np.array(found)

    x, y, p = smooth(samples.x), smooth(samples.y), smooth(samples.pressure)
    size = np.sqrt(np.mean((x - x.mean()) ** 2 + (y - y.mean()) ** 2))
    x, y = (x - x.mean()) / size, (y - y.mean()) / size
    dx, dy = difference(x), difference(y)
    ddx, ddy = difference(dx), difference(dy)
    speed = np.hypot(dx, dy)

    def scaled(values: np.ndarray) -> np.ndarray:
        return (values - values.mean()) / values.std()

    tangential = (dx * ddx + dy * ddy) / (speed + 1e-9)
    normal = (dx * ddy - dy * ddx) / (speed + 1e-9)
    return np.column_stack(
        [
            *map(scaled, (dx, dy, ddx, ddy, p, difference(p))),
            np.log(0.05 + 10 * speed),
            x / np.sqrt(2),
            y / np.sqrt(2),
            *map(scaled, (tangential, normal, area(x, y), area(x, p), area(y, p))),
        ]
    )


def test_functions_are_those_of_their_definitions() -> None:
    rng = np.random.default_rng(0)
    t = np.cumsum(rng.uniform(0.004, 0.012, 80))
    x, y = rng.normal(size=(2, 80)).cumsum(axis=1)
    pen = np.arange(80) % 30 < 25
    signature = Signature.from_samples(t, x, y, pen, rng.uniform(0.2, 0.9, 80))
    plain = by_hand(signature)
    wanted = [plain[start : start + 2].mean(axis=0) for start in range(0, len(plain), 2)]
    np.testing.assert_allclose(functions_of_time(signature), wanted, atol=1e-6)


def test_there_are_fourteen_every_20_ms() -> None:
    signature = loops(0)
    functions = functions_of_time(signature)
    assert functions.shape[1] == len(FUNCTIONS) == 14
    assert abs(len(functions) - signature.duration / 0.02) <= 1


def test_counterclockwise_is_positive() -> None:
    inner = slice(10, -10)
    functions = functions_of_time(circle(1.5))[inner]
    clockwise = functions_of_time(circle(-1.5))[inner]
    # Constant on a circle but for its ends, so that the sign is seen before standardising.
    for name in ("normal acceleration", "area xy"):
        place = FUNCTIONS.index(name)
        ends = functions_of_time(circle(1.5))[[0, -1], place]
        assert (functions[:, place] > ends.max()).all()
        assert (clockwise[:, place] < functions_of_time(circle(-1.5))[[0, -1], place].min()).all()


def test_place_and_size_do_not_matter() -> None:
    one = loops(1)
    other = Signature.from_samples(one.t, 300 + 7 * one.x, 7 * one.y - 90, one.pen)
    np.testing.assert_allclose(
        functions_of_time(one), functions_of_time(other), atol=1e-6, equal_nan=True
    )


def test_without_pressure_its_functions_are_unknown_and_no_other() -> None:
    unknown = np.isnan(functions_of_time(loops(2)))
    assert (unknown == unknown[0]).all()
    assert tuple(np.flatnonzero(~unknown[0])) == ALWAYS_KNOWN
    named = [name for name, lost in zip(FUNCTIONS, unknown[0], strict=True) if lost]
    assert named == ["pressure", "dpressure", "area xp", "area yp"]


@pytest.mark.parametrize("duration", [2e-6, 0.004, 0.011, 0.03])
def test_the_shortest_signatures_have_finite_functions(duration: float) -> None:
    t = np.array([0, 0.5, 1.0]) * duration
    functions = functions_of_time(
        Signature.from_samples(t, [0, 1, 2], [0, 3, 1], [1, 1, 1], [0.5, 0.5, 0.5])
    )
    assert len(functions) >= 1
    assert np.isfinite(functions).all()


def test_means_of_every_two_and_of_the_one_that_is_left() -> None:
    assert averaged(np.array([[1.0], [3.0], [7.0]]), 2).tolist() == [[2.0], [7.0]]
