"""Addresses in the tables, and whether they answer. The one module that goes on the network."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hytki_match.corpus.schema import parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from hytki_match.corpus.writing import Rows

HOSTS_AT_ONCE = 8
SECONDS_BETWEEN = 1.0
"""Pause between two requests to one host: we are guests there."""

TIMEOUT = 10.0
AGENT = "hytki-match-links (checks the addresses of a public catalogue)"
_GET_INSTEAD = frozenset({403, 405, 501})


@dataclass(frozen=True, slots=True)
class Link:
    """An address with the rows that name it; ``problem`` is empty when it answers."""

    address: str
    rows: tuple[str, ...]
    problem: str = ""


def all_links(tables: Mapping[str, Rows]) -> list[Link]:
    """Return every web address of the tables once."""
    found: dict[str, list[str]] = defaultdict(list)
    for table, rows in tables.items():
        for row in rows:
            for address in (row.get("url", ""), *parts(row.get("source_url", ""))):
                if address.startswith(("http://", "https://")):
                    found[address].append(f"{table}/{row['id']}")
    return [Link(address, tuple(dict.fromkeys(rows))) for address, rows in sorted(found.items())]


def dead_links(
    links: Sequence[Link],
    progress: Callable[[int, int], None] | None = None,
    pause: float = SECONDS_BETWEEN,
) -> list[Link]:
    """Ask every address with HEAD; return those that do not answer, with the problem.

    Hosts are asked side by side, the addresses of one host one after another with a pause.
    """
    by_host: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        by_host[urlsplit(link.address).netloc].append(link)
    found: list[Link] = []
    done = 0
    with ThreadPoolExecutor(HOSTS_AT_ONCE) as pool:
        for checked in pool.map(lambda host: list(_ask(host, pause)), by_host.values()):
            found += [link for link in checked if link.problem]
            done += len(checked)
            if progress:
                progress(done, len(links))
    return sorted(found, key=lambda link: link.address)


def _ask(links: Sequence[Link], pause: float) -> Iterator[Link]:
    for number, link in enumerate(links):
        time.sleep(pause if number else 0)
        yield Link(link.address, link.rows, _problem(link.address))


def _problem(address: str, method: str = "HEAD") -> str:
    request = urllib.request.Request(  # noqa: S310 - only http and https come here
        address, method=method, headers={"User-Agent": AGENT}
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT):  # noqa: S310
            return ""
    except urllib.error.HTTPError as error:
        if method == "HEAD" and error.code in _GET_INSTEAD:
            return _problem(address, "GET")
        return f"answers {error.code} {error.reason}"
    except urllib.error.URLError as error:
        return f"does not answer ({error.reason})"
    except (OSError, ValueError) as error:
        return f"does not answer ({error})"
