"""The adviser's commands: a shortlist from the text of a need, and the stored cases."""

from __future__ import annotations

import difflib
import json
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hytki_match.cli_asking import agreed
from hytki_match.cli_files import OutFile, writing
from hytki_match.errors import UnconfirmedError
from hytki_match.records import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from hytki_match.adviser.case import Case, Limits
    from hytki_match.adviser.storage import CaseStore
    from hytki_match.adviser.work import Work
    from hytki_match.corpus.stages import Stage
    from hytki_match.matching import Matcher
    from hytki_match.records import Corpus, Language
    from hytki_match.settings import Settings

MAX_PARTNERS = 12

_file = click.Path(exists=True, dir_okay=False, path_type=Path)
_out = OutFile()


@click.command()
@click.argument("need", type=_file)
@click.option("--parts", "parts_only", is_flag=True, help="Print only the parts of the need.")
@click.option(
    "--max-partners",
    type=click.IntRange(1, MAX_PARTNERS),
    default=6,
    show_default=True,
    help="How many partners at most.",
)
@click.option("--regions", help="Only partners of these regions and national ones: oulu,turku.")
@click.option("--prefer", help="Partners of these regions first, in place of those in the text.")
@click.option("--not-in", help="No partners of these regions, in place of those in the text.")
@click.option("--anywhere", is_flag=True, help="Take no wish about regions from the text.")
@click.option("--only-in", multiple=True, help="Also an alternative only from oulu,turku.")
@click.option("--must", multiple=True, help="A partner that has to be in; may be repeated.")
@click.option("--must-not", multiple=True, help="A partner that cannot be in; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Print the proposal as JSON.")
@click.option("--docx", type=_out, help="Write the hand-over as a Word document.")
@click.option("--pdf", type=_out, help="Write the hand-over as PDF.")
@click.option("--title", default="", help="Title of the case (default: name of the file).")
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default="fi",
    show_default=True,
    help="Language where the text is too short to tell.",
)
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="The day of the hand-over.")
@click.pass_obj
def shortlist(
    settings: Settings,
    need: Path,
    parts_only: bool,
    max_partners: int,
    regions: str | None,
    prefer: str | None,
    not_in: str | None,
    anywhere: bool,
    only_in: tuple[str, ...],
    must: tuple[str, ...],
    must_not: tuple[str, ...],
    as_json: bool,
    docx: Path | None,
    pdf: Path | None,
    title: str,
    language: Language,
    today: datetime | None,
) -> None:
    r"""Propose partners for the NEED in a .txt, .docx or .pdf file.

    The need is split into parts; each part gets partners with reasons; the smallest set that
    covers the parts is proposed, and what stays uncovered is said. Where the text says in which
    regions partners should be, these come first; --prefer, --not-in and --anywhere change that.

    \b
    Examples:
      hytki-match shortlist need.txt
      hytki-match shortlist need.txt --parts
      hytki-match shortlist need.docx --max-partners 3 --regions oulu,turku --json
      hytki-match shortlist need.txt --docx shortlist.docx --pdf shortlist.pdf
    """
    from hytki_match.corpus import load_stages
    from hytki_match.service import open_matcher

    matcher = open_matcher(settings)
    corpus = matcher.index.corpus
    limits = _limits(corpus, max_partners, regions, must, must_not)
    limits = _wishes(limits, corpus, prefer, not_in, anywhere=anywhere)
    case = _case(need, title, language, limits)
    stages = load_stages(settings.corpus_dir, corpus)
    groups = [_regions(group, corpus, "--only-in") for group in only_in]
    work = _work(case, matcher, stages, groups, today)
    click.echo(_render(work, as_json=as_json, parts_only=parts_only), nl=False)
    if docx or pdf:
        _write(work, docx=docx, pdf=pdf)


def _limits(
    corpus: Corpus,
    most: int,
    regions: str | None,
    must: tuple[str, ...],
    must_not: tuple[str, ...],
) -> Limits:
    from hytki_match.adviser.case import Limits

    pinned = _partners(must, corpus, "--must")
    barred = _partners(must_not, corpus, "--must-not")
    if both := [partner for partner in pinned if partner in barred]:
        names = ", ".join(both)
        raise click.UsageError(f"--must and --must-not both name {names}: leave one of them out.")
    return Limits(
        regions=_regions(regions, corpus, "--regions"),
        must=pinned,
        must_not=barred,
        most=most,
    )


def _wishes(
    limits: Limits, corpus: Corpus, prefer: str | None, not_in: str | None, *, anywhere: bool
) -> Limits:
    """Return the limits with what the adviser says of regions in place of the text."""
    preferred = _regions(prefer, corpus, "--prefer") if prefer or anywhere else None
    unwanted = _regions(not_in, corpus, "--not-in") if not_in or anywhere else None
    if both := [region for region in preferred or () if region in (unwanted or ())]:
        raise click.UsageError(f"--prefer and --not-in both name {', '.join(both)}.")
    return replace(limits, preferred=preferred, unwanted=unwanted)


def _case(need: Path, title: str, language: Language, limits: Limits) -> Case:
    from hytki_match.adviser.case import Case
    from hytki_match.adviser.reading import read_need

    text = read_need(need.name, need.read_bytes())
    return Case("", title or need.stem, text, language=language, limits=limits)


def _work(
    case: Case,
    matcher: Matcher,
    stages: tuple[Stage, ...],
    groups: Sequence[Sequence[str]],
    today: datetime | None,
) -> Work:
    from hytki_match.adviser.work import work_on

    day = today.date() if today else None
    return work_on(case, matcher, stages, today=day, regions_only=groups)


def _render(work: Work, *, as_json: bool, parts_only: bool) -> str:
    from hytki_match.adviser.as_json import proposal_to_json
    from hytki_match.adviser.as_text import parts_to_text, proposal_to_text

    if as_json:
        return proposal_to_json(work.proposal, work.steps, work.corpus)
    if parts_only:
        return parts_to_text(work.proposal)
    day = work.today.isoformat()
    return proposal_to_text(
        work.proposal, work.corpus, lambda text: click.style(text, bold=True), today=day
    )


def _write(work: Work, *, docx: Path | None, pdf: Path | None) -> None:
    """Write the hand-over beside what is printed, in the language of the case."""
    from hytki_match.adviser.handover import make_docx, make_pdf

    languages = (work.case.language,)
    for out, make in ((docx, make_docx), (pdf, make_pdf)):
        if out:
            with writing(out):
                out.write_bytes(make(work, languages))


def _regions(listed: str | None, corpus: Corpus, option: str) -> tuple[str, ...]:
    """Return region ids from a list with commas; refuse one that the corpus does not have."""
    regions = [part.strip() for part in (listed or "").split(",") if part.strip()]
    for region in regions:
        if region not in corpus.regions:
            known = ", ".join(corpus.regions)
            raise click.BadParameter(
                f"{region!r} is not a region of the corpus.{_near(region, corpus.regions)} "
                f"Regions: {known}.",
                param_hint=option,
            )
    return tuple(regions)


def _partners(given: tuple[str, ...], corpus: Corpus, option: str) -> tuple[str, ...]:
    """Return the doc_ids of partners; refuse what is no organisation or company."""
    from hytki_match.adviser.candidates import known_partner

    found = []
    for text in given:
        partner = known_partner(text, corpus)
        if partner is None:
            slugs = [i.partition("/")[2] for i in corpus.records]
            raise click.BadParameter(
                f"{text!r} is no organisation or company of the corpus.{_near(text, slugs)}",
                param_hint=option,
            )
        found.append(partner)
    return tuple(found)


def _near(text: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(text.lower(), list(known), n=1)
    return f" Did you mean {near[0]}?" if near else ""


@click.group()
def cases() -> None:
    r"""Look after the stored cases of the adviser's desk.

    \b
    Examples:
      hytki-match cases list
      hytki-match cases export cases.json
      hytki-match cases erase 0123456789abcdef
    """


@contextmanager
def _store(settings: Settings) -> Iterator[CaseStore]:
    from hytki_match.adviser.storage import CaseStore

    store = CaseStore(settings.cases_url)
    try:
        yield store
    finally:
        store.close()


_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def _tell(text: str, *, as_json: bool, **facts: object) -> None:
    """Print what was done, in words or as an object."""
    click.echo(json.dumps(facts, ensure_ascii=False) if as_json else text)


@cases.command("list")
@click.option("--deleted", is_flag=True, help="Those that can still be brought back.")
@_json
@click.pass_obj
def list_cases(settings: Settings, deleted: bool, as_json: bool) -> None:
    """List the cases, the last changed first."""
    with _store(settings) as store:
        lines = store.list_cases(deleted=deleted)
    if as_json:
        click.echo(json.dumps([asdict(line) for line in lines], ensure_ascii=False, indent=2))
        return
    for line in lines:
        click.echo(f"{line.case_id}  {line.changed_at}  {line.changed_by}  {line.title}")


@cases.command("export")
@click.argument("file", type=_out)
@_json
@click.pass_obj
def export_cases(settings: Settings, file: Path, as_json: bool) -> None:
    """Write all cases, with their histories, into FILE."""
    with _store(settings) as store, writing(file):
        file.write_text(store.export_cases(), encoding="utf-8")
    _tell(f"Wrote {file}.", as_json=as_json, file=str(file))


@cases.command("import")
@click.argument("file", type=_file)
@_json
@click.pass_obj
def import_cases(settings: Settings, file: Path, as_json: bool) -> None:
    """Take in the cases of FILE, all or none."""
    from hytki_match.errors import StorageError
    from hytki_match.utf8 import NotUtf8Error, utf8_text

    try:
        text = utf8_text(file.read_bytes())
    except NotUtf8Error as error:
        cure = "Give the file that `cases export` wrote, as it was."
        raise StorageError(f"{file}, line {error.line}: {error}.", cure=cure) from error
    with _store(settings) as store:
        count = store.import_cases(text)
    _tell(f"Took in {count} cases.", as_json=as_json, cases=count)


@cases.command("restore")
@click.argument("case_id")
@_json
@click.pass_obj
def restore_case(settings: Settings, case_id: str, as_json: bool) -> None:
    """Bring a deleted case back."""
    with _store(settings) as store:
        store.restore(case_id, "operator")
    _tell(f"The case {case_id} is back.", as_json=as_json, restored=case_id)


@cases.command("erase")
@click.argument("case_id")
@click.option("--yes", is_flag=True, help="Do not ask; needed where there is no terminal.")
@_json
@click.pass_obj
def erase_case(settings: Settings, case_id: str, yes: bool, as_json: bool) -> None:
    """Erase a case and its history for good."""
    if not agreed(f"Erase the case {case_id} for good?", yes=yes):
        raise UnconfirmedError
    with _store(settings) as store:
        store.erase(case_id)
    _tell(f"The case {case_id} is erased.", as_json=as_json, erased=case_id)
