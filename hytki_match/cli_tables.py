"""The commands that bring tables in and out: ``import``, ``export`` and ``add-event``."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hytki_match.cli_asking import agreed
from hytki_match.cli_build import Progress
from hytki_match.cli_versions import change_lines, print_json
from hytki_match.corpus.schema import TABLES
from hytki_match.errors import ImportRefusedError, UnconfirmedError
from hytki_match.nearest import did_you_mean
from hytki_match.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hytki_match.upkeep.bringing_in import Incoming, Plan
    from hytki_match.upkeep.merging import Merge

KEPT_SHOWN = 5
"""Cells that came empty and are named; of more the number is told."""

_in_file = click.Path(exists=True, dir_okay=False, path_type=Path)
_dry_run = click.option("--dry-run", is_flag=True, help="Show what would change; write nothing.")
_yes = click.option(
    "--yes", is_flag=True, help="Do not ask before writing; needed where there is no terminal."
)
_json = click.option("--json", "as_json", is_flag=True, help="Print the changes as JSON.")
_tables = click.option(
    "--table",
    "tables",
    multiple=True,
    type=click.Choice(list(TABLES)),
    metavar="TABLE",
    help="Which table (companies, events …); may be repeated. Without it: every sheet with the "
    "name of a table.",
)


@click.command("import")
@click.argument("file", type=_in_file)
@_tables
@click.option("--map", "map_file", type=_in_file, help="How the file's columns become ours (TOML).")
@click.option(
    "--whole",
    is_flag=True,
    help="The file is the whole table: other rows are removed, and empty cells empty what stands.",
)
@click.option("--clear", is_flag=True, help="An empty cell empties what stands there.")
@_dry_run
@_yes
@_json
@click.pass_obj
def import_tables(
    settings: Settings,
    file: Path,
    tables: tuple[str, ...],
    map_file: Path | None,
    whole: bool,
    clear: bool,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    r"""Bring the rows of FILE (.xlsx or .csv) into the corpus tables.

    A row with an id, or with the name of a row that stands, changes it; its empty cells change
    nothing, unless you say --clear or --whole. Others are added, with an id made from the name.
    Nothing is written unless all tables are in order afterwards.

    \b
    Examples:
      hytki-match import members.xlsx --table companies --map map.toml
      hytki-match import corpus.xlsx --whole
    """
    from hytki_match.upkeep.bringing_in import plan_import, sheet_rows
    from hytki_match.upkeep.mapping import ColumnMap, read_mapping

    if map_file and len(tables) != 1:
        raise click.BadParameter("goes with one --table.", param_hint="--map")
    mapping = read_mapping(map_file, tables[0]) if map_file else ColumnMap()
    incoming = sheet_rows(file, tables, mapping)
    if whole and not tables:
        incoming = replace(incoming, notes=tuple(_unread_lines(incoming)))
    try:
        plan = plan_import(
            settings.corpus_dir,
            file,
            incoming.rows,
            whole=whole,
            clear=clear,
            blames=incoming.blames,
        )
    except ImportRefusedError:
        # A header that is written otherwise is mostly why cells are empty.
        for sentence in _unused_lines(incoming):
            click.echo(sentence, err=True)
        raise
    _review(plan, incoming, settings, dry_run=dry_run, yes=yes, as_json=as_json)


@click.command()
@click.argument("file", type=_in_file)
@click.option(
    "--set",
    "cells",
    multiple=True,
    metavar="COLUMN=TEXT",
    help="Write TEXT in this column of each event, whatever the calendar says; may be repeated. "
    "With 'id', the only event of the file is that row.",
)
@click.option(
    "--private",
    is_flag=True,
    help="Bring in also events that their calendar marks as private or confidential.",
)
@_dry_run
@_yes
@_json
@click.pass_obj
def add_event(
    settings: Settings,
    file: Path,
    cells: tuple[str, ...],
    private: bool,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    r"""Add the events of FILE (.ics) to the table of events, or change those that came before.

    An event is recognised by its UID, which calendar.csv notes beside the tables, though it was
    moved or renamed since; else by name and first day. Of one that repeats only the first day comes
    in. Cancelled and private ones, and revisions older than what the table has, are left out. All
    of this is told. An answer to an invitation, or a proposal of another time, changes nothing.

    \b
    Examples:
      hytki-match add-event day.ics --set region_id=oulu --set topics=ethics \
        --set source_url="Invitation of 5 January 2026"
      hytki-match add-event moved.ics --set id=data-days-2026
    """
    from hytki_match.upkeep.bringing_in import plan_import
    from hytki_match.upkeep.calendar import read_events
    from hytki_match.upkeep.known_events import FILE, origins_after, recognise

    calendar = read_events(file, dict(map(_set_cell, cells)), private=private)
    incoming = recognise(calendar, settings.corpus_dir)
    plan = plan_import(settings.corpus_dir, file, incoming.rows, blames=incoming.blames)
    origins, news = origins_after(plan, calendar, settings.corpus_dir)
    notes = list(incoming.notes)
    if plan.merges[0].alike:
        notes.append("If a new event is one that stands, moved: give its id, --set id=ID")
    if news:
        notes.append(
            f"To be noted in {FILE}: the UIDs of these events ({news}), so that they are "
            "recognised when they move."
        )
        plan = replace(plan, beside={FILE: origins})
    incoming = replace(incoming, notes=tuple(notes))
    _review(plan, incoming, settings, dry_run=dry_run, yes=yes, as_json=as_json)


def _set_cell(text: str) -> tuple[str, str]:
    """Return column and text of a ``--set``."""
    column, separator, cell = (part.strip() for part in text.partition("="))
    known = sorted(column.name for column in TABLES["events"])
    if not (separator and cell):
        raise click.BadParameter(f"{text!r} is not COLUMN=TEXT.", param_hint="--set")
    if column not in known:
        hint = did_you_mean(column, known) or f"Columns: {', '.join(known)}."
        raise click.BadParameter(f"{column!r} is no column of events. {hint}", param_hint="--set")
    return column, cell


def _review(
    plan: Plan, incoming: Incoming, settings: Settings, *, dry_run: bool, yes: bool, as_json: bool
) -> None:
    """Show what changes, ask, and write."""
    from hytki_match.upkeep.bringing_in import write_plan
    from hytki_match.upkeep.duplicates import alike_in_meaning

    for sentence in _source_lines(incoming):
        click.echo(sentence, err=True)
    with Progress("Comparing texts") as progress:
        alike = alike_in_meaning(plan, settings, progress.update)
    wanted = not dry_run and bool(plan)
    if not as_json or (wanted and not yes):
        # With --json the answer alone is for stdout, but nobody says yes to what is not shown.
        click.echo("\n".join(_plan_lines(plan, incoming, alike)), err=as_json)
    written = wanted and agreed("Write these changes?", yes=yes)
    if written:
        write_plan(plan, settings.corpus_dir)
    if as_json:
        print_json(_as_json(plan, incoming, alike, written=written))
    elif written and any(found.changes for found in plan.merges):
        click.echo("Written. To let it serve, run: hytki-match build")
    elif written:
        click.echo("Written. The tables stay as they are.")
    if wanted and not written:
        raise UnconfirmedError


def _source_lines(incoming: Incoming) -> Iterator[str]:
    """Say which sheets were read, where others were not."""
    if incoming.unread:
        read = (f"{name!r} as {table}" for table, name in incoming.sheets.items())
        yield f"Sheets read: {', '.join(read)}. Not read: {', '.join(map(repr, incoming.unread))}."


def _unread_lines(incoming: Incoming) -> Iterator[str]:
    """Say of a workbook that is meant as a whole which sheets stay out of it, with their edits."""
    lacking = [table for table in TABLES if table not in incoming.sheets]
    for name in incoming.unread if lacking else ():
        yield (
            f"The sheet {name!r} was not read, and nothing that was edited there comes in. If it "
            f"is one of {', '.join(lacking)}: give it that name, or say which with --table."
        )


def _as_json(
    plan: Plan, incoming: Incoming, alike: list[str], *, written: bool
) -> dict[str, object]:
    from hytki_match.upkeep.new_rows import described, doubtful

    tables = {
        found.table: {
            **asdict(found.changes),
            "described": described(found),
            "alike": found.alike,
            "doubtful": doubtful(found),
            "kept": [{"row": row_id, "field": column} for row_id, column in found.kept],
        }
        for found in plan.merges
    }
    return {
        "written": written,
        "tables": tables,
        "alike": alike,
        "sheets": incoming.sheets,
        "unread_sheets": incoming.unread,
        "unused_headers": incoming.unused,
        "notes": incoming.notes,
        "questions_touched": plan.questions_touched,
        "renamed": plan.renamed,
    }


def _plan_lines(plan: Plan, incoming: Incoming, alike: list[str]) -> Iterator[str]:
    from hytki_match.upkeep.new_rows import described, doubtful

    for found in plan.merges:
        yield f"{found.table}:"
        yield from change_lines(found.changes, described(found))
        yield from _kept_lines(found)
        yield from (f"! {sentence}" for sentence in (*found.alike, *doubtful(found)))
    yield from (f"! {sentence}" for sentence in (*alike, *plan.renamed, *incoming.notes))
    if plan.questions_touched:
        yield (
            f"{plan.questions_touched} known questions name a record that goes: they lose it, and "
            "go too when no other record answers them."
        )
    yield from _unused_lines(incoming)


def _unused_lines(incoming: Incoming) -> Iterator[str]:
    if incoming.unused:
        yield f"Columns left aside: {', '.join(incoming.unused)}."


def _kept_lines(found: Merge) -> Iterator[str]:
    if found.kept:
        named = ", ".join(f"{row_id} {column}" for row_id, column in found.kept[:KEPT_SHOWN])
        more = ", …" if len(found.kept) > KEPT_SHOWN else ""
        yield (
            f"Left as they stand, since the file's cells are empty ({len(found.kept)}): "
            f"{named}{more}. To empty them: --clear"
        )


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@_tables
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.option("--json", "as_json", is_flag=True, help="Print the numbers of rows as JSON.")
@click.pass_obj
def export(
    settings: Settings, file: Path, tables: tuple[str, ...], force: bool, as_json: bool
) -> None:
    r"""Write the corpus tables to FILE: .xlsx with drop-downs, or .csv for one table.

    \b
    Examples:
      hytki-match export corpus.xlsx
      hytki-match export companies.csv --table companies
    """
    from hytki_match.upkeep.taking_out import export_tables

    if file.exists() and not force:
        raise click.BadParameter(f"{file} is there already; say --force.", param_hint="FILE")
    if file.suffix.lower() not in (".xlsx", ".csv"):
        raise click.BadParameter("ends with .xlsx or .csv.", param_hint="FILE")
    if file.suffix.lower() == ".csv" and len(tables) != 1:
        raise click.BadParameter("a .csv file holds one table.", param_hint="--table")
    rows = export_tables(settings, file, tables or tuple(TABLES))
    if as_json:
        print_json({"file": str(file), "rows": rows})
    else:
        click.echo(f"Wrote {', '.join(f'{n} {table}' for table, n in rows.items())} to {file}.")
