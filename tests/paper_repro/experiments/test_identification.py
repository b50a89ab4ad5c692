"""A quick look at few artificial signers."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from paper_repro.__main__ import cli
from paper_repro.experiments import identification
from paper_repro.experiments.identification import LEFT, TABLETS


def test_losses_and_ranks_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"SIGNERS": 12, "ASKED": 6, "SMALL": 8, "CANDIDATES": 2}.items():
        monkeypatch.setattr(identification, name, value)
    monkeypatch.setattr(identification, "LEFT", (1, *LEFT))
    CliRunner().invoke(cli, ["identification", "-o", str(tmp_path)], catch_exceptions=False)
    found: Any = json.loads((tmp_path / "identification.json").read_text(encoding="utf-8"))
    assert (found["signers"], found["candidates"]) == (12, 2)
    assert list(found["populations"]) == list(TABLETS)
    for figures in found["populations"].values():
        assert list(figures["lost"]) == ["1", *map(str, LEFT)]
        assert figures["lost"]["1"] <= 0.5
        assert figures["lost"]["200"] == 0  # as there are but twelve
        assert figures["rank_1"]["all"] >= 0.75
        assert figures["rank_1"]["quick look"] >= 0.75


def test_groups_have_seeds_of_their_own() -> None:
    sizes = identification._sizes(250)
    assert [size for _, size in sizes] == [100, 100, 50]
    assert len({seed for seed, _ in sizes}) == 3
    one, other = (identification._group(None, group) for group in ((1, 1), (2, 1)))
    assert one[0][1].tobytes() != other[0][1].tobytes()
