"""The command `sigtdnn`. One module a command, imported only when that command is named.

What takes long to import, a command imports where it runs, so that its help is fast.
"""

import importlib
import os
import sys
import traceback
from typing import Any

import click

from sigtdnn.errors import SigtdnnError

# The main job first. With what each does: to ask the commands would be to load them all.
COMMANDS = {
    "score": "Score QUESTIONED signatures against references, one line each.",
    "enroll": "Enrol SIGNER with the signatures in FILES, all genuine.",
    "verify": "Verify that the signature in FILE is by SIGNER, who is enrolled in the store.",
    "identify": "Name the signers in the store who most likely wrote the signature in FILE.",
    "signers": "List, show, export, import and delete the signers of a store.",
    "show": "Draw a signature and its ten features; two signatures over each other; or a corpus.",
    "preprocess": "Read stroke files, and all files below folders, into a corpus.",
    "convert": "Write stroke files, and all files below folders, in another format.",
    "evaluate": "Test systems on the same trials, and print their error rates.",
    "train": "Train a network, and test it on signers that it never saw.",
    "info": "Tell what a network or a model is: layers, weights, training data.",
    "synthesize": "Write artificial signatures, genuine and forged, as stroke files.",
    "export": "Write a model as an ONNX graph.",
}


class LazyGroup(click.Group):
    """Loads a command's module when it is named, so that none pays for another's imports."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands with the main job first, not in the order of the alphabet."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"{__package__}.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes what the commands do, and loads none."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; an error of the library becomes one line and exit status 2."""
        try:
            return super().invoke(ctx)
        except SigtdnnError as error:
            raise click.ClickException(str(error)) from error
        except BrokenPipeError:
            # The reader of our results has gone. Python would complain at exit, and click's status
            # for this is 1, that of a rejection.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(2) from None
        except OSError as error:
            # Not every one knows a file, and not every one comes from the system.
            told = [str(part) for part in (error.filename, error.strerror) if part is not None]
            raise click.ClickException(": ".join(told) or str(error)) from error

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """As click's, but an interruption ends with 130, the shell's status for it."""
        kwargs["standalone_mode"] = False
        try:
            status = super().main(*args, **kwargs)
        except click.Abort:
            click.echo("Interrupted.", err=True)
            raise SystemExit(130) from None
        except click.ClickException as error:
            error.show()
            raise SystemExit(2) from None
        except Exception:
            # A fault of ours. Python's own status for it is 1, that of a rejection.
            traceback.print_exc()
            raise SystemExit(2) from None
        raise SystemExit(status if isinstance(status, int) else 0)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: sigtdnn score -r anna-1.txt -r anna-2.txt -r anna-3.txt questioned.txt",
)
@click.version_option(package_name="sigtdnn")
def cli() -> None:
    """Verify signatures written on a tablet.

    From stroke files to corpora, networks, templates and scores. 'sigtdnn COMMAND -h' explains a
    command, with an example. Results are printed on standard output, everything else on
    standard error. Exit status: 0 done or accepted, 1 rejected, 2 error, 130 interrupted.
    """
