"""The measurements as tables and a log-log plot."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

START = "<!-- measured -->"
END = "<!-- /measured -->"


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
    whole = [
        "| records | passages | build | one cell changed | index | open | memory, serving "
        "| answer p50 / p95 / p99, 1 thread | 8 threads |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        rebuild = (
            f"{row.get('rebuild_seconds', '–')} s ({row.get('rebuild_cpu_seconds', '–')} s CPU)"
        )
        whole.append(
            f"| {row['records']:,} | {row['passages']:,} | {row['build_seconds']} s | {rebuild} "
            f"| {row['index_megabytes']} MB | {row['open_seconds']} s "
            f"| {row['serve_megabytes']} MB "
            f"| {_spread(row['answer_1'])} | {_spread(row['answer_8'])} |"
        )
    vectors = [
        "",
        "| passages | search of vectors | recall@10 | p50 / p95 / p99 | filling it |",
        "|---|---|---|---|---|",
    ]
    for row in rows:
        for name, found in row.items():
            if name.startswith(("vectors_", "peer_")):
                vectors.append(
                    f"| {row['passages']:,} | {name.split('_', 1)[1]} | {found['recall']} "
                    f"| {_spread(found)} | {found['add_seconds']} s |"
                )
    return "\n".join(whole + vectors)


def _spread(found: Mapping[str, float]) -> str:
    return " / ".join(f"{found[name]:g}" for name in ("p50", "p95", "p99")) + " ms"


def _plot(rows: list[Mapping[str, Any]], file: Path) -> None:
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "hytki-match"
    import matplotlib.pyplot as plt

    sizes = [row["records"] for row in rows]
    lines = {
        "build (s)": [row["build_seconds"] for row in rows],
        "index (MB)": [row["index_megabytes"] for row in rows],
        "memory, serving (MB)": [row["serve_megabytes"] for row in rows],
        "answer p95, 1 thread (ms)": [row["answer_1"]["p95"] for row in rows],
        "exact vectors p95 (ms)": [
            row.get("vectors_exact", {}).get("p95", math.nan) for row in rows
        ],
    }
    figure, axes = plt.subplots(figsize=(7, 4.2))
    for (label, values), style in zip(lines.items(), ("o-", "s--", "^-.", "D:", "v-"), strict=True):
        axes.loglog(sizes, values, style, label=label)
    axes.set_xlabel("records")
    axes.grid(visible=True, which="both", alpha=0.3)
    axes.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})
