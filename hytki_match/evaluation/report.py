"""An evaluation as text, JSON, a Markdown page with plots beside it, or one HTML file."""

from __future__ import annotations

import json
import platform
import textwrap
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from hytki_match.answers.as_markdown import escape_markdown
from hytki_match.evaluation.plots import CAPTIONS, all_plots
from hytki_match.evaluation.questions import EXACT
from hytki_match.evaluation.tables import all_tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from hytki_match.evaluation.evaluate import Evaluation

SHOWN = 5
NOTE_WIDTH = 80
SOFTWARE = ("hytki-match", "ir-measures", "bm25s", "scikit-learn", "sentence-transformers")


def as_text(evaluation: Evaluation) -> str:
    """Return the tables for a terminal."""
    blocks = []
    for table in all_tables(evaluation):
        lines = [table.title, "=" * len(table.title), *textwrap.wrap(table.note, NOTE_WIDTH)]
        blocks.append("\n".join([*lines, table.drawn("simple")]))
    return "\n\n".join(blocks) + "\n"


def as_dict(evaluation: Evaluation) -> dict[str, Any]:
    """Return every figure as plain objects, those of each query included."""
    return {
        "systems": [
            {
                "name": scored.name,
                "groups": {
                    group: {measure: asdict(value) for measure, value in values.items()}
                    for group, values in scored.groups.items()
                },
                "queries": scored.values,
            }
            for scored in (evaluation.ours, *evaluation.others)
        ],
        "regions": _estimates(evaluation.regions),
        "contacts": _estimates(evaluation.contacts),
        "parity": asdict(evaluation.parity) if evaluation.parity else None,
        "honesty": asdict(evaluation.honesty) if evaluation.honesty else None,
        "calibration": asdict(evaluation.calibration) if evaluation.calibration else None,
        "language": asdict(evaluation.language),
        "dialogues": {group: asdict(share) for group, share in evaluation.dialogues.items()},
        "cases": {group: asdict(share) for group, share in evaluation.cases.items()},
        "times": asdict(evaluation.times),
        "first_times": asdict(evaluation.first_times),
    }


def _estimates(found: Any) -> dict[str, Any]:  # noqa: ANN401 - nested mappings of estimates
    return {
        str(depth): {group: asdict(value) for group, value in groups.items()}
        for depth, groups in found.items()
    }


def as_json(evaluations: Sequence[Evaluation]) -> str:
    """Return the figures of all evaluations as JSON text."""
    found = [as_dict(evaluation) for evaluation in evaluations]
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def write_page(evaluation: Evaluation, file: Path, command: str) -> None:
    """Write a Markdown page, with its plots as SVG files beside it."""
    plots = all_plots(evaluation)
    for name, svg in plots.items():
        file.with_name(name).write_text(svg, encoding="utf-8")
    blocks = ["# Evaluation", *(escape_markdown(line) for line in _facts(evaluation))]
    blocks.append(f"```sh\n{command}\n```")
    for table in all_tables(evaluation):
        blocks.append(f"## {table.title}")
        blocks += [table.note] if table.note else []
        blocks.append(table.drawn("github"))
    blocks += [f"![{CAPTIONS[name]}]({name})" for name in plots]
    blocks.append("## The worst ten needs")
    blocks += list(_worst(evaluation))
    file.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


def write_html(evaluations: Sequence[Evaluation], file: Path, command: str) -> None:
    """Write one HTML file that holds the tables and plots of all evaluations."""
    environment = Environment(
        loader=PackageLoader("hytki_match.evaluation"), autoescape=True, undefined=StrictUndefined
    )
    sections = [
        {
            "name": evaluation.ours.name,
            "facts": list(_facts(evaluation)),
            # tabulate escapes the cells; the plots are our own drawing of figures.
            "tables": [(t.title, t.note, Markup(t.drawn("html"))) for t in all_tables(evaluation)],  # noqa: S704
            "plots": [Markup(svg[svg.index("<svg") :]) for svg in all_plots(evaluation).values()],  # noqa: S704
        }
        for evaluation in evaluations
    ]
    page = environment.get_template("evaluation.html").render(sections=sections, command=command)
    file.write_text(page, encoding="utf-8")


def _facts(evaluation: Evaluation) -> Iterator[str]:
    judged = evaluation.judged
    needs = len({question.need_id for question in judged.questions})
    any_answer = next(iter(evaluation.asked.values())).answer
    yield (
        f"Written by the command on this page on {datetime.now(UTC):%Y-%m-%d}; nothing is by hand. "
        f"{len(judged.questions)} judged questions of {needs} needs, "
        f"{len(judged.offtopic)} questions off topic."
    )
    yield (
        f"Corpus {any_answer.corpus_digest[:12]}, system “{evaluation.ours.name}”, encoder "
        f"{evaluation.encoder_digest[:12]}."
    )
    packages = ", ".join(f"{name} {version(name)}" for name in SOFTWARE)
    yield f"Python {platform.python_version()}, {packages}."


def _worst(evaluation: Evaluation) -> Iterator[str]:
    """Yield for each of the worst needs: its wordings, what was returned and what was expected."""
    values = evaluation.ours.values["nDCG@10"]
    for need in evaluation.worst_needs():
        questions = [q for q in evaluation.judged.questions if q.need_id == need]
        lines = [f"### {need} ({questions[0].slice})"]
        for question in questions:
            grades = evaluation.judged.qrels[question.query_id]
            top = evaluation.ours.run[question.query_id][:SHOWN]
            returned = ", ".join(f"{doc} ({grades.get(doc, 0)})" for doc, _ in top)
            ndcg = values[question.query_id]
            lines.append(
                f"- {question.language}, nDCG@10 {ndcg:.2f}: "
                f"{escape_markdown(question.text)}  \n  returned: {returned}"
            )
        exact = [doc for doc, grade in grades.items() if grade == EXACT]
        lines.append(
            f"- expected: {', '.join(exact[:SHOWN])}"
            + (f" and {len(exact) - SHOWN} more" if len(exact) > SHOWN else "")
        )
        yield "\n".join(lines)
