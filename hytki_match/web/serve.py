"""Start the web chat on a port that is free: ``python -m hytki_match.web.serve --port 8501``."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import click

from hytki_match.errors import HytkiMatchError
from hytki_match.settings import Settings

DEFAULT_PORT = 8501
LOCAL = "localhost"


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=DEFAULT_PORT, show_default=True)
def serve(port: int) -> None:
    """Start the web chat, or say that the port is taken."""
    if is_taken(port):
        raise click.ClickException(
            f"Port {port} is taken by another program. Choose another: make chat PORT={port + 1}"
        )
    click.echo(f"HYTKI Match: http://{LOCAL}:{port} (stop with Ctrl-C)")
    os.chdir(Path(__file__).resolve().parents[2])
    _open_index()
    # In this process, which has the index open, so that the first visitor does not wait for it.
    from streamlit.web.cli import main as streamlit

    sys.argv = ["streamlit", "run", "app.py", f"--server.port={port}"]
    streamlit()


def _open_index() -> None:
    from hytki_match.web.state import shared_matcher

    try:
        shared_matcher(Settings.from_environment())
    except HytkiMatchError:
        return  # The page says what is wrong, in its language and with the cure.


def is_taken(port: int) -> bool:
    """Tell whether something listens on the port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


if __name__ == "__main__":
    serve()
