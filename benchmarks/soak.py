"""Builds again and again while many ask: no answer may fail or mix two versions.

    python -m benchmarks.soak --minutes 30 --every 10 --askers 8 --think 1

Askers think between two questions, as people do: else they leave a small machine no time to build.
Each build writes its number into every company, so an answer with two numbers would be a mixture.
"""

from __future__ import annotations

import random
import shutil
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import click

from benchmarks.scale import ROOT, SHIPPED, current_megabytes, percentiles, questions
from hytki_match.corpus.writing import read_rows, write_table
from hytki_match.encoder import load_encoder
from hytki_match.errors import HytkiMatchError
from hytki_match.index import build_index, layout, open_index
from hytki_match.index.store import current_version
from hytki_match.matching import Matcher

VECTORS = ROOT / "index" / layout.VECTORS


@dataclass
class Soak:
    """What runs, and what it has seen."""

    corpus: Path
    index: Path
    think: float
    stop: threading.Event = field(default_factory=threading.Event)
    milliseconds: list[float] = field(default_factory=list)
    switches: int = 0
    failed: list[str] = field(default_factory=list)
    mixed: list[str] = field(default_factory=list)

    def build(self, number: int) -> None:
        """Build a version whose companies all carry a number."""
        rows = [row | {"municipality": f"Build {number}"} for row in self.rows]
        write_table(self.corpus, "companies", rows)
        build_index(self.corpus, self.index, self.encoder)

    def start(self) -> None:
        """Build the first version."""
        self.encoder = load_encoder("bundled")
        self.rows = read_rows(self.corpus)["companies"]
        self.build(0)

    def ask(self, number: int) -> None:
        """Ask until told to stop; take a new version between two questions, as the chat does.

        Thinking takes times drawn from an exponential distribution, the same for each number.
        """
        chance = random.Random(number)  # noqa: S311 - pauses, not secrets
        matcher, serving = None, ""
        while not self.stop.is_set():
            for text in questions():
                if self.stop.wait(chance.expovariate(1 / self.think) if self.think else 0):
                    break
                try:
                    version = current_version(self.index)[0]
                    if matcher is None or version != serving:
                        matcher = Matcher(open_index(self.index), self.encoder)
                        serving = matcher.index.manifest.version
                        self.switches += 1
                    start = time.perf_counter()
                    answer = matcher.match(text, kinds=("companies",))
                    self.milliseconds.append((time.perf_counter() - start) * 1000)
                except HytkiMatchError as error:
                    self.failed.append(str(error))
                    continue
                builds = {match.record.place for match in answer.resources}
                if len(builds) > 1 or answer.index_version != serving:
                    self.mixed.append(f"{text}: {sorted(builds)}")


@click.command()
@click.option("--minutes", type=float, default=1.0, show_default=True)
@click.option("--every", type=float, default=10.0, show_default=True, help="Seconds.")
@click.option("--askers", type=click.IntRange(1), default=8, show_default=True)
@click.option("--think", type=float, default=1.0, show_default=True, help="Mean seconds.")
def main(minutes: float, every: float, askers: int, think: float) -> None:
    """Run, and leave with 1 when an answer failed or was a mixture.

    A build starts every so many seconds, or as soon as the one before has ended.
    """
    with tempfile.TemporaryDirectory() as folder:
        soak = Soak(Path(folder) / "corpus", Path(folder) / "index", think)
        shutil.copytree(SHIPPED, soak.corpus)
        if VECTORS.is_dir():  # what a build has encoded before is not encoded again
            shutil.copytree(VECTORS, soak.index / VECTORS.name)
        soak.start()
        pool = ThreadPoolExecutor(askers)
        asking = [pool.submit(soak.ask, number) for number in range(askers)]
        end, builds = time.monotonic() + minutes * 60, 0
        while (start := time.monotonic()) < end:
            builds += 1
            soak.build(builds)
            soak.stop.wait(max(min(start + every, end) - time.monotonic(), 0))
        soak.stop.set()
        # An asker that died of something else than an error of ours has failed, too.
        died = [one.exception() for one in asking]
        soak.failed += [repr(error) for error in died if error]
        spent = percentiles(soak.milliseconds)
        click.echo(
            f"{minutes:g} minutes, {builds} builds, {askers} askers: "
            f"{len(soak.milliseconds)} answers, {len(soak.failed)} failed, "
            f"{len(soak.mixed)} mixed, {soak.switches} switches, "
            f"p50 {spent['p50']} ms, p95 {spent['p95']} ms, "
            f"{current_megabytes():.0f} MB at the end."
        )
        for sentence in (soak.failed + soak.mixed)[:10]:
            click.echo(sentence)
    raise SystemExit(bool(soak.failed or soak.mixed))


if __name__ == "__main__":
    main()
