"""The evaluation commands: ``evaluate`` and ``evaluate-encoder``."""

from __future__ import annotations

import contextlib
import json
import shlex
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hytki_match.cli_files import OutFile
from hytki_match.errors import HytkiMatchError
from hytki_match.settings import BUNDLED_MODEL, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hytki_match.evaluation.evaluate import Evaluation, Scored
    from hytki_match.evaluation.questions import JudgedSet
    from hytki_match.matching import Matcher

QUESTIONS = Path("tests") / "judged"

_in_folder = click.Path(exists=True, file_okay=False, path_type=Path)
_in_file = click.Path(exists=True, dir_okay=False, path_type=Path)
_out_file = OutFile()


@click.command()
@click.option(
    "--questions",
    type=_in_folder,
    default=QUESTIONS,
    show_default=True,
    help="Folder of judged questions; its README tells the format.",
)
@click.option(
    "--model",
    "models",
    multiple=True,
    metavar="NAME_OR_PATH",
    help="Encoder to measure on this corpus, in place of the index that serves; may be repeated.",
)
@click.option("--baselines", is_flag=True, help="Rank with what a user would pick instead, too.")
@click.option("--run", "runs", multiple=True, type=_in_file, help="Score this TREC run, too.")
@click.option("--run-out", type=_out_file, help="Write our run as a TREC file.")
@click.option("--qrels-out", type=_out_file, help="Write the judgements as a TREC file.")
@click.option("--json", "as_json", is_flag=True, help="Print every figure as JSON.")
@click.option("--html", "html_out", type=_out_file, help="Write tables and plots as HTML.")
@click.option("--page", "page_out", type=_out_file, help="Write them as Markdown and SVG.")
@click.option("--record", "record_out", type=_out_file, help="Write the record that tests hold.")
@click.pass_obj
def evaluate(
    settings: Settings,
    questions: Path,
    models: tuple[str, ...],
    baselines: bool,
    runs: tuple[Path, ...],
    run_out: Path | None,
    qrels_out: Path | None,
    as_json: bool,
    html_out: Path | None,
    page_out: Path | None,
    record_out: Path | None,
) -> None:
    r"""Measure the matching on judged questions.

    \b
    Examples:
      hytki-match evaluate
      hytki-match evaluate --baselines --page docs/evaluation.md
      hytki-match evaluate --model bundled --model intfloat/multilingual-e5-small
    """
    need_evaluation_group()
    from hytki_match.evaluation import record, report

    evaluations = [
        _evaluate(matcher, name, questions, runs, baselines=baselines)
        for matcher, name in _matchers(settings, models)
    ]
    first = evaluations[0]
    _write_trec(first, run_out, qrels_out)
    command = shlex.join(["hytki-match", *sys.argv[1:]])
    if html_out:
        report.write_html(evaluations, html_out, command)
    if page_out:
        report.write_page(first, page_out, command)
    if record_out:
        record.write_record(first, record_out)
    if as_json:
        click.echo(report.as_json(evaluations), nl=False)
    else:
        click.echo("\n".join(map(report.as_text, evaluations)), nl=False)


def _write_trec(evaluation: Evaluation, run_out: Path | None, qrels_out: Path | None) -> None:
    from hytki_match.evaluation.runs import write_qrels, write_run

    if run_out:
        write_run(evaluation.ours.run, evaluation.ours.name, run_out)
    if qrels_out:
        write_qrels(evaluation.judged.qrels, qrels_out)


def _evaluate(
    matcher: Matcher, name: str, questions: Path, runs: Sequence[Path], *, baselines: bool
) -> Evaluation:
    from dataclasses import replace

    from hytki_match.evaluation import evaluate as evaluation
    from hytki_match.evaluation import systems
    from hytki_match.evaluation.questions import load_judged

    judged = load_judged(questions, matcher.index.corpus)
    others = systems.baselines(matcher) if baselines else []
    found = evaluation.evaluate(matcher, judged, name, others)
    return replace(found, others=(*found.others, *_scored_runs(runs, judged)))


def _scored_runs(runs: Sequence[Path], judged: JudgedSet) -> Iterator[Scored]:
    from hytki_match.evaluation.evaluate import score
    from hytki_match.evaluation.runs import read_run

    for file in runs:
        tag, run = read_run(file)
        yield score(tag, run, judged)


def _matchers(settings: Settings, models: Sequence[str]) -> Iterator[tuple[Matcher, str]]:
    """Yield the matcher that serves, or one built aside for each model."""
    from hytki_match.service import build_if_needed, open_matcher

    if not models:
        matcher = open_matcher(settings)
        yield matcher, f"HYTKI Match ({matcher.encoder.name})"
        return
    for model in models:
        with tempfile.TemporaryDirectory() as folder:
            aside = Settings(settings.corpus_dir, Path(folder), model)
            matcher, _ = build_if_needed(aside)
            yield matcher, f"HYTKI Match ({model})"


@click.command()
@click.argument("folder", type=_in_folder)
@click.option(
    "--model",
    "models",
    multiple=True,
    metavar="NAME_OR_PATH",
    default=(BUNDLED_MODEL,),
    show_default=True,
    help="Encoder to measure; may be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the shares as JSON.")
def evaluate_encoder(folder: Path, models: tuple[str, ...], as_json: bool) -> None:
    r"""Measure translation retrieval on the .tsv files of FOLDER.

    Each line of a file is a Finnish text, a tab, and its English translation.

    \b
    Example:
      hytki-match evaluate-encoder ../pairs/eval
    """
    need_evaluation_group()
    from hytki_match.encoder import load_encoder
    from hytki_match.evaluation.encoder_checks import check_encoder, encoder_tables

    found = {model: check_encoder(load_encoder(model), folder) for model in models}
    if as_json:
        measured = {model: [asdict(one) for one in of_model] for model, of_model in found.items()}
        click.echo(json.dumps(measured, ensure_ascii=False, indent=2))
        return
    blocks = []
    for model, of_model in found.items():
        ours, published = encoder_tables(model, of_model)
        blocks.append(ours)
    for table in (*blocks, published):
        click.echo(f"{table.title}\n{table.note}\n\n{table.drawn('simple')}\n")


def need_evaluation_group() -> None:
    """Tell how to install what answering does not need.

    Raises
    ------
    HytkiMatchError
    """
    with contextlib.suppress(ImportError):
        import ir_measures  # noqa: F401
        import matplotlib as mpl  # noqa: F401
        import tabulate  # noqa: F401

        return
    raise HytkiMatchError(
        "The packages for evaluation are not installed.",
        cure="Run: python -m pip install --group evaluation",
    )
