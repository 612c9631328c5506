"""The measurements as tables and a log-log plot."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

START = "<!-- measured -->"
END = "<!-- /measured -->"

SEARCHES = {
    "vectors_ours": "vectors, ours",
    "vectors_exact": "vectors, exact",
    "peer_chroma": "vectors, Chroma",
    "peer_txtai": "vectors, txtai",
}


def write_page(results: Mapping[str, Mapping[str, Any]], page: Path) -> None:
    """Put the tables between the page's marks and the plot beside it."""
    sizes = sorted(map(int, results))
    rows = [results[str(size)] for size in sizes]
    text = page.read_text(encoding="utf-8")
    head, rest = text.split(START)
    tail = rest.split(END)[1]
    page.write_text(f"{head}{START}\n{_tables(rows)}\n{END}{tail}", encoding="utf-8")
    _plot(rows, page.with_suffix(".svg"))


def _tables(rows: list[Mapping[str, Any]]) -> str:
    return "\n\n".join((_builds(rows), _answers(rows), _vectors(rows)))


def _builds(rows: list[Mapping[str, Any]]) -> str:
    lines = [
        "| records | passages | build but for encoding | processor, all | read | vectors | terms "
        "| write | encoding a passage | one cell changed | memory | index |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        stages = row["stages"]
        seconds = row["build_seconds"] - stages["encode"]
        lines.append(
            f"| {row['records']:,} | {row['passages']:,} | {seconds:,.1f} s "
            f"| {row['build_cpu_seconds']:.1f} s "
            f"| {stages['read']:.1f} s | {stages['vectors']:.1f} s | {stages['terms']:.1f} s "
            f"| {stages['write'] + stages['checksums']:.1f} s "
            f"| {_pair(row, 'encode_milliseconds', 'encode_cpu_milliseconds', 'ms')} "
            f"| {_pair(row, 'rebuild_seconds', 'rebuild_cpu_seconds', 's')} "
            f"| {row['build_megabytes']:,} MB | {row['index_megabytes']:,} MB |"
        )
    return "\n".join(lines)


def _answers(rows: list[Mapping[str, Any]]) -> str:
    lines = [
        "| records | open | memory, serving | of it files | answer p50 / p95 / p99, 1 thread "
        "| processor | 8 threads |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row['records']:,} | {row['open_seconds']} s | {row['serve_megabytes']:,} MB "
        f"| {row['serve_file_megabytes']:,} MB | {_spread(row['answer_1'])} "
        f"| {_spread(row['answer_1'], 'cpu_')} | {_spread(row['answer_8'])} |"
        for row in rows
    ]
    return "\n".join(lines)


def _vectors(rows: list[Mapping[str, Any]]) -> str:
    lines = [
        "| passages | search of vectors | recall@10 | p50 / p95 / p99 | processor | filling it |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        for name, found in row.items():
            if name.startswith(("vectors_", "peer_")):
                lines.append(
                    f"| {row['passages']:,} | {name.split('_', 1)[1]} | {found['recall']} "
                    f"| {_spread(found)} | {_spread(found, 'cpu_')} | {found['add_seconds']} s |"
                )
    return "\n".join(lines)


def _pair(row: Mapping[str, Any], wall: str, processor: str, unit: str) -> str:
    return f"{row[wall]} {unit} ({row[processor]} CPU)" if wall in row else "–"


def _spread(found: Mapping[str, float], kind: str = "") -> str:
    # Three digits, and never as a power of ten.
    parts = (float(f"{found[kind + name]:.3g}") for name in ("p50", "p95", "p99"))
    return " / ".join(f"{part:,g}" for part in parts) + " ms"


def _plot(rows: list[Mapping[str, Any]], file: Path) -> None:
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "hytki-match"
    import matplotlib.pyplot as plt

    sizes = [row["records"] for row in rows]
    lines = {
        "build but for encoding (s)": [
            row["build_seconds"] - row["stages"]["encode"] for row in rows
        ],
        "index (MB)": [row["index_megabytes"] for row in rows],
        "memory, serving (MB)": [row["serve_megabytes"] for row in rows],
        "answer p95, 1 thread (ms of processor)": [row["answer_1"]["cpu_p95"] for row in rows],
    }
    for name, label in SEARCHES.items():
        lines[f"{label} p50 (ms)"] = [row.get(name, {}).get("p50", math.nan) for row in rows]
    figure, axes = plt.subplots(figsize=(9, 4.6))
    styles = ("o-", "s--", "^-.", "D:", "v-", "P--", "X-.", "*:")
    for (label, values), style in zip(lines.items(), styles, strict=True):
        axes.loglog(sizes, values, style, label=label)
    axes.set_xlabel("records")
    axes.grid(visible=True, which="both", alpha=0.3)
    axes.legend(fontsize=7, loc="center left", bbox_to_anchor=(1, 0.5))
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})
