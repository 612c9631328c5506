"""The documentation says what the code does and what was measured."""

from __future__ import annotations

import csv
import re
import sys
import tomllib
from pathlib import Path

import pytest

from hytki_match.cli import cli

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
sys.path.insert(0, str(ROOT / "docs" / "make"))

import readme  # noqa: E402 - the script stands beside what it writes


def marked(name):
    found = re.search(f"<!-- {name} -->(.*?)<!-- /{name} -->", README, re.DOTALL)
    assert found, name
    return found[1].strip()


def questions_of(file):
    with (ROOT / "tests" / "judged" / file).open(encoding="utf-8", newline="") as stream:
        return {row["question"].casefold().strip() for row in csv.DictReader(stream)}


def forty():
    return tomllib.loads((ROOT / "docs/transcripts/first-answer.toml").read_text("utf-8"))


def test_the_readme_quotes_the_evaluation_page():
    page = (ROOT / "docs" / "evaluation.md").read_text(encoding="utf-8").splitlines()
    quoted = [line for line in marked("evaluation").splitlines() if line]
    figures = [line for line in quoted if re.search(r"\d\.\d", line)]
    assert len(figures) == 4
    assert set(quoted) <= set(page)


def test_the_readme_tells_the_times():
    told = " ".join(marked("times").split())
    assert re.search(r"`make chat` takes \d.*`make test` after it \d.*\d+ MB", told)


def test_every_file_and_picture_of_the_readme_is_there():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert "://" in target or (ROOT / target).is_file(), target


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_the_readme_names_every_command(name):
    assert f"hytki-match {name}" in README


def test_the_readme_calls_only_what_there_is():
    for command in re.findall(r"^(?:echo .*\| )?hytki-match ([\w-]+)", README, re.M):
        assert command in cli.commands
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make (\w+)", README, re.M):
        assert re.search(rf"^{target}:", makefile, re.M), target
    pinned = re.search(r"^TORCH := (\S+)$", makefile, re.M)[1]
    assert f"install {pinned} " in README


def test_the_transcript_has_forty_questions_that_are_not_judged_ones():
    asked = forty()
    texts = [item["question"] for language in ("fi", "en") for item in asked[language]]
    assert (len(asked["fi"]), len(asked["en"]), len(set(texts))) == (20, 20, 40)
    judged = questions_of("questions.csv") | questions_of("dialogues.csv")
    assert not judged & {text.casefold() for text in texts}


def test_the_transcript_was_written_from_these_questions():
    text = (ROOT / "docs/transcripts/first-answer.md").read_text(encoding="utf-8")
    headings = [
        heading.replace("\\", "") for heading in re.findall(r"^### \d+\. (.*)$", text, re.M)
    ]
    asked = forty()
    assert headings == [item["question"] for language in ("fi", "en") for item in asked[language]]


def test_marks_are_filled_and_filled_again():
    text = "a\n<!-- x -->\nold\n<!-- /x -->\nb\n"
    once = readme.filled(text, "x", r"new \1")
    assert once == "a\n<!-- x -->\n\nnew \\1\n\n<!-- /x -->\nb\n"
    assert readme.filled(once, "x", r"new \1") == once
    with pytest.raises(Exception, match="lacks the marks"):
        readme.filled(text, "y", "")


def test_examples_name_topics_that_are_there():
    with (ROOT / "corpus" / "topics.csv").open(encoding="utf-8", newline="") as stream:
        known = {row["id"] for row in csv.DictReader(stream)}
    texts = [README, *(file.read_text(encoding="utf-8") for file in (ROOT / "docs").glob("*.md"))]
    named = {
        topic
        for text in texts
        for found in re.findall(r"topics=([a-z0-9;-]+)", text)
        for topic in found.split(";")
    }
    assert named
    assert named <= known
