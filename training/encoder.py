"""The student before stage 1, and how a step leaves it for the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from safetensors.torch import load_file, save_file

from training.both import Both
from training.initial import make_student
from training.space import SpacePlan, start_vectors, train_space
from training.student import Student

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tokenizers import Tokenizer

    from training.align import Material
    from training.both import Tokenizers

LAYERS = tuple(range(6))
"""The teacher's layers that the transformer starts with."""


def device() -> str:
    """Return where training runs."""
    return "cuda" if torch.cuda.is_available() else "cpu"


def new_student(
    teacher: Student,
    teachers: Tokenizer,
    tokenizers: Tokenizers,
    material: Material,
    report: Callable[[str], None],
    plan: SpacePlan | None = None,
) -> Both:
    """Return a student whose words have their places from the word space, on the device.

    Parameters
    ----------
    teacher, teachers
        The teacher and its tokenizer.
    report
        Gets a line of progress now and then.
    """
    start = start_vectors(tokenizers.static, teacher, teachers)
    vectors = train_space(start, material, plan or SpacePlan(), report)
    space = (vectors.cpu(), tokenizers.static)
    transformer = make_student(teacher.cpu(), teachers, tokenizers.transformer, space, LAYERS)
    return Both(transformer, space[0]).to(device())


def save_student(student: Both, path: Path) -> None:
    """Write a student's weights in float32."""
    save_file({name: part.contiguous().cpu() for name, part in student.state_dict().items()}, path)


def load_student(path: Path) -> Both:
    """Read a student, onto the device."""
    state = load_file(path)
    words = state["transformer.words.weight"]
    layers = sum(name.endswith(".qkv.bias") for name in state)
    student = Both(Student(len(words), layers), state["static.weight"])
    student.load_state_dict(state)
    return student.to(device())
