"""The command line: each command parses, calls one library function, prints.

A command's module is imported when it is run, and imports pandas and the models only then, so that
``--help`` answers at once.
"""

from __future__ import annotations

import io
import signal
import sys
from importlib import import_module, metadata
from threading import current_thread, main_thread
from typing import TYPE_CHECKING, Any

import click

from infoshare_text.errors import InfoshareTextError

if TYPE_CHECKING:
    from infoshare_text.reading.survey import Survey

_COMMANDS = {
    "inspect": "Say what an export holds: layout, encoding, columns, comments.",
    "classify": "Code every comment: themes, stance, sentiment, review.",
    "topics": "Find what comments speak of: tables, pictures, a page.",
    "train": "Train a model on labelled comments.",
    "evaluate": "Measure a model on labelled comments, or compare two.",
    "review": "Draw comments for a person to code, in a workbook.",
    "agreement": "Say how far coders agree with each other and with the model.",
    "redact": "Mask personal data in comments: names, numbers, addresses.",
    "themes": "Show the codebook.",
    "model": "Show and check a model folder.",
}


class _Commands(click.Group):
    """Finds commands in their modules and turns the library's errors into one message and exit code 1."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"infoshare_text.cli.{cmd_name}").command
        command.short_help = _COMMANDS[cmd_name]
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except InfoshareTextError as error:
            click.echo(f"Error: {error}", err=True)
            ctx.exit(1)
        except BrokenPipeError:
            raise
        except OSError as error:
            click.echo(f"Error: {error.filename or 'the output'}: {error.strerror or error}", err=True)
            ctx.exit(1)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(metadata.version("infoshare-text"), prog_name="infoshare-text")
def main() -> None:
    """Read open-ended survey answers on information sharing between public services.

    Codes each comment into six cultural themes, says whether each is a barrier, an enabler or a need, and reads
    its sentiment. Works offline; comments never leave this machine.
    """
    # A redirected stdout on Windows would be in the code page of the country.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    # Told to stop, leave as after Ctrl-C: nothing half written stays behind.
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name) and current_thread() is main_thread():
            signal.signal(getattr(signal, name), _stop)


def _stop(number: int, _: object) -> None:
    raise SystemExit(128 + number)


def say(text: str, quiet: bool = False) -> None:
    """Tell the person at the terminal something, on stderr."""
    if not quiet:
        click.echo(text, err=True)


def say_survey(name: str, survey: Survey, quiet: bool = False) -> None:
    """Tell what was read, what is to know of it, and which columns are left out for the sake of the people in them."""
    respondents = "1 respondent" if survey.length == 1 else f"{survey.length:,} respondents"
    say(f"{name}: {survey.file_description}; {survey.layout.name}; {respondents}", quiet)
    for note in survey.notes:
        say(f"  note: {note}", quiet)
    if names := survey.personal_columns:
        left_out = f"{len(names):,} columns of personal data are" if len(names) > 1 else "1 column of personal data is"
        say(f"  {left_out} left out ({', '.join(names)}); --keep-personal-columns keeps them", quiet)


def on_terminal() -> bool:
    """Whether progress may be shown."""
    return sys.stderr.isatty()
