"""The commands over the versions of an index: look at them, compare them, let one serve."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hytki_match.cli_evaluation import QUESTIONS
from hytki_match.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hytki_match.corpus.changes import Changes
    from hytki_match.index.versions import Version
    from hytki_match.matching import Matcher
    from hytki_match.upkeep.differences import Differences

MEGABYTE = 1_000_000

_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


def _complete_version(context: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Offer the names of versions to the shell; reads nothing but a folder."""
    from hytki_match.index.layout import VERSIONS

    names = ["current", "previous"]
    root = context.find_root()
    folder = (root.params.get("index") or Settings.from_environment().index_dir) / VERSIONS
    if folder.is_dir():
        names += sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
    return [name for name in names if name.startswith(incomplete)]


_version = click.argument("version", default="current", shell_complete=_complete_version)


def print_json(value: Any) -> None:  # noqa: ANN401 - whatever json takes
    """Print a value as JSON that a person can read, too."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


@click.command()
@_json
@click.pass_obj
def versions(settings: Settings, as_json: bool) -> None:
    r"""List the versions of the index, oldest first; * marks the one that serves.

    Each is said to have served, to have been rolled back or refused by build --gate, or not to be
    known to have served; also where files of it are gone. What is in them only verify reads.

    \b
    Example:
      hytki-match versions
    """
    from hytki_match.index.versions import list_versions

    found = list_versions(settings.index_dir)
    if as_json:
        print_json([asdict(version) for version in found])
        return
    if not found:
        click.echo(f"There is no version in {settings.index_dir}. Run: hytki-match build")
    for version in found:
        click.echo(_version_line(version))


def _version_line(version: Version) -> str:
    mark = "*" if version.serves else " "
    size = f"{version.bytes / MEGABYTE:.1f} MB  {_service(version)}"
    if not version.manifest:
        return f"{mark} {version.name}  {size}  {version.problem}"
    manifest = version.manifest
    by = f"  by {manifest.built_by}" if manifest.built_by else ""
    but = f"  {version.problem}" if version.problem else ""
    return (
        f"{mark} {version.name}  {size}  {manifest.counts['records']} records  "
        f"corpus {manifest.corpus_digest[:8]}  encoder {manifest.encoder_name} "
        f"{manifest.encoder_digest[:8]}  {sum(manifest.seconds.values()):.1f} s{by}{but}"
    )


def _service(version: Version) -> str:
    if version.serves:
        return "serves"
    if version.rolled_back:
        return "rolled back"
    if version.refused:
        return "refused by a gate"
    return "served before" if version.served else "not known to have served"


@click.command()
@_version
@click.option("--all", "every", is_flag=True, help="Check every version.")
@_json
@click.pass_obj
def verify(settings: Settings, version: str, every: bool, as_json: bool) -> None:
    r"""Check every byte of VERSION (default: the one that serves) against its checksums.

    \b
    Examples:
      hytki-match verify
      hytki-match verify --all
    """
    from hytki_match.index.store import version_names
    from hytki_match.index.versions import find_version, verify_version

    folder = settings.index_dir
    names = version_names(folder) if every else [find_version(folder, version)]
    problems = {name: verify_version(folder, name) for name in names}
    if as_json:
        print_json(problems)
    else:
        for name, found in problems.items():
            click.echo(f"{name}: {'every byte is as it was built' if not found else ''}".rstrip())
            for problem in found:
                click.echo(f"  {problem}")
    if any(problems.values()):
        raise click.exceptions.Exit(1)


@click.command()
@click.argument("version", shell_complete=_complete_version)
@_json
@click.pass_obj
def promote(settings: Settings, version: str, as_json: bool) -> None:
    r"""Let VERSION serve: its name, a unique beginning of it, or 'previous'.

    'previous' is the one that served before. What was rolled back may be built again afterwards.

    \b
    Example:
      hytki-match promote 20260131T12
    """
    from hytki_match.index.versions import promote as promote_version
    from hytki_match.index.versions import serving_version

    before = serving_version(settings.index_dir)
    name = promote_version(settings.index_dir, version).version
    if name == before and not as_json:
        click.echo(f"Version {name} serves already.")
        return
    _tell_promoted(name, as_json=as_json)


@click.command()
@_json
@click.pass_obj
def rollback(settings: Settings, as_json: bool) -> None:
    r"""Let the version that served before the one that serves do so again.

    One that never served, such as one that build --gate refused, is passed over. A build does not
    bring back what was rolled back; promote does.

    \b
    Example:
      hytki-match rollback
    """
    from hytki_match.index.versions import rollback as roll_back

    _tell_promoted(roll_back(settings.index_dir).version, as_json=as_json)


def _tell_promoted(version: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"serves": version})
    else:
        click.echo(f"Version {version} serves now. A running chat takes it with its next question.")


@click.command()
@click.option("--keep", type=click.IntRange(1), default=3, show_default=True, help="How many stay.")
@_json
@click.pass_obj
def prune(settings: Settings, keep: int, as_json: bool) -> None:
    r"""Remove old versions, never the one that serves.

    Unless only one is to stay, the version that a rollback goes back to stays, too.

    \b
    Example:
      hytki-match prune --keep 1
    """
    from hytki_match.index.versions import prune as prune_versions

    removed = prune_versions(settings.index_dir, keep)
    if as_json:
        print_json({"removed": removed})
    else:
        click.echo(f"Removed {', '.join(removed)}." if removed else "Nothing to remove.")


@click.command()
@click.argument("before", default="previous", shell_complete=_complete_version)
@click.argument("after", default="current", shell_complete=_complete_version)
@click.option(
    "--questions",
    type=click.Path(file_okay=False, path_type=Path),
    default=QUESTIONS,
    show_default=True,
    help="Folder with questions.csv to ask of both; without such a file none is asked.",
)
@_json
@click.pass_obj
def diff(settings: Settings, before: str, after: str, questions: Path, as_json: bool) -> None:
    r"""Compare two versions: rows added, changed and removed, and questions that moved.

    \b
    Examples:
      hytki-match diff
      hytki-match diff 20260131T12 current
    """
    from hytki_match.upkeep.differences import differences, read_questions

    found = differences(
        _matcher(settings, before), _matcher(settings, after), read_questions(questions)
    )
    if as_json:
        print_json(asdict(found))
    else:
        click.echo("\n".join(_difference_lines(found)))


def _matcher(settings: Settings, version: str) -> Matcher:
    from hytki_match.encoder import load_encoder
    from hytki_match.index.versions import open_version
    from hytki_match.matching import Matcher

    index = open_version(settings.index_dir, version)
    return Matcher(index, load_encoder(index.manifest.encoder_name))


def _difference_lines(found: Differences) -> Iterator[str]:
    yield f"From {found.before} to {found.after}:"
    if found.encoder_changed:
        yield "The encoder is another one."
    yield from change_lines(found.corpus)
    before, after = found.known_questions
    if before != after:
        yield f"{before} known questions became {after}."
    if not found.asked:
        yield "No questions were asked: the folder of --questions has no questions.csv."
        return
    yield f"{len(found.moved)} of {found.asked} questions have another top 5."
    for moved in found.moved:
        yield f"? {moved.question}"
        yield f"    before: {', '.join(moved.before) or 'nothing'}"
        yield f"    after:  {', '.join(moved.after) or 'nothing'}"


def change_lines(
    changes: Changes, described: Mapping[str, Sequence[str]] | None = None
) -> Iterator[str]:
    """Yield a line for each row that is new (+), changed (~, with its fields) or gone (-).

    ``described`` are lines on new rows by their ids.
    """
    yield (
        f"{len(changes.added)} rows added, {len(changes.changed)} changed, "
        f"{len(changes.removed)} removed."
    )
    for row_id in changes.added:
        yield f"+ {row_id}"
        yield from (f"    {line}" for line in (described or {}).get(row_id, ()))
    for row_id, fields in changes.changed.items():
        yield f"~ {row_id}"
        for change in fields:
            yield f"    {change.field}: {change.before or '(empty)'}"
            yield f"    {' ' * len(change.field)}→ {change.after or '(empty)'}"
    yield from (f"- {row_id}" for row_id in changes.removed)
