import csv
import io
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from sigtdnn.matching.calibration import Calibrations
from sigtdnn.models.file import save_model
from tests.artificial import elastic_model
from tests.tools import ROOT

KEYS = ["file", "raw", "log_odds", "score", "threshold", "accepted", "reason"]
NEITHER = "Give references (-r) and questioned files, or --trials FILE."
HEADER = "file,raw,log_odds,score,threshold,accepted,reason,error"


@pytest.fixture
def score(run, model):
    def score(*arguments, **settings):
        return run("score", "--model", model, *arguments, **settings)

    return score


@pytest.fixture
def references(genuine):
    return [word for file in genuine[:6] for word in ("-r", file)]


@pytest.fixture
def trial(genuine):
    def trial(file, count=6):
        return json.dumps({"file": str(file), "references": list(map(str, genuine[:count]))})

    return trial


def objects(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


def rows(result):
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_csv_is_printed_by_default(score, references, genuine):
    result = score(*references, *genuine[6:8])
    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout.splitlines()[0] == HEADER
    first, second = rows(result)
    assert (first["file"], second["file"]) == (str(genuine[6]), str(genuine[7]))
    assert first["accepted"] == "true"
    assert first["reason"] == first["error"] == ""
    assert float(first["score"]) >= float(first["threshold"]) == 0.5


def test_json_lines_have_the_keys_of_verify_without_the_signer(score, references, genuine, forged):
    result = score(*references, genuine[6], forged, "--json")
    accepted, rejected = objects(result)
    assert list(accepted) == list(rejected) == KEYS
    assert (accepted["accepted"], rejected["accepted"]) == (True, False)
    assert accepted["reason"] is None
    assert rejected["reason"] in ("shape", "rhythm", "pen-up movement", "direction")


@pytest.mark.parametrize(
    ("options", "raw"),
    [
        (("--far", 0.2), 0.0),
        (("--far-random", 0.2), -20.0),
        (("--far", 0.2, "--far-random", 0.2), 0.0),
    ],
)
def test_the_threshold_may_be_chosen_by_rates(score, references, genuine, options, raw):
    (found,) = objects(score(*references, genuine[6], "--json", *options))
    assert found["threshold"] == pytest.approx(1 / (1 + np.exp(-raw / 10)))


def test_each_number_of_references_has_its_threshold(run, references, genuine, trial, tmp_path):
    model = elastic_model()
    one, six = (replace(model.calibrations.of(6), references=n, offset=n) for n in (1, 6))
    save_model(replace(model, calibrations=Calibrations((one, six))), tmp_path / "m.safetensors")
    lines = [trial(genuine[7], 1), trial(genuine[7])]
    result = run(
        "score", "--model", tmp_path / "m.safetensors", "--trials", "-", "--json", "--far", 0.2,
        input="\n".join(lines),
    )  # fmt: skip
    found = [answer["threshold"] for answer in objects(result)]
    assert found == pytest.approx([1 / (1 + np.exp(0.1 - n)) for n in (1, 6)])


def test_one_rejected_makes_status_1(score, references, genuine, forged):
    assert score(*references, forged, genuine[6]).exit_code == 1


def test_the_score_is_that_of_verify(run, score, references, genuine, model, enrolled):
    words = ("verify", "anna", genuine[7], "--model", model, "--store", enrolled, "--json")
    verified = json.loads(run(*words).stdout)
    (scored,) = objects(score(*references, genuine[7], "--json"))
    assert scored == {key: verified[key] for key in KEYS}


def test_a_bad_questioned_file_is_answered_in_its_place_with_status_2(
    score, references, genuine, tmp_path
):
    (tmp_path / "bad.csv").write_text("no strokes")
    result = score(*references, genuine[6], tmp_path / "bad.csv", genuine[7], "--json")
    assert result.exit_code == 2
    good, bad, last = objects(result)
    assert list(bad) == ["file", "error"]
    assert bad["file"] == str(tmp_path / "bad.csv")
    assert "not in a known stroke format" in bad["error"]
    assert (good["file"], last["file"]) == (str(genuine[6]), str(genuine[7]))
    assert result.stderr == "Error: 1 could not be scored; see their lines.\n"


def test_bad_references_are_one_error(score, genuine, tmp_path):
    result = score("-r", genuine[0], "-r", tmp_path / "absent", genuine[6])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "cannot be read" in result.stderr
    single = score("-r", genuine[0], genuine[6])
    assert single.exit_code == 2
    assert "1 reference signature(s)" in single.stderr


def test_a_file_without_size_is_named_questioned_or_reference(score, references, genuine, flat):
    (answer,) = objects(score(*references, flat, "--json"))
    assert answer["file"] == str(flat)
    assert answer["error"].startswith(f"{flat}: y does not vary")
    result = score("-r", genuine[0], "-r", flat, genuine[6])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(f"Error: {flat}: y does not vary")
    line = json.dumps({"file": str(genuine[6]), "references": [str(genuine[0]), str(flat)]})
    (answer,) = objects(score("--trials", "-", "--json", input=line))
    assert answer["file"] == str(genuine[6])
    assert answer["error"].startswith(f"{flat}: y does not vary")


def test_one_reference_is_enough_for_elastic_matching(run, elastic, genuine, forged):
    result = run("score", "--model", elastic, "-r", genuine[0], genuine[6], forged, "--json")
    near, far = objects(result)
    assert list(near) == KEYS
    assert near["raw"] > far["raw"]
    assert near["score"] > far["score"]


def test_trials_come_from_standard_input(score, trial, genuine, forged):
    lines = [trial(genuine[6]), trial(forged, 4), "{broken", trial("absent"), trial(genuine[7])]
    result = score("--trials", "-", "--json", input="\n".join(lines))
    assert result.exit_code == 2
    answers = objects(result)
    assert ["error" in answer for answer in answers] == [False, False, True, True, False]
    assert answers[2]["file"] is None
    assert answers[2]["error"].startswith("standard input, line 3: is not a JSON object")
    assert answers[3]["file"] == "absent"
    assert result.stderr == "Error: 2 could not be scored; see their lines.\n"


def test_trials_come_from_a_csv_file(score, genuine, forged, tmp_path):
    names = ";".join(map(str, genuine[:6]))
    (tmp_path / "trials.csv").write_text(
        f"file,references\n{genuine[6]},{names}\n{forged},{names}\n{genuine[7]},{names};absent\n"
    )
    result = score("--trials", tmp_path / "trials.csv")
    assert result.exit_code == 2
    assert [row["accepted"] for row in rows(result)] == ["true", "false", ""]
    assert "absent: cannot be read" in rows(result)[2]["error"]


@pytest.mark.parametrize(
    ("wanted", "status"), [((6,), 0), ((6, "forged"), 1), ((), 0)], ids=["all", "one not", "none"]
)
def test_status_of_a_good_stream(score, trial, genuine, forged, wanted, status):
    files = [forged if which == "forged" else genuine[which] for which in wanted]
    result = score("--trials", "-", "--json", input="".join(trial(f) + "\n" for f in files))
    assert result.exit_code == status
    assert len(objects(result)) == len(files)


def test_references_that_change_in_a_stream_are_read_again(model, genuine, forged, trial):
    with real("--model", model, "--trials", "-", "--json") as process:
        first = ask(process, trial(genuine[6]))
        assert ask(process, trial(genuine[6])) == first
        genuine[0].write_text(forged.read_text())
        assert ask(process, trial(genuine[6]))["log_odds"] < first["log_odds"]


def ask(process, line):
    process.stdin.write(line + "\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


def real(*words):
    # What a shell starts in the background is deaf to interruptions, unless it listens.
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from cli.main import cli; cli()"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, "score", *map(str, words)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_line_is_answered_before_the_next_is_asked(model, genuine, trial):
    # It would hang otherwise.
    with real("--model", model, "--trials", "-", "--json") as process:
        assert ask(process, trial(genuine[6]))["accepted"]
        assert "error" in ask(process, "{broken")
        assert ask(process, trial(genuine[7]))["accepted"]
        process.stdin.close()
        assert process.wait() == 2


def test_an_interruption_ends_with_130(model, genuine, trial):
    with real("--model", model, "--trials", "-", "--json") as process:
        ask(process, trial(genuine[6]))
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        assert process.stderr.read().strip() == "Interrupted."


def test_a_closed_output_ends_quietly_with_2(model, genuine, trial):
    with real("--model", model, "--trials", "-", "--json") as process:
        ask(process, trial(genuine[6]))
        process.stdout.close()
        process.stdin.write((trial(genuine[6]) + "\n") * 3)
        process.stdin.close()
        assert process.wait() == 2
        assert process.stderr.read() == ""


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), NEITHER),
        (("q",), NEITHER),
        (("-r", "a"), NEITHER),
        (("--trials", "-", "q"), NEITHER),
        (("--trials", "-", "-r", "a"), NEITHER),
        (("--trials", "absent"), "absent: cannot be read"),
        (("--trials", "-", "--far", "0.1", "--threshold", "0.1"), "--threshold excludes --far"),
        (("--trials", "-", "--far-random", "0.001"), "below 0.01"),
    ],
)
def test_wrong_use_is_status_2(score, words, told):
    result = score(*words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert told in result.stderr


@pytest.mark.parametrize("name", ["\ud800", "a\nb", "\x00", "x\u2028y", '"', "a,b"])
def test_any_name_is_answered_in_one_line(score, name):
    line = json.dumps({"file": name, "references": [name, name]})
    for options in ((), ("--json",)):
        result = score("--trials", "-", *options, input=line + "\n")
        assert result.exit_code == 2
        assert len(result.stdout.splitlines()) == (1 if options else 2)
    assert objects(result)[0]["file"] == name
