"""The map of an answer: Finland's outline and a mark on each region, from the page's own data.

The outline is Natural Earth's (public domain). The same facts stand in a list beside the map, so
the picture is hidden from screen readers.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import atan2, atanh, cos, radians, sin, tan
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hytki_match.records import RegionMatch

MERIDIAN = 27.0
"""Central meridian in degrees: the one of ETRS-TM35FIN, so that the shape is the known one."""

HEIGHT = 230.0
MARGIN = 4.0
SMALLEST_MARK = 1.1
LARGEST_MARK = 1.6
"""Size of a mark in rem: its number has to stay legible on the weakest."""

SVG_SAFE = " ='/:,."


@dataclass(frozen=True, slots=True)
class Outline:
    """Finland as an SVG path, and what turns degrees into its units."""

    path: str
    width: float
    scale: float
    left: float
    top: float

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return where a point stands in the picture."""
        x, y = _project(longitude, latitude)
        return (
            round((x - self.left) * self.scale + MARGIN, 1),
            round((self.top - y) * self.scale + MARGIN, 1),
        )


def map_view(regions: Sequence[RegionMatch]) -> list[dict[str, Any]]:
    """Return the marks of the map, in percent of its sides; they grow with the strength."""
    outline = finland()
    marks = []
    for number, match in enumerate(regions, start=1):
        x, y = outline.place(match.region.longitude, match.region.latitude)
        marks.append(
            {
                "number": number,
                "left": round(100 * x / outline.width, 1),
                "top": round(100 * y / HEIGHT, 1),
                "size": round(SMALLEST_MARK + (LARGEST_MARK - SMALLEST_MARK) * match.strength, 2),
            }
        )
    # The strongest is drawn last, so that it lies on top where two meet.
    return marks[::-1]


def outline_style() -> str:
    """Return the rule of the style sheet that gives the map its shape.

    It is a mask, so that its colour is the theme's; inline SVG would be taken out as unsafe.
    """
    outline = finland()
    size = f"0 0 {outline.width:g} {HEIGHT:g}"
    svg = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='{size}'><path d='{outline.path}'/></svg>"
    )
    shape = f'url("data:image/svg+xml,{quote(svg, safe=SVG_SAFE)}")'
    return (
        f".hm-map {{ aspect-ratio: {outline.width:g} / {HEIGHT:g}; }}\n"
        f".hm-map::before {{ -webkit-mask-image: {shape}; mask-image: {shape}; }}\n"
    )


@lru_cache(maxsize=1)
def finland() -> Outline:
    """Read the outline and fit it into the picture's height."""
    text = (files("hytki_match.web") / "finland.json").read_text(encoding="utf-8")
    rings = [polygon[0] for polygon in json.loads(text)["coordinates"]]
    points = [_project(*point) for ring in rings for point in ring]
    left, top = min(x for x, _ in points), max(y for _, y in points)
    scale = (HEIGHT - 2 * MARGIN) / (top - min(y for _, y in points))
    width = round((max(x for x, _ in points) - left) * scale + 2 * MARGIN, 1)
    empty = Outline("", width, scale, left, top)
    path = "".join(_ring(empty.place(*point) for point in ring) for ring in rings)
    return Outline(path, width, scale, left, top)


def _ring(points: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g},{y:g}" for x, y in points) + "Z"


def _project(longitude: float, latitude: float) -> tuple[float, float]:
    """Return the transverse Mercator of a sphere, in radii: true shapes at Finland's width."""
    east, north = radians(longitude - MERIDIAN), radians(latitude)
    x = atanh(cos(north) * sin(east))
    return x, atan2(tan(north), cos(east))
