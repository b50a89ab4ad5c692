import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from paper_repro.__main__ import RESULTS, cli
from paper_repro.pages import PAGES, cards, comparison, elastic, readme, transfer, words_of
from paper_repro.pages.facts import read_facts

KEYS = ("eer_skilled", "eer_skilled_per_signer", "ga_at_fr80", "eer_random")


def figures(mean: float) -> dict[str, object]:
    return {key: {"mean": mean, "std": 0.01, "ci95": [mean - 0.05, mean + 0.05]} for key in KEYS}


@pytest.fixture
def protocols() -> dict[str, object]:
    systems = {"dtw": figures(0.1), "network-4": figures(0.25)}
    return {"set": {"first5": {"systems": systems, "less dtw": {"network-4": figures(0.15)}}}}


@pytest.fixture
def transfer_results() -> dict[str, object]:
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


def test_comparison_has_a_row_a_system_with_its_difference(protocols: dict[str, object]) -> None:
    table = comparison.sets({"comparison": protocols})
    assert table[0] == "## set"
    dtw, network = (line for line in table if line.startswith("| first5"))
    cell = "10.0 ± 1.0 [5.0, 15.0]"
    assert dtw == f"| first5 | dtw | {cell} | {cell} | {cell} | {cell} |  |  |  |"
    apart = "+15.0 [10.0, 20.0]"
    assert network.endswith(f"| {apart} | {apart} | {apart} |")


def test_transfer_has_a_row_a_source_and_the_set_itself(
    transfer_results: dict[str, object], protocols: dict[str, object]
) -> None:
    table = transfer.sets({"transfer": transfer_results, "comparison": protocols})
    assert (
        "Protocol `first5`; 7 signers; in 1 draw 70 genuine, 30 skilled, 42 random trials." in table
    )
    artificial, untrained, same, dtw = table[-4:]
    assert artificial.startswith("| network-4 | artificial | 30.0 ± 1.0")
    assert untrained.startswith("| network-4 | nothing | 40.0 ± 1.0")
    assert untrained.endswith("| -10.0 [-15.0, -5.0] |")
    assert same.startswith("| network-4 | the same set, other signers | 25.0 ± 1.0")
    assert same.endswith("|  |  |")
    assert dtw.endswith("| +20.0 [15.0, 25.0] |")


@pytest.fixture
def card_results() -> dict[str, object]:
    systems = {"default": figures(0.1), "dtw": figures(0.2)}
    less = {"default": figures(-0.1)}
    asked = [{"forgeries": "skilled", "asked": 0.05, "far": figures(0.07)["eer_skilled"]}]
    promised = {"default": asked, "network-5": asked}
    found = {"systems": systems, "less dtw": less, "promises": promised}
    with_network = {**found, "systems": {**systems, "network-5": figures(0.3)}}
    return {
        "cards": {"sets": {"a": {"svc2004": with_network, "one": found}}},
        "elastic": {"sets": {"a": {}, "b": {"first5": found}}},
    }


def test_a_card_has_a_row_a_set_number_of_references_and_system(
    card_results: dict[str, object],
) -> None:
    table = cards.figures(card_results, "default")
    assert [row.split(" | ")[:4] for row in table[2:]] == [
        ["| a", "`svc2004`", "default", "10.0 [5.0, 15.0]"],
        ["| a", "`svc2004`", "dtw", "20.0 [15.0, 25.0]"],
        ["| a", "`one`", "default", "10.0 [5.0, 15.0]"],
        ["| a", "`one`", "dtw", "20.0 [15.0, 25.0]"],
        ["| b", "`first5`", "default", "10.0 [5.0, 15.0]"],
        ["| b", "`first5`", "dtw", "20.0 [15.0, 25.0]"],
    ]
    assert table[2].endswith("| -10.0 [-15.0, -5.0] |")
    assert table[3].endswith("|  |")
    rows = cards.figures(card_results, "network-5")[2:]
    assert [row.split(" | ")[2] for row in rows] == ["network-5", "dtw"]


def test_a_card_tells_the_rates_met_beside_those_asked_for(card_results: dict[str, object]) -> None:
    table = cards.promises(card_results, "default")
    assert table[0] == "| forgeries accepted where asked for | protocol | skilled 5 |"
    assert table[2:] == [
        "| a | `svc2004` | 7.0 [2.0, 12.0] |",
        "| b | `first5` | 7.0 [2.0, 12.0] |",
    ]


def test_what_was_to_be_reached_is_judged_where_it_was_tested() -> None:
    systems = {
        "default": {**figures(0.075), "eer_skilled_per_signer": figures(0.024)["eer_random"]}
    }
    facts = {"elastic": {"sets": {"svc2004/Task2": {"svc2004": {"systems": systems}}}}}
    rows = [row.strip("| ").split(" | ") for row in elastic.reached(facts)[2:]]
    assert [row[:3] + row[7:] for row in rows] == [
        ["svc2004/Task2", "`svc2004`", "EER skilled", "**no**, by 0.20", "**no**, by 1.00"],
        ["svc2004/Task2", "`svc2004`", "per signer", "yes", "**no**, by 0.10"],
        ["svc2004/Task2", "`svc2004`", "EER random", "**no**, by 6.70", "**no**, by 7.00"],
    ]


def test_the_ladder_begins_with_the_paper_and_ends_with_dtw() -> None:
    rows = readme.ladder(read_facts(RESULTS))[2:]
    assert ["as printed" in row for row in rows].index(True) == 1
    gains = [float(row.split("|")[5]) for row in rows[1:4]]
    means = [float(row.split("|")[2].split()[0]) for row in rows[:4]]
    assert sum(gains) == pytest.approx(means[-1] - means[0], abs=0.15)
    assert rows[4].startswith("| the **paper**, its own signers | 95.5 |")
    assert "untrained DTW" in rows[-1]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["pages", *map(str, arguments)])


def test_committed_pages_are_current() -> None:
    assert run("--check").exit_code == 0


@pytest.mark.parametrize("name", PAGES)
def test_a_change_of_a_page_is_seen(name: str, tmp_path: Path) -> None:
    assert run("-o", tmp_path).exit_code == 0
    assert run("-o", tmp_path, "--check").exit_code == 0
    page = tmp_path / name
    page.write_text(page.read_text(encoding="utf-8") + "more\n", encoding="utf-8")
    changed = run("-o", tmp_path, "--check")
    assert changed.exit_code == 1
    assert f"{name} is out of date" in changed.output


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(RESULTS, tmp_path / "results"))


def change(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_change_of_a_figure_is_seen(copied: Path) -> None:
    # The GA@FR80 of network 4, which three pages tell.
    change(copied, "summary.json", "0.9665211062590976", "0.9675211062590976")
    changed = run("--results", copied, "--check")
    assert changed.exit_code == 1
    assert "README.md is out of date" in changed.output


def test_a_sentence_that_no_longer_holds_is_refused(copied: Path, tmp_path: Path) -> None:
    # As if a network had come level with DTW against random forgeries.
    protocols = json.loads((copied / "protocols.json").read_text(encoding="utf-8"))
    apart = protocols["svc2004/Task2"]["one"]["less dtw"]["network-4"]["eer_random"]
    apart["ci95"][0] = -0.01
    (copied / "protocols.json").write_text(json.dumps(protocols), encoding="utf-8")
    for arguments in (("--check",), ("-o", tmp_path / "pages")):
        refused = run("--results", copied, *arguments)
        assert refused.exit_code == 1
        assert "no longer holds (-0.01 > 0)" in refused.output
    assert not (tmp_path / "pages").exists()


@pytest.mark.parametrize("name", PAGES)
def test_every_claim_of_a_page_is_about_the_results(name: str) -> None:
    words = words_of(name).read_text(encoding="utf-8")
    claims = re.findall(r"^\{holds (.*)\}$", words, re.M)
    assert claims
    assert all(
        re.search(r"(summary|template|comparison|transfer|realism|cards|elastic|recipe)\.", c)
        for c in claims
    )
