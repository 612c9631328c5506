"""Everything the package raises on purpose.

::

    HytkiMatchError
    ├── CorpusError              the tables cannot be used; carries every Finding
    ├── IndexUnusableError
    │   ├── IndexMissingError    no index has been built
    │   ├── IndexBrokenError     a file is missing or its checksum does not hold
    │   ├── IndexStaleError      the index was built with another encoder
    │   └── VersionError         a version was named that is not there
    ├── BuildError               a build stopped; the index that served before still serves
    │   └── GateError            a version was built, and the evaluation speaks against it
    ├── ImportRefusedError       a spreadsheet or calendar cannot be brought in
    ├── UnconfirmedError         the answer was no, or nobody could be asked (exit code 3)
    ├── ForgetError              a contact is not known, or cannot be removed
    ├── ExportError              a file for a person cannot be written
    ├── EncoderError             the model cannot be loaded
    ├── EvaluationError          questions or judgements do not fit the corpus
    └── AdviserError
        ├── ConsortiumError      no optimum was proved in time; a set without proof is given
        ├── NeedError            the text of a need cannot be read
        ├── CaseConflictError    somebody else has changed the case meanwhile
        ├── CaseMissingError     there is no such case
        └── StorageError         the cases cannot be stored or read

Each error says what is wrong, where, and what to do. Mistakes of a programmer stay ``ValueError``
and ``TypeError``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class HytkiMatchError(Exception):
    """Base of all errors that a user can cause and mend."""

    code = "error"
    exit_code = 1
    """What the command line ends with."""

    def __init__(self, problem: str, *, cure: str) -> None:
        self.problem = problem
        self.cure = cure
        super().__init__(f"{problem} {cure}")

    def with_cure(self, cure: str) -> Self:
        """Return itself with other advice: who asked may know better what helps."""
        self.cure = cure
        self.args = (f"{self.problem} {cure}",)
        return self


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong in the corpus: where it stands, what it is and what to do.

    ``row`` counts as a spreadsheet does (the header is row 1); 0 means the file as a whole.
    """

    table: str
    row: int
    column: str
    value: str
    problem: str
    cure: str

    def __str__(self) -> str:
        place = [f"{self.table}.csv"]
        if self.row:
            place.append(f"row {self.row}")
        if self.column:
            place.append(f"column {self.column}")
        value = f" {_shorten(self.value)!r}" if self.value else ""
        return f"{', '.join(place)}:{value} {self.problem}. {self.cure}"


class CorpusError(HytkiMatchError):
    """The corpus tables have mistakes; ``findings`` lists all of them."""

    code = "corpus"

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        count = len(self.findings)
        lines = "\n".join(f"  {finding}" for finding in self.findings)
        noun = "mistake" if count == 1 else "mistakes"
        super().__init__(
            f"The corpus has {count} {noun}:\n{lines}\n",
            cure="Correct the cells, then run: hytki-match check",
        )


class IndexUnusableError(HytkiMatchError):
    """The index cannot answer."""

    code = "index"

    def __init__(self, problem: str, *, cure: str = "Run: hytki-match build") -> None:
        super().__init__(problem, cure=cure)


class IndexMissingError(IndexUnusableError):
    """There is no index in the folder."""

    code = "index_missing"

    def __init__(self, folder: Path) -> None:
        super().__init__(f"There is no index in {folder}.")


class IndexBrokenError(IndexUnusableError):
    """A file of the index is missing, changed or unreadable."""

    code = "index_broken"

    def __init__(self, file: Path, problem: str) -> None:
        self.file = file
        super().__init__(f"The index is broken: {file} {problem}.")


class IndexStaleError(IndexUnusableError):
    """The vectors of the index come from another encoder than the one at hand."""

    code = "index_stale"


class VersionError(IndexUnusableError):
    """No version, or more than one, has the name that was given; ``known`` lists all names."""

    code = "version"

    def __init__(self, problem: str, known: Sequence[str], *, cure: str = "") -> None:
        self.known = tuple(known)
        listed = f"Versions: {', '.join(known)}." if known else "Run: hytki-match build"
        super().__init__(problem, cure=cure or listed)


class BuildError(HytkiMatchError):
    """A build could not be finished; what served before still serves."""

    code = "build"


class GateError(BuildError):
    """A version was built and kept, but does not serve; ``reasons`` say why."""

    code = "gate"

    def __init__(self, version: str, reasons: Sequence[str]) -> None:
        self.version = version
        self.reasons = tuple(reasons)
        lines = "\n".join(f"  {reason}" for reason in self.reasons)
        super().__init__(
            f"Version {version} was built but does not serve:\n{lines}\n",
            cure=f"Look at: hytki-match diff current {version}. "
            f"To let it serve all the same: hytki-match promote {version}",
        )


class ImportRefusedError(HytkiMatchError):
    """A file cannot be brought into the tables; ``mistakes`` lists all reasons.

    ``cure`` says what was written, if not nothing, and what to do; ``use`` what it was to be good
    for.
    """

    code = "import"

    def __init__(
        self,
        file: Path,
        mistakes: Sequence[Mistake],
        cure: str = "Nothing was written. Mend this, then run the same command again.",
        *,
        use: str = "brought in",
    ) -> None:
        self.file = file
        self.mistakes = tuple(mistakes)
        lines = "\n".join(f"  {mistake}" for mistake in self.mistakes)
        super().__init__(
            f"{file.name} cannot be {use}:\n{lines}\n",
            cure=cure,
        )


class UnconfirmedError(HytkiMatchError):
    """Something would be written that cannot be taken back, and nobody said yes."""

    code = "unconfirmed"
    exit_code = 3

    def __init__(self, *, said_no: bool = False) -> None:
        if said_no:
            super().__init__("Nothing was written.", cure="")
            return
        super().__init__(
            "Nothing was written: there is no terminal to ask on.",
            cure="To go on without a question, give --yes.",
        )


class ForgetError(HytkiMatchError):
    """A contact is not known, or a file that names it cannot be changed."""

    code = "forget"


class ExportError(HytkiMatchError):
    """A file for a person cannot be written."""

    code = "export"


class EncoderError(HytkiMatchError):
    """The encoder cannot be loaded or does not give usable vectors."""

    code = "encoder"


class FeedbackError(HytkiMatchError):
    """Opinions cannot be stored or read; answers do not hang on them."""

    code = "feedback"


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong in a file that is no table; ``place`` is file and line."""

    place: str
    problem: str
    cure: str

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}. {self.cure}"


class EvaluationError(HytkiMatchError):
    """Questions, judgements or runs do not fit the corpus; ``mistakes`` lists all of them."""

    code = "evaluation"

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        count = len(self.mistakes)
        lines = "\n".join(f"  {mistake}" for mistake in self.mistakes)
        noun = "mistake" if count == 1 else "mistakes"
        super().__init__(
            f"The questions and judgements have {count} {noun}:\n{lines}\n",
            cure="Correct these lines, then run it again.",
        )


class AdviserError(HytkiMatchError):
    """Something at the adviser's desk went wrong."""

    code = "adviser"


class ConsortiumError(AdviserError):
    """The solver could not prove that its set of partners is the best."""

    code = "consortium"

    def __init__(self, message: str) -> None:
        super().__init__(
            f"No optimum was proved ({message}).", cure="Ask for fewer parts or partners."
        )


class NeedError(AdviserError):
    """The text of a need cannot be read, is empty or too long.

    ``reason`` and ``facts`` say why to a page, which says it in the reader's language: the phrase
    ``error.need_`` with the reason behind it, and what is filled in.
    """

    code = "need"

    def __init__(self, problem: str, *, cure: str, reason: str, **facts: object) -> None:
        self.reason, self.facts = reason, facts
        super().__init__(problem, cure=cure)


class CaseConflictError(AdviserError):
    """Somebody else has changed the case since it was opened."""

    code = "case_conflict"

    def __init__(self, case_id: str, who: str, when: str) -> None:
        self.case_id, self.who, self.when = case_id, who, when
        super().__init__(
            f"{who} changed the case {case_id} at {when}, after you opened it.",
            cure="Open it again; your change was not saved.",
        )


class CaseMissingError(AdviserError):
    """There is no such case, or it has been erased."""

    code = "case_missing"

    def __init__(self, case_id: str) -> None:
        super().__init__(f"There is no case {case_id}.", cure="Look at the list of cases.")


class StorageError(AdviserError):
    """The cases cannot be stored or read."""

    code = "storage"


def _shorten(value: str, length: int = 60) -> str:
    """Cut a cell for a message; a description of 90 words would hide the fact."""
    return value if len(value) <= length else value[: length - 1] + "…"
