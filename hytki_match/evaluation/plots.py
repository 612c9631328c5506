"""Plots of an evaluation as SVG, drawn with matplotlib; equal figures give equal files."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib.figure import Figure

from hytki_match.records import LANGUAGES

if TYPE_CHECKING:
    from hytki_match.evaluation.calibration import Calibration
    from hytki_match.evaluation.evaluate import Evaluation

COLOURS = {"fi": "#1f6f68", "en": "#c2791d"}
LANGUAGE_NAMES = {"fi": "Finnish", "en": "English"}

SLICES = "evaluation-slices.svg"
HONESTY = "evaluation-honesty.svg"
CALIBRATION = "evaluation-calibration.svg"
CAPTIONS = {
    SLICES: "nDCG@10 of each slice, in Finnish and in English",
    HONESTY: "Off-topic questions answered and judged questions refused, over the threshold",
    CALIBRATION: "Reliability diagram: share of hits judged relevant over their probability",
}


def all_plots(evaluation: Evaluation) -> dict[str, str]:
    """Return SVG texts by file name."""
    # A fixed salt, because matplotlib otherwise names parts of the drawing at random.
    with mpl.rc_context({"svg.hashsalt": "hytki-match", "svg.fonttype": "none", "font.size": 9}):
        plots = {SLICES: _slices(evaluation)}
        if evaluation.honesty:
            plots[HONESTY] = _honesty(evaluation)
        if evaluation.calibration:
            plots[CALIBRATION] = _calibration(evaluation.calibration)
    return plots


def _slices(evaluation: Evaluation) -> str:
    """Draw nDCG@10 per slice and language, with the interval over both."""
    groups = evaluation.ours.groups
    names = evaluation.judged.slices
    means = _means_by_slice(evaluation)
    figure = Figure(figsize=(7, 0.45 * len(names) + 1.2), layout="constrained")
    axes = figure.subplots()
    labels = dict(LANGUAGE_NAMES)
    for row, name in enumerate(names):
        both = groups[name]["nDCG@10"]
        axes.plot([both.low, both.high], [row, row], color="#999999", linewidth=6, alpha=0.5)
        for language in LANGUAGES:
            value = means.get((name, language))
            if value is not None:
                label = labels.pop(language, None)  # once in the legend is enough
                axes.plot(value, row, "o", color=COLOURS[language], label=label)
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    axes.set_xlabel("nDCG@10 (bar: 95 % interval of both languages over needs)")
    axes.grid(axis="x", alpha=0.3)
    axes.legend(loc="lower left", frameon=False)
    return _svg(figure)


def _means_by_slice(evaluation: Evaluation) -> dict[tuple[str, str], float]:
    values = evaluation.ours.values["nDCG@10"]
    sums: dict[tuple[str, str], list[float]] = {}
    for q in evaluation.judged.questions:
        sums.setdefault((q.slice, q.language), []).append(values[q.query_id])
    return {key: sum(found) / len(found) for key, found in sums.items()}


def _honesty(evaluation: Evaluation) -> str:
    """Draw false answers and wrong refusals over the threshold."""
    figure = Figure(figsize=(7, 3), layout="constrained")
    axes = figure.subplots()
    curve = evaluation.honesty.curve if evaluation.honesty else ()
    thresholds = [point[0] for point in curve]
    axes.plot(thresholds, [p[1] for p in curve], color="#b03a2e", label="off-topic, answered")
    axes.plot(thresholds, [p[2] for p in curve], color="#1f6f68", label="judged, refused")
    axes.set_xlabel("least probability of the best hit")
    axes.set_ylabel("share of questions")
    axes.set_ylim(0, 1)
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    return _svg(figure)


def _calibration(found: Calibration) -> str:
    """Draw the reliability diagram, with the number of hits in each bin below it."""
    figure = Figure(figsize=(4.5, 5), layout="constrained")
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(4, 1))
    upper.plot([0, 1], [0, 1], color="#999999", linestyle="--", label="true probabilities")
    predicted = [one.predicted for one in found.bins]
    observed = [one.observed for one in found.bins]
    upper.plot(predicted, observed, "o-", color="#1f6f68", label="ours")
    upper.set_xlim(0, 1)
    upper.set_ylim(0, 1)
    upper.set_ylabel("judged relevant (share)")
    upper.set_title(f"expected calibration error {found.error:.3f}", fontsize="medium")
    upper.grid(alpha=0.3)
    upper.legend(loc="upper left", frameon=False)
    for one in found.bins:
        lower.bar(one.low, one.count, one.high - one.low, align="edge", color="#1f6f68", alpha=0.5)
    lower.set_ylabel("hits")
    lower.set_xlabel("probability of a hit (mean of a bin)")
    return _svg(figure)


def _svg(figure: Figure) -> str:
    text = io.StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None})
    # matplotlib ends some lines with spaces, which editors and diffs trip over.
    return re.sub(r"[ \t]+$", "", text.getvalue(), flags=re.MULTILINE)
