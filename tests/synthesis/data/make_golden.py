"""Writes golden.json: a few samples of a few recordings of the study.

Run it, from the checkout, only when the generator is meant to change:
    python tests/synthesis/data/make_golden.py
"""

import json
from pathlib import Path

import numpy as np

from sigtdnn.synthesis.study import Study, generate_study

GOLDEN = Path(__file__).with_name("golden.json")
# Every so many recordings, and so many samples of each.
EVERY, SAMPLES = 97, 7


def digest(study: Study) -> list[dict[str, object]]:
    return [
        {
            "file": one.file,
            "writer": one.writer,
            "session": one.session,
            "points": len(one.signature),
            "strokes": one.signature.strokes,
            **{
                name: getattr(one.signature, name)[sampled(len(one.signature))].tolist()
                for name in ("t", "x", "y", "pressure")
            },
        }
        for one in study.recordings[::EVERY]
    ]


def sampled(count: int) -> np.ndarray:
    return np.linspace(0, count - 1, SAMPLES).astype(int)


if __name__ == "__main__":
    rows = ",\n".join(json.dumps(row) for row in digest(generate_study(0)))
    GOLDEN.write_text(f"[\n{rows}\n]\n", encoding="utf-8")
