"""The page of all commands is what their help says."""

import click
import pytest
from click.testing import CliRunner

from cli import reference
from cli.main import COMMANDS, cli


def test_page_is_current() -> None:
    result = CliRunner().invoke(reference.write, ["--check"])
    assert result.exit_code == 0, result.stderr


def test_page_that_is_not_current_is_told_and_mended(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(reference, "PAGE", tmp_path / "README.md")
    for _ in range(2):
        result = CliRunner().invoke(reference.write, ["--check"])
        assert result.exit_code == 1
        assert "is not current; run python -m cli.reference" in result.stderr
        (tmp_path / "README.md").write_text("# Commands\n")
    assert CliRunner().invoke(reference.write).exit_code == 0
    assert CliRunner().invoke(reference.write, ["--check"]).exit_code == 0


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_every_command_is_on_the_page(name: str) -> None:
    page = reference.page()
    command = cli.get_command(click.Context(cli), name)
    groups = [(f"## sigtdnn {name}", command)]
    if isinstance(command, click.Group):
        groups += [(f"### sigtdnn {name} {below}", c) for below, c in command.commands.items()]
    for heading, one in groups:
        section = page.split(f"\n{heading}\n")[1].split("\n#")[0]
        assert f"Usage: {heading.lstrip('# ')} " in section
        for option in (p for p in one.params if isinstance(p, click.Option)):
            assert all(f"  {word} " in section for word in option.opts)
