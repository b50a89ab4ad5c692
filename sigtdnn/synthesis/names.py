"""Names to sign with: capitals, letters, dots, bars and a flourish, each in the signer's own way.

One signer in five writes signs of separate strokes instead, as in a brush-like script.
"""

import numpy as np

from sigtdnn.synthesis.letters import CAPITALS, FLOURISHES, PLAIN, SMALL, Shape, Step

PLAIN_SHARE = 0.2


def write_name(rng: np.random.Generator) -> list[Step]:
    """The steps of a signature, their places in heights of a small letter from its beginning."""
    if rng.random() < PLAIN_SHARE:
        return _plain_name(rng)
    lifting = rng.random() ** 1.3 * 0.8
    steps: list[Step] = []
    words = 1 + int(rng.random() < 0.45) + int(rng.random() < 0.1)
    for _ in range(words):
        start = (max(step.x for step in steps) + 0.4) if steps else 0.0
        capital = CAPITALS[int(rng.integers(len(CAPITALS)))]
        _append(steps, _own(capital, rng), start, 1.0, 1.0)
        letters = int(rng.integers(1, 7)) if words == 1 else int(rng.integers(0, 5))
        decay = 0.7 * rng.random()
        for k in range(letters):
            letter = _own(SMALL[int(rng.integers(len(SMALL)))], rng)
            if rng.random() < lifting or (k == 0 and rng.random() < 0.4):
                letter = (Step(0.0, 0.3 * float(rng.random()), 20, False), *letter)
            tall = 1 - decay * k / 5
            _append(steps, letter, steps[-1].x + 0.05, 1.0, tall)
    if rng.random() < 0.3:
        dot = float(rng.uniform(0.3, 0.8)) * max(step.x for step in steps)
        steps += [Step(dot, 1.8, 30, False), Step(dot + 0.15, 1.7, 0)]
    if rng.random() < 0.25:
        bar = float(rng.uniform(0.2, 0.8)) * max(step.x for step in steps)
        steps += [Step(bar, 1.4, 20, False), Step(bar + 1.2, 1.6, 10)]
    if rng.random() < 0.55:
        shape = _own(FLOURISHES[int(rng.integers(len(FLOURISHES)))], rng)
        _append(steps, shape, 0.0, max(2.0, max(step.x for step in steps)), 1.0)
    return steps


def _plain_name(rng: np.random.Generator) -> list[Step]:
    """Two or three signs of separate strokes in boxes, some strokes run together."""
    steps: list[Step] = []
    running = 0.6 * rng.random()
    for sign_number in range(int(rng.integers(2, 4))):
        for _ in range(int(rng.integers(2, 5))):
            stroke = _own(PLAIN[int(rng.integers(len(PLAIN)))], rng)
            size = float(rng.uniform(0.9, 2.2))
            left = 2.6 * sign_number + float(rng.uniform(0, 2.4 - min(size, 2.2)))
            low = float(rng.uniform(0, 2.4 - min(size, 2.2)))
            if rng.random() < running:
                stroke = tuple(step._replace(pen=True) for step in stroke)
            steps += [
                Step(left + size * step.x, low + size * step.y, step.bend, step.pen)
                for step in stroke
            ]
    return steps


def _own(shape: Shape, rng: np.random.Generator) -> Shape:
    """The shape as this signer writes it."""
    shift = 0.13 * rng.standard_normal((len(shape), 2))
    turn = 18 * rng.standard_normal(len(shape))
    return tuple(
        Step(step.x + dx, step.y + dy, step.bend + d, step.pen)
        for step, (dx, dy), d in zip(shape, shift.tolist(), turn.tolist(), strict=True)
    )


def _append(steps: list[Step], shape: Shape, start: float, wide: float, tall: float) -> None:
    steps += [Step(start + wide * s.x, tall * s.y, s.bend, s.pen) for s in shape]
