"""Start the web chat on a port that is free: ``python -m hytki_match.web.serve --port 8501``."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import click

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
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    os.chdir(Path(__file__).resolve().parents[2])
    os.execv(sys.executable, command)  # noqa: S606 - our own interpreter, fixed arguments


def is_taken(port: int) -> bool:
    """Tell whether something listens on the port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


if __name__ == "__main__":
    serve()
