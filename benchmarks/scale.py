"""How cost grows with the corpus: build time, size, memory, latency, recall, beside peers.

    python -m benchmarks.scale --records 1000 --records 10000 --page docs/performance.md

Every measurement runs in a process of its own, so that memory is its own. The corpora are made from
the shipped one (``benchmarks.made_corpus``) and are the same on every machine. Their passages get
made vectors (``benchmarks.stand_in``), and what encoding costs is measured apart, of some of them.

Beside times on the wall stand those of the processor: they grow less when others use the machine.
"""

from __future__ import annotations

import csv
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from benchmarks.page import write_page
from hytki_match.records import LANGUAGES

if TYPE_CHECKING:
    from benchmarks.stand_in import StandIn

ROOT = Path(__file__).parent.parent
SHIPPED = ROOT / "corpus"
QUESTIONS = ROOT / "tests" / "judged" / "questions.csv"
ASKED = 100
NEIGHBOURS = 10
DEPTH = 200
"""Passages that a question fetches: a hundred records in two languages."""

RUNS = 3
"""How often answering is measured, each time anew; the quickest run counts."""

ENCODED = 300
HNSW_UP_TO = 50_000
"""Vectors that a graph is tried with; it takes minutes of filling for more."""

PEERS = ("chroma", "txtai")


def peak_megabytes() -> float:
    """Return the largest resident memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def current_megabytes(kind: str = "VmRSS") -> float:
    """Return the resident memory of this process now.

    Parameters
    ----------
    kind
        ``VmRSS`` is all of it, ``RssFile`` pages of files: the system may take these back, and
        processes share them.
    """
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith(kind):
            return int(line.split()[1]) / 1024
    return peak_megabytes()


def questions() -> list[str]:
    """Return the questions that are asked, in an order that mixes the languages."""
    with QUESTIONS.open(encoding="utf-8", newline="") as stream:
        texts = [row["question"] for row in csv.DictReader(stream)]
    random.Random(1).shuffle(texts)  # noqa: S311 - an order, not a secret
    return texts[:ASKED]


def percentiles(milliseconds: list[float]) -> dict[str, float]:
    """Return the median and the slow end."""
    ordered = sorted(milliseconds)
    return {
        f"p{share}": round(ordered[min(len(ordered) * share // 100, len(ordered) - 1)], 2)
        for share in (50, 95, 99)
    }


def timed(ask, texts: list[str], threads: int) -> dict[str, float]:  # noqa: ANN001
    """Ask every question once; return percentiles in milliseconds.

    ``cpu_`` are what the whole process spent meanwhile, encoding beside the asker included: of one
    question only where one is asked at a time.
    """
    import faiss

    def one(text: str) -> tuple[float, float]:
        faiss.omp_set_num_threads(1)  # the setting is the thread's own
        start, cpu = time.perf_counter(), time.process_time()
        ask(text)
        return (time.perf_counter() - start) * 1000, (time.process_time() - cpu) * 1000

    with ThreadPoolExecutor(threads) as pool:
        spent = list(pool.map(one, texts))
    found = percentiles([wall for wall, _ in spent])
    if threads == 1:
        found |= {f"cpu_{k}": v for k, v in percentiles([cpu for _, cpu in spent]).items()}
    return found


def stand_in(folder: Path) -> StandIn:
    """Return what makes vectors for passages; beside the indexes it keeps those of sentences."""
    from benchmarks.stand_in import StandIn
    from hytki_match.encoder import load_encoder

    return StandIn(load_encoder("bundled"), SHIPPED, folder.parent / "sentences")


def step_encode(corpus: Path, _: Path) -> dict[str, object]:
    """Encode some passages as a build would."""
    from hytki_match.corpus import load_corpus
    from hytki_match.corpus.passages import make_passages
    from hytki_match.encoder import load_encoder

    made = load_corpus(corpus)
    step = max(len(made.records) * len(LANGUAGES) // ENCODED, 1)
    texts = [passage.text for passage in islice(make_passages(made), 0, None, step)][:ENCODED]
    encoder = load_encoder("bundled")
    encoder.encode_passages(texts[:5])
    start, cpu = time.perf_counter(), time.process_time()
    encoder.encode_passages(texts)
    return {
        "encode_milliseconds": round((time.perf_counter() - start) * 1000 / len(texts), 2),
        "encode_cpu_milliseconds": round((time.process_time() - cpu) * 1000 / len(texts), 2),
    }


def step_build(corpus: Path, index: Path) -> dict[str, object]:
    """Build an index."""
    from hytki_match.index.build import build_index

    encoder = stand_in(index)
    start, cpu = time.perf_counter(), time.process_time()
    manifest = build_index(corpus, index, encoder).manifest
    cpu = time.process_time() - cpu
    files = (index / "versions" / manifest.version).iterdir()
    return {
        "records": manifest.counts["records"],
        "passages": manifest.counts["passages"],
        "build_seconds": round(time.perf_counter() - start, 1),
        "build_cpu_seconds": round(cpu, 1),
        "stages": dict(manifest.seconds),
        "build_megabytes": round(peak_megabytes()),
        "index_megabytes": round(sum(file.stat().st_size for file in files) / 1e6, 1),
    }


def step_rebuild(corpus: Path, index: Path) -> dict[str, object]:
    """Change one cell and build again, as an operator does."""
    from hytki_match.corpus.writing import read_rows, write_table
    from hytki_match.index.build import build_index

    rows = read_rows(corpus)["tools"]
    rows[0]["description_en"] += " It was changed."
    write_table(corpus, "tools", rows)
    del rows
    encoder = stand_in(index)
    start, cpu = time.perf_counter(), time.process_time()
    build_index(corpus, index, encoder)
    return {
        "rebuild_seconds": round(time.perf_counter() - start, 2),
        "rebuild_cpu_seconds": round(time.process_time() - cpu, 2),
    }


def step_serve(_: Path, index: Path) -> dict[str, object]:
    """Open an index and answer whole questions."""
    from hytki_match.encoder import load_encoder
    from hytki_match.index import open_index
    from hytki_match.matching import Matcher

    start = time.perf_counter()
    matcher = Matcher(open_index(index), load_encoder("bundled"))
    opened = time.perf_counter() - start
    texts = questions()
    for text in texts[:5]:
        matcher.match(text)
    found: dict[str, object] = {"open_seconds": round(opened, 2)}
    for threads in (1, 8):
        found[f"answer_{threads}"] = timed(matcher.match, texts, threads)
    found["serve_megabytes"] = round(current_megabytes())
    found["serve_file_megabytes"] = round(current_megabytes("RssFile"))
    return found


def step_vectors(_: Path, index: Path) -> dict[str, object]:
    """Search the vectors alone: exact, HNSW, and what we serve with; recall against exact."""
    import faiss
    import numpy as np

    from hytki_match.encoder import load_encoder
    from hytki_match.index.dense import DenseIndex

    version = sorted((index / "versions").iterdir())[-1]
    ours = DenseIndex.load(version / "dense.faiss")
    asked = load_encoder("bundled").encode_queries(questions())
    faiss.omp_set_num_threads(1)
    exact = faiss.IndexFlatIP(ours.dimension)
    exact.add(ours.vectors)
    truth = exact.search(asked, NEIGHBOURS)[1]
    # What it holds, not another copy: that of two million vectors takes 5 GB.
    vectors = faiss.rev_swig_ptr(exact.get_xb(), ours.size * ours.dimension)
    vectors = vectors.reshape(ours.size, ours.dimension)
    searched = {
        "ours": lambda vector, depth: ours.search(vector, depth)[1],
        "exact": lambda vector, depth: exact.search(vector[None], depth)[1][0],
    }
    added = {"ours": 0.0, "exact": 0.0}
    if len(vectors) <= HNSW_UP_TO:
        graph = faiss.IndexHNSWFlat(ours.dimension, 32, faiss.METRIC_INNER_PRODUCT)
        graph.hnsw.efSearch = 200
        start = time.process_time()
        graph.add(vectors)
        added["hnsw"] = time.process_time() - start
        searched["hnsw"] = lambda vector, depth: graph.search(vector[None], depth)[1][0]
    start = time.process_time()
    DenseIndex.build(vectors)
    added["ours"] = time.process_time() - start
    found: dict[str, object] = {"ours_is_exact": ours.is_exact}
    for name, search in searched.items():
        spent = timed(lambda vector, s=search: s(vector, DEPTH), list(asked), 1)
        pairs = zip(truth, (search(vector, NEIGHBOURS) for vector in asked), strict=True)
        recall = np.mean([len(set(a.tolist()) & set(b.tolist())) for a, b in pairs])
        found[f"vectors_{name}"] = {
            **spent,
            "recall": round(float(recall) / NEIGHBOURS, 4),
            "add_seconds": round(added[name], 2),
        }
    return found


def step_peer(name: str, index: Path) -> dict[str, object]:
    """Give a peer the same texts and vectors, and search the vectors."""
    from benchmarks.peers import open_peer

    return open_peer(name, index, questions(), timed, current_megabytes)


def run_step(step: str, corpus: Path, index: Path) -> dict[str, object]:
    """Run one step in a process of its own; what it cannot do is said, not hidden."""
    done = subprocess.run(  # our own module
        [sys.executable, "-W", "ignore", "-m", "benchmarks.scale", "--step", step, corpus, index],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"ended with {done.returncode}"]
        return {f"{step}_failed": lines[-1][:200]}
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure(
    records: int, folder: Path, steps: tuple[str, ...], peers: tuple[str, ...]
) -> dict[str, object]:
    """Return everything measured at one size."""
    corpus, index = folder / f"corpus-{records}", folder / f"index-{records}"
    if not corpus.is_dir():
        from benchmarks.made_corpus import make_corpus

        make_corpus(SHIPPED, corpus, records)
    found: dict[str, object] = {}
    for step in (*steps, *peers):
        runs = [run_step(step, corpus, index) for _ in range(RUNS if step == "serve" else 1)]
        # Other programs only ever make it slower.
        found |= min(runs, key=lambda run: run.get("answer_1", {}).get("cpu_p50", 0))
        click.echo(f"{records} records, {step}: {json.dumps(found)[-300:]}", err=True)
    return found


STEPS = {
    "encode": step_encode,
    "build": step_build,
    "serve": step_serve,
    "vectors": step_vectors,
    "rebuild": step_rebuild,
}


@click.command()
@click.option("--records", "sizes", multiple=True, type=click.IntRange(700), default=())
@click.option("--peer", "peers", multiple=True, type=click.Choice(PEERS), help="Measure it, too.")
@click.option("--results", type=click.Path(path_type=Path), help="Keep and extend results (JSON).")
@click.option("--page", type=click.Path(path_type=Path), help="Write tables and plot from them.")
@click.option("--only", "steps", multiple=True, type=click.Choice(list(STEPS)), help="These steps.")
@click.option("--keep", type=click.Path(path_type=Path), help="Keep corpora and indexes here.")
@click.option("--step", hidden=True)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
def main(
    sizes: tuple[int, ...],
    peers: tuple[str, ...],
    results: Path | None,
    page: Path | None,
    steps: tuple[str, ...],
    keep: Path | None,
    step: str | None,
    paths: tuple[Path, ...],
) -> None:
    """Measure at each size, keep the results, and write the page."""
    if step:
        found = STEPS[step](*paths) if step in STEPS else step_peer(step, paths[1])
        click.echo(json.dumps(found))
        return
    kept = json.loads(results.read_text(encoding="utf-8")) if results and results.is_file() else {}
    with tempfile.TemporaryDirectory() as folder:
        for records in sizes:
            found = measure(records, keep or Path(folder), steps or tuple(STEPS), peers)
            kept[str(records)] = kept.get(str(records), {}) | found
            if results:
                results.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    if page:
        write_page(kept, page)


if __name__ == "__main__":
    main()
