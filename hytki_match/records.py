"""The nouns of HYTKI Match as plain frozen data: no logic, no input or output, no heavy imports."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Language = Literal["fi", "en"]
LANGUAGES: tuple[Language, ...] = ("fi", "en")

Table = Literal["competences", "tools", "companies", "events", "organisations"]
RESOURCE_TABLES: tuple[Table, ...] = (
    "competences",
    "tools",
    "companies",
    "events",
    "organisations",
)


def other_language(language: Language) -> Language:
    """Return the language that ``language`` is not."""
    return "en" if language == "fi" else "fi"


@dataclass(frozen=True, slots=True)
class Text:
    """One text in both languages; a missing language is the empty string."""

    fi: str
    en: str

    def get(self, language: Language) -> str:
        """Return the text in ``language``, exactly, which may be empty."""
        return self.fi if language == "fi" else self.en

    def best(self, language: Language) -> tuple[str, Language]:
        """Return the text in ``language``, or else in the other one, and the language it is in."""
        text = self.get(language)
        if text:
            return text, language
        return self.get(other_language(language)), other_language(language)


@dataclass(frozen=True, slots=True)
class Record:
    """One matchable row of a corpus table.

    ``doc_id`` is ``table/id``. ``kind`` is the value of the table's kind column (``guide``,
    ``university`` …) or empty. ``as_of`` is an ISO date, a year or empty. ``starts_on`` and
    ``ends_on`` are ISO dates, for events only. ``keywords`` are indexed and never shown.
    """

    doc_id: str
    table: Table
    kind: str
    name: Text
    description: Text
    topics: tuple[str, ...]
    region_ids: tuple[str, ...]
    organisation_ids: tuple[str, ...]
    keywords: Text
    url: str
    sources: tuple[str, ...]
    as_of: str
    place: str = ""
    starts_on: str = ""
    ends_on: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """A published work contact: a person or a desk. ``doc_id`` is ``contacts/id``.

    A person has one name in both languages.
    """

    doc_id: str
    name: Text
    role: Text
    organisation_id: str
    region_id: str
    topics: tuple[str, ...]
    email: str
    phone: str
    url: str
    sources: tuple[str, ...]
    as_of: str


@dataclass(frozen=True, slots=True)
class Region:
    """A region of the corpus with the coordinates of its centre in degrees (WGS 84)."""

    region_id: str
    name: Text
    ecosystem: str
    summary: Text
    latitude: float
    longitude: float
    url: str
    sources: tuple[str, ...]
    as_of: str


@dataclass(frozen=True, slots=True)
class Topic:
    """One term of the controlled vocabulary."""

    topic_id: str
    label: Text


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """A question with the records that answer it, if any do, and those that are useful beside.

    ``contacts`` are whom one would rightly call or write to first; mostly nobody said.
    """

    text: str
    language: Language
    answers: tuple[str, ...]
    useful: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Corpus:
    """All tables, read and checked. Mappings are by id, in the order of the ids.

    ``digest`` is the SHA-256 of the table files; two corpora with one digest are the same.
    """

    records: Mapping[str, Record]
    contacts: Mapping[str, Contact]
    regions: Mapping[str, Region]
    topics: Mapping[str, Topic]
    digest: str
    questions: tuple[KnownQuestion, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """One text of a record in one language, as it is indexed: ``tools/x#fi``."""

    passage_id: str
    doc_id: str
    language: Language
    text: str


Intent = Literal["what", "who", "where", "when", "contact", "compare", "why", "more"]
"""What kind of answer is wanted: any resource, a partner, a region, an event, somebody to call,
regions side by side, the reason of the last answer, or more of it."""

ConstraintName = Literal["region", "kind", "time", "record", "words"]


@dataclass(frozen=True, slots=True)
class Constraint:
    """One limit that the question sets, shown as a chip that can be removed.

    ``value`` is a region id, a table or kind of record, or for ``time`` an ISO interval
    (``2026-01-01/2026-03-31``, open on a side with ``..``). ``words`` are the asker's own words
    for it. ``kept`` tells that an earlier question of the conversation set it. A ``strict`` one
    filters, as long as anything is left; another is a preference. An ``asked`` kind is what the
    question asks for ("which companies …"); another may only be mentioned ("for companies").
    An ``unwanted`` one rules out what it names, which may then also be a ``record``, by its id, or
    whatever has some ``words`` in its texts.
    """

    name: ConstraintName
    value: str
    words: str
    kept: bool = False
    strict: bool = False
    asked: bool = False
    unwanted: bool = False

    @property
    def key(self) -> str:
        """The text that names this limit in addresses and options: ``region:turku``.

        One that rules something out begins with ``not:``.
        """
        return f"{'not:' if self.unwanted else ''}{self.name}:{self.value}"

    @property
    def looks_ahead(self) -> bool:
        """Whether it is a time without an end: what is still to come."""
        return self.name == "time" and self.value.endswith("/..")


@dataclass(frozen=True, slots=True)
class Query:
    """A question with what was understood of it.

    ``text`` is the question untouched; ``topic`` is what it is about, without the words of its
    constraints, with the topic of the conversation where the question only changes a limit.
    ``subject`` is what the next question goes on with, empty where that is the topic, ``own`` the
    part of the topic that a follow-up adds to a whole topic of before. ``regions`` and ``kinds``
    are filters the asker set; ``constraints`` are limits found in the question, ``unwanted`` those
    that rule something out, and ``without`` the keys of those that the asker removed.
    ``named_regions`` are regions named in the question: preferences, not filters. ``count`` is how
    many results it asks for, 0 where it does not say, and ``page`` how often more of them were
    asked for. ``place``, from 1, or ``about``, ids of records, is which result it asks about.
    ``tidied`` is the text as it is searched, empty where that is the text itself. ``goes_on`` tells
    that the topic comes from the conversation, ``foreign`` that the question is in neither
    language, ``told`` that it is a part of a longer text, which tells rather than asks.
    ``confidence`` is that of the language, 0 to 1.
    """

    text: str
    language: Language
    confidence: float = 1.0
    regions: tuple[str, ...] = ()
    kinds: tuple[Table, ...] = ()
    named_regions: tuple[str, ...] = ()
    topic: str = ""
    intent: Intent = "what"
    constraints: tuple[Constraint, ...] = ()
    without: tuple[str, ...] = ()
    unwanted: tuple[Constraint, ...] = ()
    subject: str = ""
    own: str = ""
    goes_on: bool = False
    foreign: bool = False
    told: bool = False
    count: int = 0
    page: int = 0
    place: int = 0
    about: tuple[str, ...] = ()
    tidied: str = ""

    @property
    def unwanted_regions(self) -> tuple[str, ...]:
        """The ids of regions that are ruled out."""
        return tuple(limit.value for limit in self.unwanted if limit.name == "region")

    @property
    def unwanted_organisations(self) -> frozenset[str]:
        """The ids of organisations that are ruled out by their names."""
        named = (limit.value for limit in self.unwanted if limit.name == "record")
        return frozenset(
            doc_id.removeprefix("organisations/")
            for doc_id in named
            if doc_id.startswith("organisations/")
        )

    @property
    def wanted_text(self) -> str:
        """The question without what it rules out; all of it where nothing else is left."""
        text = self.text
        for limit in self.unwanted:
            text = text if limit.kept else text.replace(limit.words, " ", 1)
        text = " ".join(text.split()).strip(" ,") if self.unwanted else text
        return text if any(map(str.isalnum, text)) else self.text

    @property
    def search_text(self) -> str:
        """The text that is searched: the question as it stands, or what it goes on with.

        A question that stands alone keeps its places, because passages name theirs too; one that
        goes on from another gets the topic and the places that are in force.
        """
        if not self.goes_on:
            return self.tidied or self.text
        places = (limit.words for limit in self.constraints if limit.name == "region")
        return " ".join((self.topic, *places)).strip() or self.text


@dataclass(frozen=True, slots=True)
class LegScore:
    """Where one leg placed a record: ``rank`` from 1, ``score`` comparable inside the leg only."""

    rank: int
    score: float
    passage_id: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One place in the fused ranking; a higher score is better; ``rank`` starts at 1."""

    doc_id: str
    score: float
    rank: int
    legs: Mapping[str, LegScore]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a record was found, computed from what matched.

    ``words`` are words of the record, as they stand there, that the question's words met.
    ``topics`` are topic ids whose label shares a word with the question. ``sentence`` is the
    sentence of the description that is nearest to the question in meaning, in ``language``.
    ``meaning`` is the cosine of the question and the best passage, -1 to 1.
    """

    words: tuple[str, ...]
    topics: tuple[str, ...]
    sentence: str
    language: Language
    meaning: float


@dataclass(frozen=True, slots=True)
class ResourceMatch:
    """A record in an answer with its hit and its reason.

    ``probability`` is that of a person calling it relevant. ``past`` marks an event that is over.
    """

    record: Record
    hit: Hit
    probability: float
    reason: Reason
    past: bool = False


@dataclass(frozen=True, slots=True)
class RegionMatch:
    """A region in an answer: ``strength``, 0 to 1, and the records that prove it, best first."""

    region: Region
    strength: float
    proofs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContactMatch:
    """A contact in an answer with what ties it to the question.

    ``through`` are matched records of the contact's organisation, best first, and ``topics`` the
    topics that it shares with the best records. At least one of the two is there, unless it was
    ``called`` by its name. ``asked`` is what near known questions that name contacts say of it, 0
    to 1.
    """

    contact: Contact
    score: float
    through: tuple[str, ...]
    topics: tuple[str, ...]
    asked: float = 0.0
    called: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the asker should know of an answer: the key of a phrase and its values."""

    key: str
    values: Mapping[str, str] = field(default_factory=dict)


AnswerState = Literal["good", "weak", "none", "chat", "empty", "too_long"]


@dataclass(frozen=True, slots=True)
class Complement:
    """What another region adds to the leading one: a record on a topic that is missing there."""

    region: Region
    doc_id: str
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The one object that web, command line, JSON and exports draw.

    ``state``: ``good`` and ``weak`` carry matches; ``none`` means that nobody in the corpus does
    this and ``resources`` are only the nearest; ``chat`` is a greeting, thanks or the like,
    ``empty`` and ``too_long`` were not searched either. ``relaxed`` are constraints that nothing
    met, so that they were given up. ``unmatched`` are words of the question that no shown record
    meets. ``follow_ups`` are further questions, in the language of the answer, known to have one.
    ``browsed`` is how many records keep the limits of a question that says nothing else, else 0.
    ``named`` are the ids of the contacts or records that a question calls by name where it asks for
    nothing else. ``talk`` is the kind of talk of a ``chat`` (``greeting``, ``thanks``, ``bye``,
    ``about`` …). ``today`` is the ISO day that it was given for. ``names`` gives the names of the
    organisations, topics and records that the answer mentions by id. ``index_version`` and
    ``corpus_digest`` say what it was made from.
    """

    query: Query
    state: AnswerState
    regions: tuple[RegionMatch, ...] = ()
    contacts: tuple[ContactMatch, ...] = ()
    resources: tuple[ResourceMatch, ...] = ()
    notices: tuple[Notice, ...] = ()
    complements: tuple[Complement, ...] = ()
    relaxed: tuple[Constraint, ...] = ()
    unmatched: tuple[str, ...] = ()
    follow_ups: tuple[str, ...] = ()
    browsed: int = 0
    named: tuple[str, ...] = ()
    talk: str = ""
    today: str = ""
    names: Mapping[str, Text] = field(default_factory=dict)
    index_version: str = ""
    corpus_digest: str = ""
