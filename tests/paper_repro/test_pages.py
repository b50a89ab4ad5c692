from pathlib import Path

import pytest
from click.testing import CliRunner

from paper_repro import pages
from sigtdnn.tables import read_toml

KEYS = ("eer_skilled", "eer_skilled_per_signer", "ga_at_fr80", "eer_random")


def figures(mean: float) -> dict[str, object]:
    return {key: {"mean": mean, "std": 0.01, "ci95": [mean - 0.05, mean + 0.05]} for key in KEYS}


@pytest.fixture
def protocols() -> dict[str, object]:
    systems = {"dtw": figures(0.1), "network-4": figures(0.25)}
    return {"set": {"first5": {"systems": systems, "less dtw": {"network-4": figures(0.15)}}}}


@pytest.fixture
def transfer() -> dict[str, object]:
    sources = {
        "artificial": figures(0.3),
        "untrained": figures(0.4),
        "artificial less untrained": figures(-0.1),
        "artificial less dtw": figures(0.2),
    }
    return {
        "set": {
            "protocol": "first5", "signers": 7, "draws": 1,
            "trials": {"skilled": 30, "genuine": 70, "random": 42},
            "dtw": figures(0.1), "network-4": sources,
        }
    }  # fmt: skip


NOTES = {"protocols": "\nProtocols in words.\n", "transfer": "\nTransfer in words.\n"}


def test_protocols_have_a_row_a_system_with_its_difference(protocols: dict[str, object]) -> None:
    page = pages.protocols_page(protocols, NOTES).splitlines()
    assert "Protocols in words." in page
    assert "## set" in page
    dtw, network = (line for line in page if line.startswith("| first5"))
    cell = "10.0 ± 1.0 [5.0, 15.0]"
    assert dtw == f"| first5 | dtw | {cell} | {cell} | {cell} | {cell} |  |  |  |"
    apart = "+15.0 [10.0, 20.0]"
    assert network.endswith(f"| {apart} | {apart} | {apart} |")


def test_transfer_has_a_row_a_source_and_the_set_itself(
    transfer: dict[str, object], protocols: dict[str, object]
) -> None:
    page = pages.transfer_page(transfer, protocols, NOTES).splitlines()
    assert "Transfer in words." in page
    assert (
        "Protocol `first5`; 7 signers, in 1 draw(s) 70 genuine, 30 skilled, 42 random trials."
        in page
    )
    artificial, untrained, same, dtw = page[-4:]
    assert artificial.startswith("| network-4 | artificial | 30.0 ± 1.0")
    assert untrained.startswith("| network-4 | nothing | 40.0 ± 1.0")
    assert untrained.endswith("| -10.0 [-15.0, -5.0] |")
    assert same.startswith("| network-4 | the same set, other signers | 25.0 ± 1.0")
    assert same.endswith("|  |  |")
    assert dtw.endswith("| +20.0 [15.0, 25.0] |")


def test_committed_pages_are_current_and_a_change_is_seen(tmp_path: Path) -> None:
    invoke = CliRunner().invoke
    assert {"protocols", "transfer"} <= set(read_toml(pages.HERE / "notes.toml"))
    assert invoke(pages.main, ["--check"]).exit_code == 0
    assert invoke(pages.main, ["-o", str(tmp_path)]).exit_code == 0
    assert invoke(pages.main, ["-o", str(tmp_path), "--check"]).exit_code == 0
    page = tmp_path / "TRANSFER.md"
    page.write_text(page.read_text(encoding="utf-8") + "more\n", encoding="utf-8")
    changed = invoke(pages.main, ["-o", str(tmp_path), "--check"])
    assert changed.exit_code == 1
    assert "TRANSFER.md is out of date" in changed.output
