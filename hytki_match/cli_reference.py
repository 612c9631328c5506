"""``docs/cli.md`` from the code: ``python -m hytki_match.cli_reference > docs/cli.md``.

A test compares the two, so the page cannot say anything else than the commands.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = """\
# The command line

<!-- Written by `python -m hytki_match.cli_reference > docs/cli.md`; do not edit. -->

Exit codes: **0** done; **1** something has to be mended, and the message on standard error says
what and how; **2** wrong usage; **3** nothing was written, since the answer to the question was no,
or there is no terminal to ask on and `--yes` was not given; **130** stopped with Ctrl-C. Results go
to standard output, progress and errors to standard error. With `--json` the output is JSON and
nothing else.

Progress is a bar with rate and remaining time on a terminal, and a plain line every ten seconds in
a pipe.

Completion of commands, options and versions in your shell:

```sh
eval "$(hytki-match completion bash)"              # in ~/.bashrc
eval "$(hytki-match completion zsh)"               # in ~/.zshrc
hytki-match completion fish | source               # in ~/.config/fish/config.fish
```
"""


def reference() -> str:
    """Return the whole page."""
    from hytki_match.cli import cli

    context = click.Context(cli, info_name="hytki-match", max_content_width=80)
    return HEAD + "".join(_sections(context, cli))


def _sections(context: click.Context, command: click.Command) -> Iterator[str]:
    yield _section(context, command)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.commands[name]
            yield from _sections(click.Context(inner, context, info_name=name), inner)


def _section(context: click.Context, command: click.Command) -> str:
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    help_text = inspect.cleandoc(command.help or "").replace("\b\n", "")
    text, _, examples = help_text.partition("Example")
    lines = ["", f"## {context.command_path}", "", f"`{usage}`", "", text.strip(), ""]
    if examples:
        shown = inspect.cleandoc(examples.partition("\n")[2].partition("\n\n")[0])
        lines += ["```sh", shown, "```", ""]
    rows = [
        record
        for parameter in command.get_params(context)
        if isinstance(parameter, click.Option)
        and (record := parameter.get_help_record(context))
        and "--help" not in parameter.opts
    ]
    if rows:
        lines += ["| option | meaning |", "|---|---|"]
        lines += [f"| `{_cell(name)}` | {_cell(meaning)} |" for name, meaning in rows]
        lines.append("")
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    click.echo(reference(), nl=False)
