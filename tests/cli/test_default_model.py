"""Commands without `--model`: the model that ships, on the samples in data/."""

import json
from pathlib import Path

import pytest

from sigtdnn.models.file import load_model
from tests.tools import ROOT

SAMPLES = ROOT / "data/samples"
ANNA = [SAMPLES / f"anna-{number}.csv" for number in range(1, 7)]
FORGED = SAMPLES / "anna-forged-1.csv"


@pytest.fixture
def enrolled(run, store: Path) -> Path:
    result = run("enroll", "anna", *ANNA[:5], "--store", store)
    assert result.exit_code == 0, result.output
    return store


def test_a_signer_is_enrolled_verified_and_identified(run, enrolled: Path) -> None:
    assert run("verify", "anna", ANNA[5], "--store", enrolled).exit_code == 0
    assert run("verify", "anna", FORGED, "--store", enrolled).exit_code == 1
    found = json.loads(run("identify", ANNA[5], "--store", enrolled, "--json").stdout)
    assert [one["signer"] for one in found] == ["anna"]
    (kept,) = json.loads(run("signers", "list", "--store", enrolled, "--json").stdout)
    assert kept["model"] == load_model("default").id.hex()


def test_score_needs_references_only(run) -> None:
    references = [word for file in ANNA[:5] for word in ("-r", file)]
    result = run("score", *references, ANNA[5], FORGED, "--json")
    assert result.exit_code == 1
    genuine, forged = map(json.loads, result.stdout.splitlines())
    assert genuine["accepted"]
    assert not forged["accepted"]


def test_the_papers_network_is_one_option_away(run, store: Path) -> None:
    kept = ("--store", store, "--model", "network-5")
    assert run("enroll", "anna", *ANNA[:5], *kept).exit_code == 0
    assert run("verify", "anna", FORGED, *kept).exit_code == 1
    (entry,) = json.loads(run("signers", "list", "--store", store, "--json").stdout)
    assert entry["bytes"]["template"] == 80
    other = run("verify", "anna", FORGED, "--store", store)
    assert other.exit_code == 2
    assert load_model("default").id.hex() in other.stderr


def test_a_network_that_does_not_ship_is_no_model(run, store: Path) -> None:
    result = run("enroll", "anna", *ANNA, "--store", store, "--model", "network-4")
    assert result.exit_code == 2
    assert result.stderr == (
        "Error: network-4: there is no such model; name a file, a run folder or one that ships: "
        "default, network-5\n"
    )
