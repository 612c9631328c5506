"""Questions before something is written that cannot be taken back."""

from __future__ import annotations

import sys

import click

from hytki_match.errors import UnconfirmedError


def agreed(question: str, *, yes: bool) -> bool:
    """Tell whether to go on: by ``--yes``, or because a person says so; without a terminal, no.

    Raises
    ------
    UnconfirmedError
        When the person says no.
    click.Abort
        When Ctrl-C is the answer.
    """
    if yes:
        return True
    if not sys.stdin.isatty():
        return False
    try:
        # On standard error: what goes to standard output may be read by a program.
        if click.confirm(question, err=True):
            return True
    except click.Abort:
        click.echo("\nNothing was written.", err=True)
        raise
    raise UnconfirmedError(said_no=True)
