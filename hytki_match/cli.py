"""The command line: arguments in, text out, and the one place where errors become exit codes.

Exit codes: 0 all went well; 1 something has to be mended, and the message says what; 2 wrong
usage; 3 nothing was written, since nobody said yes; 130 stopped with
Ctrl-C.
"""

from __future__ import annotations

import difflib
import errno
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hytki_match import cli_forget, cli_tables, cli_upkeep, cli_versions
from hytki_match.cli_adviser import cases, shortlist
from hytki_match.cli_build import build
from hytki_match.cli_evaluation import evaluate, evaluate_encoder
from hytki_match.errors import HytkiMatchError
from hytki_match.records import LANGUAGES, RESOURCE_TABLES
from hytki_match.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hytki_match.matching import Matcher
    from hytki_match.matching.explanation import Explanation
    from hytki_match.records import Answer, Language, Table

STOPPED = 130
"""The shell's own code for a program that Ctrl-C ended."""

MAX_LIMIT = 50

_folder = click.Path(file_okay=False, path_type=Path)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    try:
        code = cli.main(arguments, prog_name="hytki-match", standalone_mode=False)
    except HytkiMatchError as error:
        click.echo(f"hytki-match: {error}", err=True)
        code = error.exit_code
    except OSError as error:
        click.echo(f"hytki-match: {_file_problem(error)}", err=True)
        code = 1
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("hytki-match: stopped. An index that served before still serves.", err=True)
        code = STOPPED
    sys.exit(code)


def _file_problem(error: OSError) -> str:
    """Return what is wrong with a file, for a command that did not expect it there."""
    where = error.filename or "A file"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{where} cannot be written: the disk is full. Free space, then run this again."
    if isinstance(error, PermissionError):
        return f"{where} may not be read or written. Mend its rights, then run this again."
    return f"{where} cannot be read or written: {error.strerror or error}."


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80})
@click.version_option(package_name="hytki-match")
@click.option("--corpus", type=_folder, help="Folder of the tables (HYTKI_MATCH_CORPUS).")
@click.option("--index", type=_folder, help="Folder of the index (HYTKI_MATCH_INDEX).")
@click.pass_context
def cli(context: click.Context, corpus: Path | None, index: Path | None) -> None:
    r"""Ask who, where and with what in Finnish health and wellbeing data.

    \b
    Examples:
      hytki-match build
      hytki-match ask "Kuka voi auttaa synteettisen terveysdatan kanssa?"
      hytki-match ask --region turku --json "hospital data for R&D"

    Exit codes: 0 done, 1 something to mend (the message says what), 2 wrong
    usage, 3 nothing written for want of a yes, 130 stopped with Ctrl-C.
    """
    settings = Settings.from_environment()
    context.obj = replace(
        settings,
        corpus_dir=corpus or settings.corpus_dir,
        index_dir=index or settings.index_dir,
    )


for _command in (
    build,
    evaluate,
    evaluate_encoder,
    shortlist,
    cases,
    cli_versions.versions,
    cli_versions.verify,
    cli_versions.diff,
    cli_versions.promote,
    cli_versions.rollback,
    cli_versions.prune,
    cli_tables.import_tables,
    cli_tables.export,
    cli_tables.add_event,
    cli_upkeep.check,
    cli_upkeep.stale,
    cli_upkeep.links,
    cli_upkeep.topics,
    cli_forget.forget,
):
    cli.add_command(_command)


@cli.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    r"""Print what makes SHELL complete commands, options and versions.

    \b
    Example:
      eval "$(hytki-match completion bash)"
    """
    from click.shell_completion import get_completion_class

    script = get_completion_class(shell)
    if script is None:  # an old shell that click does not know
        raise click.BadParameter(f"There is no completion for {shell}.", param_hint="SHELL")
    click.echo(script(cli, {}, "hytki-match", "_HYTKI_MATCH_COMPLETE").source())


@cli.command()
@click.argument("question")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print the answer as Markdown.")
@click.option(
    "--explain",
    is_flag=True,
    help="Print the path to the answer: legs, weights, evidence; with --json, in it.",
)
@click.option("--region", "regions", multiple=True, help="Only this region; may be repeated.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(RESOURCE_TABLES),
    help="Only this kind of resource; may be repeated.",
)
@click.option(
    "--limit",
    type=click.IntRange(1, MAX_LIMIT),
    default=8,
    show_default=True,
    help="How many resources at most.",
)
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default="fi",
    show_default=True,
    help="Language of the answer when the question is too short to tell.",
)
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day from which events are past (default: today).",
)
@click.pass_obj
def ask(
    settings: Settings,
    question: str,
    as_json: bool,
    as_markdown: bool,
    explain: bool,
    regions: tuple[str, ...],
    kinds: tuple[Table, ...],
    limit: int,
    language: Language,
    today: datetime | None,
) -> None:
    r"""Answer QUESTION from the index; '-' reads it from standard input.

    \b
    Examples:
      hytki-match ask "Kuka voi auttaa synteettisen terveysdatan kanssa?"
      hytki-match ask "Who can help us use hospital data for R&D in Turku?"
      hytki-match ask --kind companies --region oulu --limit 3 "sleep"
      hytki-match ask --explain "Who has synthetic data in Turku?"
      echo "Missä voi testata laitetta?" | hytki-match ask -
    """
    from hytki_match.service import is_stale, open_matcher, with_stale_notice

    if explain and as_markdown:
        raise click.UsageError("--explain is text or, with --json, JSON: leave --markdown out.")
    if question == "-":
        question = sys.stdin.read().strip()
    try:
        question.encode()
    except UnicodeEncodeError as error:
        message = "The question is not written in UTF-8: write or save it so."
        raise click.UsageError(message) from error
    matcher = open_matcher(settings)
    _check_regions(matcher, regions)
    day = today.date() if today else date.today()
    answer = matcher.match(
        question, fallback=language, regions=regions, kinds=kinds, limit=limit, today=day
    )
    answer = with_stale_notice(answer, stale=is_stale(matcher, settings))
    path = _path(matcher, answer, day) if explain else None
    click.echo(_render(answer, path, as_json=as_json, as_markdown=as_markdown), nl=False)


def _path(matcher: Matcher, answer: Answer, today: date) -> Explanation:
    from hytki_match.matching.explanation import explain

    return explain(matcher, answer, today)


def _render(answer: Answer, path: Explanation | None, *, as_json: bool, as_markdown: bool) -> str:
    from hytki_match import answers

    if as_json:
        return answers.answer_to_json(answer, path)
    if as_markdown:
        return answers.answer_to_markdown(answer)
    # click drops the codes of styles where the output is not a terminal.
    if path:
        return answers.explanation_to_text(answer, path, bold=_bold)
    return answers.answer_to_text(answer, bold=_bold)


def _bold(text: str) -> str:
    return click.style(text, bold=True)


def _check_regions(matcher: Matcher, regions: Sequence[str]) -> None:
    """Refuse a region that the corpus does not have, with the nearest that it has."""
    known = list(matcher.index.corpus.regions)
    for region in regions:
        if region not in known:
            near = difflib.get_close_matches(region.lower(), known, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise click.BadParameter(
                f"{region!r} is not a region of the corpus.{hint} Regions: {', '.join(known)}.",
                param_hint="--region",
            )


def _keep_examples(command: click.Command) -> None:
    """Have click keep the lines of the examples.

    Its mark for that is a backspace character, which a raw docstring can only spell.
    """
    command.help = (command.help or "").replace("\\b\n", "\b\n")
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            _keep_examples(inner)


_keep_examples(cli)
