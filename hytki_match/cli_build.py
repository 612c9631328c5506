"""The command ``build``, with its progress and its gate."""

from __future__ import annotations

import contextlib
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hytki_match.cli_evaluation import QUESTIONS, need_evaluation_group
from hytki_match.settings import BUNDLED_MODEL, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hytki_match.index.manifest import Manifest
    from hytki_match.index.store import Index

LINE_SECONDS = 10.0
"""How often a pipe gets a line while something runs."""


@click.command()
@click.option("--force", is_flag=True, help="Build even if nothing has changed.")
@click.option("--full", is_flag=True, help="Encode every text again; implies --force.")
@click.option(
    "--gate",
    is_flag=True,
    help="Keep the old version serving when the evaluation falls below the record.",
)
@click.option(
    "--questions",
    type=click.Path(file_okay=False, path_type=Path),
    default=QUESTIONS,
    show_default=True,
    help="Folder of judged questions and record.json for --gate.",
)
@click.option("--by", "built_by", default="", metavar="NAME", help="Who builds, for `versions`.")
@click.option(
    "--model",
    metavar="NAME_OR_PATH",
    help=f"Encoder: '{BUNDLED_MODEL}', a folder, or a model hub's name (HYTKI_MATCH_MODEL).",
)
@click.option("--json", "as_json", is_flag=True, help="Print the manifest as JSON.")
@click.pass_obj
def build(
    settings: Settings,
    force: bool,
    full: bool,
    gate: bool,
    questions: Path,
    built_by: str,
    model: str | None,
    as_json: bool,
) -> None:
    r"""Build the index from the corpus, if anything has changed.

    The new version is written beside the one that serves and switched in when it is complete. Texts
    that did not change are not encoded again. What was rolled back, or refused by --gate, is not
    brought in: what serves goes on serving until the tables change, or until promote. Where nothing
    has changed no gate is asked; --force has it judge what serves.

    \b
    Examples:
      hytki-match build
      hytki-match build --gate --by "Maija, weekly update"
      hytki-match build --model intfloat/multilingual-e5-small
    """
    from hytki_match.corpus.questions import missing_questions
    from hytki_match.encoder import load_encoder
    from hytki_match.index.build import BuildOptions
    from hytki_match.index.ensuring import ensure_index

    started = time.monotonic()
    options = BuildOptions(
        built_by=built_by,
        reuse_vectors=not full,
        gate=_gate(questions) if gate else None,
    )
    with _told_when_stopped(), Progress("Encoding passages") as progress:
        found = ensure_index(
            settings.corpus_dir,
            settings.index_dir,
            load_encoder(model or settings.model),
            progress.update,
            force=force or full,
            options=options,
        )
    for finding in missing_questions(settings.corpus_dir):
        click.echo(f"! {finding}", err=True)
    manifest = found.index.manifest
    if as_json:
        facts = {
            "built": found.built,
            "gate_asked": gate and found.built,
            "held_back": found.held_back,
            **asdict(manifest),
        }
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    if found.built or not found.held_back:
        click.echo(_told(manifest, time.monotonic() - started if found.built else None))
    if gate and not found.built:
        click.echo(
            "Nothing was built, so the gate was not asked. To have the tables as they are judged: "
            "hytki-match build --gate --force"
        )
    if found.held_back:
        click.echo(
            "What the tables hold was rolled back, or refused by build --gate, so another version "
            "goes on serving. "
            f"To let it serve all the same: hytki-match promote {found.held_back}"
        )


@contextlib.contextmanager
def _told_when_stopped() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        click.echo("What was encoded is kept: the next build goes on from there.", err=True)
        raise


def _told(manifest: Manifest, seconds: float | None) -> str:
    if seconds is None:
        return f"The index is up to date (version {manifest.version})."
    counts = manifest.counts
    return (
        f"Built version {manifest.version}: {counts['records']} records, {counts['contacts']} "
        f"contacts, {counts['passages']} passages, encoder {manifest.encoder_name}, "
        f"{seconds:.1f} s."
    )


def _gate(questions: Path) -> Callable[[Index], Sequence[str]]:
    """Return what tells how a version falls below the record of the judged questions."""
    need_evaluation_group()
    from hytki_match.encoder import load_encoder
    from hytki_match.evaluation.evaluate import evaluate
    from hytki_match.evaluation.questions import load_judged
    from hytki_match.evaluation.record import RECORD_FILE, falls, make_record, read_record
    from hytki_match.matching import Matcher

    def reasons(index: Index) -> Sequence[str]:
        matcher = Matcher(index, load_encoder(index.manifest.encoder_name))
        now = evaluate(matcher, load_judged(questions, index.corpus), index.manifest.version)
        return falls(read_record(questions / RECORD_FILE), make_record(now))

    return reasons


class Progress:
    """A bar with rate and remaining time on a terminal; now and then a plain line in a pipe."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._bar = click.progressbar(
            length=1, label=label, file=sys.stderr, show_eta=True, show_pos=True
        )
        self._shown = sys.stderr.isatty()
        self._started = self._told = time.monotonic()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown and self._bar.pos:
            self._bar.render_finish()

    def update(self, done: int, count: int) -> None:
        """Show that ``done`` of ``count`` are done."""
        now = time.monotonic()
        rate = done / max(now - self._started, 1e-3)
        if self._shown:
            self._bar.length = count
            self._bar.label = f"{self._label} ({rate:,.0f}/s)"
            self._bar.update(done - self._bar.pos)
        elif now - self._told >= LINE_SECONDS:
            self._told = now
            left = (count - done) / max(rate, 1e-3)
            click.echo(f"{self._label}: {done}/{count}, {rate:.0f}/s, {left:.0f} s left", err=True)
