"""Adviser cases: what the desk proposes for the text of a judged need, with nobody's help.

How it is counted:

- A judged part is **covered** when an acceptable record is among what the desk shows for it: a
  partner of the proposed consortium, or a record given as that partner's evidence.
- It is covered **by name** when a partner of the consortium itself is acceptable.
- A judged part is **found** when the part of ours that is nearest to it in meaning is nearest to
  no other judged part still closer: each part of ours finds one judged part at most.
- A **size** is right when the consortium has at most one partner more or less than the smallest
  set of acceptable organisations and companies that covers all judged parts.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from hytki_match.adviser.case import Case, Limits
from hytki_match.adviser.proposal import propose
from hytki_match.evaluation.dialogues import Share, part_shares

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hytki_match.adviser.case import Proposal
    from hytki_match.encoder import Encoder
    from hytki_match.evaluation.questions import CasePart
    from hytki_match.matching import Matcher

PARTNERS = ("organisations/", "companies/")
FOUND, SIZES, BY_NAME = "parts found", "size within one of the optimum", "by name"


def case_shares(matcher: Matcher, parts: Sequence[CasePart]) -> dict[str, Share]:
    """Return the shares of all cases: covered (all, and by language), by name, found, sizes."""
    if not parts:
        return {}
    cases: dict[str, list[CasePart]] = {}
    for part in parts:
        cases.setdefault(part.case_id, []).append(part)
    proposals = {case_id: _propose(matcher, judged[0]) for case_id, judged in cases.items()}
    shown = {case_id: shown_records(proposal) for case_id, proposal in proposals.items()}
    named = {case_id: set(proposal.consortium or ()) for case_id, proposal in proposals.items()}
    found = [
        found_parts(judged, [p.part.text for p in proposals[case_id].parts], matcher.encoder)
        for case_id, judged in cases.items()
    ]
    right = [
        abs(len(named[case_id]) - best) <= 1
        for case_id, judged in cases.items()
        if (best := smallest_set(judged)) is not None
    ]
    return {
        **part_shares(parts, shown),
        BY_NAME: part_shares(parts, named)["all"],
        FOUND: Share(sum(found), len(parts)),
        SIZES: Share(sum(right), len(right)),
    }


def _propose(matcher: Matcher, judged: CasePart) -> Proposal:
    case = Case(judged.case_id, judged.case_id, judged.need_text, limits=Limits())
    return propose(case, matcher)


def shown_records(proposal: Proposal) -> set[str]:
    """Return the partners of the consortium, and the records that speak for them."""
    chosen = set(proposal.consortium or ())
    evidence = {
        evidence.doc_id
        for part in proposal.parts
        for link in part.links
        if link.partner_id in part.covered_by
        for evidence in link.evidence
    }
    return chosen | evidence


def found_parts(judged: Sequence[CasePart], texts: Sequence[str], encoder: Encoder) -> int:
    """Return how many judged parts have a part of ours to themselves."""
    if not texts:
        return 0
    ours = encoder.encode_queries(list(texts))
    theirs = encoder.encode_queries([part.part for part in judged])
    nearest = (theirs @ ours.T).argmax(axis=1)
    return len(set(nearest.tolist()))


def smallest_set(judged: Sequence[CasePart]) -> int | None:
    """Return how few acceptable partners can cover all parts; None if they cannot at all."""
    able = [{i for i in part.acceptable if i.startswith(PARTNERS)} for part in judged]
    if not all(able):
        return None
    everyone = sorted(set().union(*able))
    sizes = range(1, len(judged) + 1)
    return next(
        size for size in sizes if any(_covers(s, able) for s in combinations(everyone, size))
    )


def _covers(chosen: Iterable[str], able: Sequence[set[str]]) -> bool:
    return all(not partners.isdisjoint(chosen) for partners in able)


def case_rows(shares: Mapping[str, Share]) -> list[tuple[str, Share]]:
    """Return the shares with their labels, for a table."""
    labels = {
        "all": "adviser cases: parts of needs covered",
        BY_NAME: "adviser cases: parts covered by name",
        FOUND: "adviser cases: parts found in the text",
        SIZES: "adviser cases: size within one of the optimum",
    }
    return [
        (labels.get(group, f"{labels['all']}, {group}"), share) for group, share in shares.items()
    ]
