"""All commands together: help, errors, and what starting one costs."""

import errno
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from cli.main import COMMANDS, cli
from cli.signers import command as signers
from tests.tools import HEAVY


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str) -> None:
    result = CliRunner().invoke(cli, [name, "-h"])
    assert result.exit_code == 0
    assert f"Example: sigtdnn {name}" in result.stdout


def test_help_lists_the_commands_with_the_main_job_first() -> None:
    text = CliRunner().invoke(cli, ["-h"]).stdout
    places = [text.index(f"\n  {name} ") for name in COMMANDS]
    assert places == sorted(places)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_of_each_command_what_its_own_help_begins_with(name: str) -> None:
    own = " ".join(CliRunner().invoke(cli, [name, "-h"]).stdout.split())
    assert f" {COMMANDS[name].removesuffix('.')}" in own
    assert COMMANDS[name] in " ".join(CliRunner().invoke(cli, ["-h"]).stdout.split())


def test_unknown_command_is_status_2() -> None:
    result = CliRunner().invoke(cli, ["preproces"])
    assert result.exit_code == 2
    assert "preproces" in result.stderr


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """Makes `sigtdnn info` raise what the test puts into the list."""
    errors: list[BaseException] = []

    @click.command()
    def command() -> None:
        raise errors.pop()

    monkeypatch.setattr("cli.info.command", command)
    return errors


def test_interruption_is_status_130(failing: list[BaseException]) -> None:
    failing.append(KeyboardInterrupt())
    result = CliRunner().invoke(cli, ["info"])
    assert result.exit_code == 130
    assert "Interrupted" in result.stderr


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "out/model"), "out/model: Permission"),
        (OSError(errno.ENOSPC, "No space left on device"), "No space left on device"),
        (OSError("disk full"), "disk full"),
    ],
    ids=["of a file", "of no file", "not of the system"],
)
def test_file_error_is_one_line_and_status_2(
    failing: list[BaseException], error: OSError, told: str
) -> None:
    failing.append(error)
    result = CliRunner().invoke(cli, ["info"])
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Error: {told}")
    assert result.stderr.count("\n") == 1


def every_help() -> list[list[str]]:
    """The words that ask for help, of all commands and subcommands."""
    listing = click.Context(signers)
    below = [["signers", name, "-h"] for name in signers.list_commands(listing)]
    return [["-h"], *([name, "-h"] for name in COMMANDS), *below]


@pytest.mark.parametrize("words", [["--version"], *every_help()], ids=" ".join)
def test_help_loads_no_library_that_is_slow_to_load(words: list[str]) -> None:
    script = (
        "import sys; from cli.main import cli\n"
        f"try: cli({words})\n"
        "except SystemExit: pass\n"
        f"print([m for m in {(*HEAVY, 'onnx')} if m in sys.modules])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout
    assert shown.splitlines()[-1] == "[]"


def test_module_runs_the_command_under_its_name() -> None:
    command = [sys.executable, "-m", "sigtdnn"]
    shown = subprocess.run([*command, "signers", "-h"], capture_output=True, text=True, check=True)
    assert shown.stdout.startswith("Usage: sigtdnn signers [OPTIONS] COMMAND")
    failed = subprocess.run([*command, "info", "network-6"], capture_output=True, text=True)
    assert failed.returncode == 2
    assert failed.stderr.startswith("Error: 'network-6' is neither")
