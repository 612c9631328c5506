"""Where training reads and writes."""

from pathlib import Path

_HERE = Path(__file__).parent
_PACKAGE = _HERE.parent / "hytki_match"

QUESTIONS = _HERE / "questions"
WORK = _HERE / "work"
CORPUS = _HERE.parent / "corpus"
JUDGED = _HERE.parent / "tests" / "judged"
BUNDLED = _PACKAGE / "encoder" / "bundled"
TREES = _PACKAGE / "matching" / "trees.json"
TELLING = _PACKAGE / "adviser"
