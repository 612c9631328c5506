"""A small case of the desk, which the small corpus serves."""

from __future__ import annotations

from datetime import date

from hytki_match.adviser.case import Case

DAY = date(2026, 1, 15)
NEED = (
    "Olemme pieni yritys ja haluamme auttaa nukkumaan. Laite on valmis. "
    "Tarvitsemme jonkun, joka mittaa unta. Etsimme myös sairaalan dataa tutkimukseen."
)


def case_of(need=NEED, **changes):
    return Case("c1", "Uni", need, **changes)
