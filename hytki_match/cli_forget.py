"""The command ``forget``."""

from __future__ import annotations

import shlex
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hytki_match.cli_asking import agreed
from hytki_match.cli_build import Progress
from hytki_match.cli_versions import print_json
from hytki_match.errors import UnconfirmedError
from hytki_match.index.layout import VERSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hytki_match.settings import Settings
    from hytki_match.upkeep.forgetting import Forgotten


@click.command()
@click.argument("contact_id")
@click.option(
    "--also",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="Another file or folder to search afterwards; nothing in it is changed.",
)
@click.option(
    "--named",
    multiple=True,
    metavar="TEXT",
    help="Another text to search for; for one who is in no table any more, all of them.",
)
@click.option(
    "--deleted",
    multiple=True,
    type=click.Path(path_type=Path),
    help="An export that is noted and was deleted by hand: it is looked for no more.",
)
@click.option(
    "--from-tables",
    is_flag=True,
    help="Let serve all that the tables hold, also what was never built or was rolled back.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be done; write nothing.")
@click.option("--yes", is_flag=True, help="Do not ask first; needed where there is no terminal.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def forget(
    context: click.Context,
    contact_id: str,
    also: tuple[Path, ...],
    named: tuple[str, ...],
    deleted: tuple[Path, ...],
    from_tables: bool,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    r"""Remove a contact from tables, all index versions, caches and exports, and prove it.

    Afterwards every file is searched for the contact's name, e-mail, phone and page. What is left,
    or could not be searched, is listed, with exit code 1, and the last line is the command that
    searches the same places again. Nothing else changes of what serves: rows of the tables that
    were never built, or were rolled back, do not come into service. Backups and the history of git
    are not the tool's to change.

    \b
    Examples:
      hytki-match forget lab-desk --also tests/judged
      hytki-match forget lab-desk --named "Data desk" --named desk@lab.example.org
    """
    from hytki_match.encoder import load_encoder
    from hytki_match.upkeep.forgetting import forget as forget_contact
    from hytki_match.upkeep.forgetting import would_forget

    settings: Settings = context.obj
    named = tuple(filter(str.strip, named))
    would = (
        []
        if yes and not dry_run
        else would_forget(contact_id, settings, named, deleted, also=also, from_tables=from_tables)
    )
    if would:
        # With --json on standard error: whoever is asked needs to see it, too.
        click.echo("\n".join(("This would be done:", *would)), err=as_json)
    question = f"Remove {contact_id} everywhere? This cannot be undone."
    if dry_run or not agreed(question, yes=yes):
        if as_json:
            print_json({"contact_id": contact_id, "would": would})
        if dry_run:
            return
        raise UnconfirmedError
    with Progress("Encoding passages") as progress:
        encoder = load_encoder(settings.model)
        found = forget_contact(
            contact_id,
            settings,
            encoder,
            also,
            progress.update,
            named=named,
            deleted=deleted,
            from_tables=from_tables,
        )
    if as_json:
        print_json(asdict(found))
    else:
        again = _again(context, found, also, yes=yes)
        click.echo("\n".join(_lines(found, again, settings.index_dir / VERSIONS)))
    if not _is_proved(found):
        raise click.exceptions.Exit(1)


def _is_proved(found: Forgotten) -> bool:
    """Tell whether nothing is left: an export that is gone may only have been moved."""
    return not (found.left or found.unsearched or found.gone)


def _again(context: click.Context, found: Forgotten, also: tuple[Path, ...], *, yes: bool) -> str:
    """Return the command that searches the same places for the same texts again."""
    given = context.find_root().params
    words = ["hytki-match"]
    words += [part for n in ("corpus", "index") if given[n] for part in (f"--{n}", str(given[n]))]
    words += ["forget", found.contact_id]
    words += [word for mark in found.marks[1:] for word in ("--named", mark)]
    words += [word for place in also for word in ("--also", str(place))]
    return shlex.join([*words, *(["--yes"] if yes else [])])


def _lines(found: Forgotten, again: str, versions: Path) -> Iterator[str]:
    yield from found.done
    yield from (f"! {place}" for place in (*found.left, *found.unsearched, *found.gone))
    if _is_proved(found):
        yield f"Nothing that was searched names {found.contact_id} any more."
        return
    if any(str(versions) in place for place in found.left):
        yield (
            "A version holds what the tables held: once they are mended, hytki-match build, then "
            "hytki-match prune --keep 1."
        )
    yield f"So it is not proved that nothing is left. Mend these places, then search again: {again}"
