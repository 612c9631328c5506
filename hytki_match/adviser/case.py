"""The nouns of the adviser's desk as plain frozen data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hytki_match.records import Language, Reason, Record, Table

StageId = Literal["ideate", "implement", "inspect", "institutionalize"]
STAGES: tuple[StageId, ...] = ("ideate", "implement", "inspect", "institutionalize")

Dimension = Literal["strategy", "readiness", "people", "data", "automation", "green"]
DIMENSIONS: tuple[Dimension, ...] = (
    "strategy",
    "readiness",
    "people",
    "data",
    "automation",
    "green",
)
"""The six dimensions of the Digital Maturity Assessment of the EDIHs, each scored 0 to 100."""

Status = Literal["proposed", "contacted", "agreed", "declined"]
STATUSES: tuple[Status, ...] = ("proposed", "contacted", "agreed", "declined")

CompanySize = Literal["", "micro", "small", "medium", "large", "public"]
COMPANY_SIZES: tuple[CompanySize, ...] = ("", "micro", "small", "medium", "large", "public")

Wish = Literal["preferred", "unwanted"]
WISHES: tuple[Wish, ...] = ("preferred", "unwanted")
"""Limits that are read from the text as long as the adviser does not set them."""

MAX_NEED_CHARS = 4000


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a need asks for.

    ``weight`` is 1 to 3. ``origin`` tells whether the text, the adviser or a weak dimension of
    the maturity assessment asked for it. ``part_id`` never changes within a case.
    """

    part_id: str
    text: str
    weight: int = 1
    origin: Literal["text", "adviser", "maturity"] = "text"


@dataclass(frozen=True, slots=True)
class Limits:
    """What the adviser asks of partners.

    ``regions`` and ``kinds`` are filters; national partners pass every region filter.
    ``preferred`` are regions where partners should be, as long as somebody there serves a part,
    and ``unwanted`` those where none may be; None until the text has been read for them.
    ``by_hand`` names those of these two that the adviser has set, which no reading changes.
    ``languages`` leaves out partners that nobody has described in any of them. ``must`` and
    ``must_not`` are doc_ids of partners; ``most`` is how many partners at most.
    """

    regions: tuple[str, ...] = ()
    kinds: tuple[Table, ...] = ()
    languages: tuple[Language, ...] = ()
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    most: int = 6
    preferred: tuple[str, ...] | None = None
    unwanted: tuple[str, ...] | None = None
    by_hand: tuple[Wish, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One partner on the shortlist, as the adviser left it.

    The order of entries is the order of the shortlist. ``dates`` holds the ISO date of each
    status that the partner has had.
    """

    partner_id: str
    status: Status = "proposed"
    note: str = ""
    dates: Mapping[Status, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """One SME's need and what the adviser has done with it.

    ``parts`` is None until the text has been split; an empty tuple means that the adviser removed
    all of them. ``maturity`` holds the dimensions that were scored. ``stage`` is empty until the
    adviser decides.
    """

    case_id: str
    title: str
    need: str
    company: str = ""
    language: Language = "fi"
    sector: str = ""
    region: str = ""
    size: CompanySize = ""
    stage: StageId | Literal[""] = ""
    maturity: Mapping[Dimension, int] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    parts: tuple[Part, ...] | None = None
    shortlist: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A record that shows what a partner can do for a part: how probably, and why."""

    doc_id: str
    probability: float
    reason: Reason


@dataclass(frozen=True, slots=True)
class Link:
    """A partner for a part: the probability of its best evidence, best evidence first.

    ``makes_alike`` tells that it makes something like what the company of the need makes.
    """

    partner_id: str
    probability: float
    evidence: tuple[Evidence, ...]
    makes_alike: bool = False


@dataclass(frozen=True, slots=True)
class PartProposal:
    """What was found for one part.

    Attributes
    ----------
    links
        Every partner found, best first, those too weak to cover the part among them.
    covered_by
        Partners of the consortium that cover the part, best first; empty if it is uncovered.
    stronger
        A partner outside the consortium that would cover the part better; mostly empty.
    helps
        Tools, funding and the like that serve the part, best first, whoever stands behind them.
    contacts
        Contacts to ask about the part, best first.
    topics
        What the best records for it are about, the most telling first.
    is_unserved
        Whether nobody in the corpus seems to serve the part, however near somebody sounds.
    preferred
        Regions where the partner of this part should be; empty where it does not matter.
    able
        Partners that would cover the part, best first, whether the set has room for them or not.
    dropped
        Partners that would cover it too, had the adviser not left them out; best first.
    better
        A partner elsewhere far more probable than who covers the part for a wish; mostly empty.
    """

    part: Part
    links: tuple[Link, ...]
    covered_by: tuple[str, ...]
    stronger: str
    helps: tuple[Evidence, ...]
    contacts: tuple[str, ...]
    topics: tuple[str, ...]
    is_unserved: bool = False
    preferred: tuple[str, ...] = ()
    able: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    better: str = ""

    @property
    def is_crowded_out(self) -> bool:
        """Whether somebody would cover the part, and only the limit of partners leaves it open."""
        return bool(self.able) and not self.covered_by


AlternativeKind = Literal["second", "without", "regions"]


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another set of partners: the second best, one without a partner, or one of some regions.

    ``partners`` is None when nothing is left under that condition. ``weaker`` are the parts that it
    covers less well than the proposal. ``is_proved`` tells whether no better set exists.
    """

    kind: AlternativeKind
    about: tuple[str, ...]
    partners: tuple[str, ...] | None
    uncovered: tuple[str, ...] = ()
    weaker: tuple[str, ...] = ()
    is_proved: bool = True


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation or a company as a partner, with whom to call first."""

    record: Record
    contacts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the desk proposes for a case: one result for page, command line and exports.

    ``partners`` are those of the consortium and of every link, by id. ``consortium`` is None when
    the limits leave no set at all; ``is_proved`` tells whether no better one exists, or it is only
    the best that was found in the time there was. ``left_out`` are the sentences of the text that
    were not taken as a need, without greetings. ``rivals`` are the companies that are not proposed
    since the text wants no competitors, and ``not_applied`` the sentences that want no partners of
    some kind which the corpus cannot tell. ``index_version`` and ``corpus_digest`` say what
    it is from.
    """

    case: Case
    parts: tuple[PartProposal, ...]
    partners: Mapping[str, Partner]
    consortium: tuple[str, ...] | None
    alternatives: tuple[Alternative, ...]
    uncovered: tuple[str, ...]
    index_version: str
    corpus_digest: str
    is_proved: bool = True
    left_out: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    not_applied: tuple[str, ...] = ()

    def probability(self, partner_id: str, part_id: str) -> float:
        """Return how probably a partner serves a part; 0 if it was not found for it."""
        links = next(p.links for p in self.parts if p.part.part_id == part_id)
        return next((k.probability for k in links if k.partner_id == partner_id), 0.0)
