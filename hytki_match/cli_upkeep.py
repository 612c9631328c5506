"""The commands that keep the corpus right: check, stale, links and topics."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hytki_match.cli_build import Progress
from hytki_match.cli_versions import print_json
from hytki_match.errors import CorpusError
from hytki_match.settings import Settings

if TYPE_CHECKING:
    from hytki_match.errors import Finding

MONTHS_IN = {"m": 1, "y": 12}

_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
_today = click.option(
    "--today", type=click.DateTime(["%Y-%m-%d"]), help="The day to count from (default: today)."
)


@click.command()
@click.option("--quick", is_flag=True, help="Only mistakes, no advice.")
@click.option(
    "--questions",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="Name the records that none of these questions finds: a folder of judged questions, a "
    ".csv or .tsv with a column 'question' or 'query', or a file with one a line.",
)
@_today
@_json
@click.pass_obj
def check(
    settings: Settings,
    quick: bool,
    questions: tuple[Path, ...],
    today: datetime | None,
    as_json: bool,
) -> None:
    r"""Check the corpus tables: list every mistake, then give advice.

    Mistakes stop a build and give exit code 1. Advice does not: no known questions, texts in the
    wrong column or too short to be found, rows that say nearly the same, contacts that nobody can
    check.

    \b
    Examples:
      hytki-match check
      hytki-match check --questions tests/judged
    """
    from hytki_match.corpus import check_corpus
    from hytki_match.upkeep.advice import read_all_questions

    asked = read_all_questions(questions)  # first: a file that cannot be read is told at once
    mistakes = check_corpus(settings.corpus_dir)
    if mistakes and not as_json:
        raise CorpusError(mistakes)
    day = today.date() if today else date.today()
    advice = [] if quick or mistakes else _advice(settings, day)
    unseen = _not_found(settings, asked) if questions and not mistakes else []
    if as_json:
        print_json(
            [
                *({**asdict(f), "severity": "mistake"} for f in mistakes),
                *({**asdict(f), "severity": "advice"} for f in advice),
                *({"severity": "advice", "not_found": doc_id} for doc_id in unseen),
            ]
        )
    else:
        click.echo(f"The corpus in {settings.corpus_dir} is in order.")
        for finding in advice:
            click.echo(f"! {finding}")
        for doc_id in unseen:
            click.echo(f"! {doc_id}: none of the questions finds it. Add words of searchers.")
    if mistakes:
        raise click.exceptions.Exit(1)


def _advice(settings: Settings, today: date) -> list[Finding]:
    from hytki_match.corpus import load_corpus
    from hytki_match.corpus.questions import missing_questions
    from hytki_match.corpus.writing import read_rows
    from hytki_match.encoder import load_encoder
    from hytki_match.index.vectors import VectorCache
    from hytki_match.upkeep.advice import advise
    from hytki_match.upkeep.duplicates import kept_passages

    with Progress("Encoding texts") as progress:
        encoder = load_encoder(settings.model)
        cache = VectorCache(encoder, settings.index_dir)
        kept = kept_passages(load_corpus(settings.corpus_dir), cache)
        found = advise(read_rows(settings.corpus_dir), encoder, today, progress.update, kept)
    return [*missing_questions(settings.corpus_dir), *found]


def _not_found(settings: Settings, questions: list[str]) -> list[str]:
    from hytki_match.service import open_matcher
    from hytki_match.upkeep.advice import not_found

    return not_found(open_matcher(settings), questions)


def _months(_: click.Context, __: click.Parameter, value: str) -> int:
    """Return an age in months: ``24m``, ``2y``."""
    found = re.fullmatch(r"(\d{1,4})([my])", value)
    if not found:
        raise click.BadParameter(f"{value!r} is no age; write 24m or 2y.")
    return int(found[1]) * MONTHS_IN[found[2]]


@click.command()
@click.option(
    "--older-than",
    "months",
    callback=_months,
    default="24m",
    show_default=True,
    help="Age in months or years: 18m, 2y.",
)
@_today
@_json
@click.pass_obj
def stale(settings: Settings, months: int, today: datetime | None, as_json: bool) -> None:
    r"""List rows whose source is old, oldest first, and those without a date.

    \b
    Example:
      hytki-match stale --older-than 24m
    """
    from hytki_match.corpus.writing import read_rows
    from hytki_match.upkeep.ageing import stale_rows

    day = today.date() if today else date.today()
    found = stale_rows(read_rows(settings.corpus_dir), months, day)
    if as_json:
        print_json([asdict(row) for row in found])
        return
    for row in found:
        click.echo(f"{row.as_of or 'no date':10}  {row.row_id}  {row.source}")
    undated = sum(not row.as_of for row in found)
    click.echo(f"{len(found) - undated} rows are older than {months} months, {undated} undated.")


@click.command()
@click.option("--online", is_flag=True, help="Ask each address; without it, only count them.")
@click.option("--limit", type=click.IntRange(1), help="Ask at most this many.")
@_json
@click.pass_obj
def links(settings: Settings, online: bool, limit: int | None, as_json: bool) -> None:
    r"""Ask the web addresses of the tables whether they answer; needs --online.

    One request a second to each host, HEAD only, 10 seconds each. Exit code 1 when one is dead.

    \b
    Example:
      hytki-match links --online --limit 100
    """
    from hytki_match.corpus.writing import read_rows
    from hytki_match.upkeep.links import all_links, dead_links

    known = all_links(read_rows(settings.corpus_dir))
    if not online:
        if as_json:
            print_json([asdict(link) for link in known])
        else:
            click.echo(f"The tables have {len(known)} addresses. To ask them: --online")
        return
    with Progress("Asking addresses") as progress:
        dead = dead_links(known[:limit], progress.update)
    if as_json:
        print_json([asdict(link) for link in dead])
    else:
        for link in dead:
            click.echo(f"{link.address} {link.problem}: {', '.join(link.rows)}")
        click.echo(f"{len(known[:limit])} addresses asked, {len(dead)} do not answer.")
    if dead:
        raise click.exceptions.Exit(1)


@click.group()
def topics() -> None:
    r"""Work with the controlled vocabulary.

    \b
    Example:
      hytki-match topics suggest companies/bittium
    """


@topics.command()
@click.argument("record", required=False)
@click.option(
    "--least",
    type=click.FloatRange(0, 1),
    default=0.45,
    show_default=True,
    help="Score from which a topic is shown, when all records are looked at.",
)
@_json
@click.pass_obj
def suggest(settings: Settings, record: str | None, least: float, as_json: bool) -> None:
    r"""Suggest topics that RECORD (default: any record) seems to lack, by meaning.

    \b
    Examples:
      hytki-match topics suggest companies/bittium
      hytki-match topics suggest --least 0.5
    """
    from hytki_match.corpus import load_corpus
    from hytki_match.encoder import load_encoder
    from hytki_match.index.vectors import VectorCache
    from hytki_match.upkeep.topics import TopicSuggester

    corpus = load_corpus(settings.corpus_dir)
    if record and record not in corpus.records:
        raise click.BadParameter(f"{record!r} is no record, such as tools/x.", param_hint="RECORD")
    chosen = [corpus.records[record]] if record else list(corpus.records.values())
    with Progress("Encoding records") as progress:
        encoder = load_encoder(settings.model)
        cache = VectorCache(encoder, settings.index_dir)
        suggester = TopicSuggester(corpus, encoder, progress.update, cache.look_up)
    found = [
        suggestion
        for one in chosen
        if record or one.topics
        for suggestion in suggester.suggest(one)
        if record or suggestion.score >= least
    ]
    if as_json:
        print_json([asdict(suggestion) for suggestion in found])
        return
    for suggestion in sorted(found, key=lambda s: -s.score):
        click.echo(f"{suggestion.score:.2f}  {suggestion.doc_id}  {suggestion.topic}")
