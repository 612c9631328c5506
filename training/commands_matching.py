"""Commands that learn what matching uses: lens, numbers, trees, and the desk's line.

All use the index that serves: run ``hytki-match build`` first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from training.folders import BUNDLED, JUDGED, QUESTIONS, TELLING, TREES

if TYPE_CHECKING:
    from pathlib import Path


def _aside(line: str) -> None:
    click.echo(line, err=True)


@click.command()
def lens() -> None:
    """Learn the lens for questions from judged needs, into the bundled encoder.

    Uses the index that serves: run hytki-match build first, and again afterwards.
    """
    import numpy as np

    from hytki_match.encoder.light import LENS
    from training.blind import judged_needs
    from training.lens import learn_lens

    _, _, given = judged_needs(QUESTIONS)
    click.echo(f"{len(given.needs)} judged questions among {len(given.known)} known ones")
    np.save(BUNDLED / LENS, learn_lens(given).astype(np.float16))
    click.echo(f"{BUNDLED / LENS} is written.")


@click.command()
@click.pass_obj
def ranking(work: Path) -> None:
    """Learn the numbers of matching from the tuning needs; prints the file of parameters.

    Uses the index that serves: run hytki-match build first.
    """
    from hytki_match.evaluation.questions import load_judged
    from training.blind import blind, judged_needs
    from training.ranking import learn

    matcher, sets, given = judged_needs(QUESTIONS)
    parts = blind(matcher, given, sets["tuning"], work / "lenses", _aside)
    click.echo(learn(matcher, parts, load_judged(JUDGED, matcher.index.corpus), _aside))


@click.command()
@click.pass_obj
def trees(work: Path) -> None:
    """Learn the trees of the ranker; prints the lines of parameters that change with them.

    After the weights of ranking are in their place. Uses the index that serves.
    """
    from hytki_match.evaluation.questions import load_judged
    from hytki_match.matching import Matcher
    from hytki_match.matching.trees import Trees
    from training.blind import blind, judged_needs
    from training.ranking import judged_lines, read_curve, read_line
    from training.trees import as_text, learn_trees

    matcher, sets, given = judged_needs(QUESTIONS)
    parts = blind(matcher, given, sets["tuning"], work / "lenses", _aside)
    grove, judges = learn_trees(parts)
    TREES.write_text(as_text(grove), encoding="utf-8")
    development = load_judged(JUDGED, matcher.index.corpus)
    told = Matcher(matcher.index, matcher.encoder, matcher.parameters, Trees(grove))
    curve = read_curve(told, development, _aside)
    click.echo(judged_lines(curve, *read_line(judges, _aside)))


@click.command()
@click.pass_obj
def desk(work: Path) -> None:
    """Measure the numbers of the desk on needs put together from tuning questions.

    Uses the index that serves: run hytki-match build first.
    """
    from training.blind import blind, judged_needs
    from training.desk import measure

    matcher, sets, given = judged_needs(QUESTIONS)
    for name, judged in sets.items():
        counts, gaps = measure(blind(matcher, given, judged, work / "lenses", _aside))
        click.echo(f"{name}: {counts}")
        for gap, (pairs, other, best) in gaps.items():
            share = f"{other / pairs:.3f} of others right, {best / pairs:.3f} of the best"
            click.echo(f"  log-odds behind by {gap} or more: {pairs} pairs, {share}")


@click.command()
def telling() -> None:
    """Learn which sentences tell a need, from labelled texts, into the adviser's desk."""
    import numpy as np

    from hytki_match.adviser.telling import WEIGHTS
    from hytki_match.encoder import load_encoder
    from training.telling import check, learn_telling, read_told

    texts, encoder = read_told(QUESTIONS / "told.jsonl"), load_encoder("bundled")
    for name, value in check(texts, encoder).items():
        click.echo(f"{name}: {value:.3f}")
    np.save(TELLING / WEIGHTS, learn_telling(texts, encoder))


COMMANDS = (lens, ranking, trees, desk, telling)
