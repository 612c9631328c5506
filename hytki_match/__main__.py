"""``python -m hytki_match`` is the command line."""

from hytki_match.cli import main

main()
