"""Write the two example hand-overs, for invented companies: ``docs/make/handovers.py``.

They need an index of the shipped corpus (``hytki-match build``).
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from hytki_match.adviser.case import Case, Entry, Limits  # noqa: E402
from hytki_match.adviser.handover import make_docx, make_pdf  # noqa: E402
from hytki_match.adviser.work import work_on  # noqa: E402
from hytki_match.corpus import load_stages  # noqa: E402
from hytki_match.service import open_matcher  # noqa: E402
from hytki_match.settings import Settings  # noqa: E402

FOLDER = ROOT / "docs" / "examples"
DAY = date(2026, 11, 26)

FINNISH = Case(
    case_id="example",
    title="Unisormus vuorotyöläisille",
    company="Yövire Oy (keksitty yritys)",
    language="fi",
    sector="Hyvinvointiteknologia",
    region="oulu",
    size="micro",
    need=(
        "Olemme neljän hengen yritys, joka tekee unta ja palautumista mittaavaa sormusta "
        "vuorotyöläisille. Ensimmäinen sarja on myyty työpaikoille, ja käyttäjät pitävät siitä.\n"
        "Tarvitsemme tutkijoita, jotka tarkistavat unen mittauksen luotettavuuden. Emme tiedä, "
        "mitkä lääkinnällisen laitteen vaatimukset koskevat meitä. Työterveyshuollot "
        "pyytävät näyttöä vaikuttavuudesta. Haluaisimme myös opettaa tekoälymallin isolla "
        "aineistolla, johon omat koneemme eivät riitä. Lopuksi etsimme rahoitusta vientiin."
    ),
    # As an adviser would: a company that sells a ring of its own is no partner for this one.
    limits=Limits(most=6, must_not=("companies/oura-health",)),
)

ENGLISH = Case(
    case_id="example",
    title="Fall detection for home care",
    company="Tumble Signals Ltd (an invented company)",
    language="en",
    sector="Wellbeing technology",
    region="turku",
    size="small",
    need=(
        "We are a company of twenty that makes a wall-mounted radar which notices when an older "
        "person falls at home. Two municipalities in our own country use it.\n"
        "Before we enter Finland we need a home-like test environment where care professionals can "
        "try the device. We do not know which rules on medical devices and artificial intelligence "
        "apply to us. Buyers ask for independent evidence of cost-effectiveness. We would also "
        "like to connect the alarms to Finnish patient record systems through standard interfaces. "
        "Finally, we are looking for a network that could introduce us to wellbeing services "
        "counties."
    ),
    # Another maker of alarms for home care is a competitor.
    # Open statistics on wellbeing services counties introduce nobody to them.
    limits=Limits(most=6, must_not=("companies/vivago", "organisations/thl")),
)

NOTES = {
    "fi": "Kysytään ensin, kuka heillä tuntee unen mittauksen.",
    "en": "Suggest a call first, with the company.",
}


def main() -> None:
    """Write both examples as Word and PDF."""
    settings = Settings.from_environment()
    matcher = open_matcher(settings)
    stages = load_stages(settings.corpus_dir, matcher.index.corpus)
    FOLDER.mkdir(exist_ok=True)
    for case in (FINNISH, ENGLISH):
        first = work_on(case, matcher, stages, today=DAY).partners[0]
        entry = Entry(first, "contacted", NOTES[case.language], {"contacted": DAY.isoformat()})
        noted = replace(case, shortlist=(entry,))
        work = work_on(noted, matcher, stages, today=DAY)
        for kind, make in (("docx", make_docx), ("pdf", make_pdf)):
            file = FOLDER / f"handover-{case.language}.{kind}"
            file.write_bytes(make(work, (case.language,)))


if __name__ == "__main__":
    main()
