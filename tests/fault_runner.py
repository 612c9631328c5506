"""Inject a fault at every file operation of a command, each in a process of its own.

Run as a script, apart from pytest: the audit hook that sees file operations cannot be taken out of
a process again. Prints a JSON list, one entry a fault: where, which, and what was wrong after it.

Faults: ``error`` makes the operation fail (the device is broken), ``kill`` ends the process there
as kill -9 does, ``full`` lets writes succeed only up to some size (a short write, then an error),
``cut`` ends the process in the middle of such a write.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import json
import os
import resource
import shutil
import signal
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from corpus_files import SMALL, edit_cell
from fake_encoder import FakeEncoder

from hytki_match.corpus import check_corpus
from hytki_match.errors import HytkiMatchError
from hytki_match.index import build, build_index, open_index, versions
from hytki_match.settings import Settings
from hytki_match.upkeep.bringing_in import plan_import, write_plan
from hytki_match.upkeep.forgetting import forget
from hytki_match.upkeep.searching import search
from hytki_match.upkeep.sheets import SheetRow
from hytki_match.upkeep.taking_out import export_tables

CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir"}
SIZES = (0, 100, 3_000, 30_000, 100_000)
CONTACT = "lab-desk"


@dataclass
class Watch:
    """Counts operations below a folder and strikes at one of them."""

    folder: str = ""
    at: int = 0
    fault: str = ""
    count: int = 0
    places: list[str] | None = None

    def __call__(self, event, arguments):
        if not self.folder or not (event in CHANGES or event == "open"):
            return
        path = arguments[0]
        if not isinstance(path, str | os.PathLike) or not str(path).startswith(self.folder):
            return
        if event == "open" and not arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            event = "read"
        self.count += 1
        if self.places is not None:
            self.places.append(f"{event} {Path(path).name}")
        if self.count == self.at and self.fault == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if self.count == self.at:
            raise OSError(errno.EIO, "Input/output error")


watch = Watch()
sys.addaudithook(lambda event, arguments: watch(event, arguments))


def quick_loading():
    """Read each corpus once: what a build does with files of the index is what is tested."""
    from hytki_match.corpus.files import corpus_digest

    load = functools.lru_cache(lambda folder, digest: real(folder))
    real = build.load_corpus
    build.load_corpus = lambda folder: replace(
        load(folder, digest := corpus_digest(folder)), digest=digest
    )


def do_build(settings):
    build_index(settings.corpus_dir, settings.index_dir, FakeEncoder())


def do_promote(settings):
    versions.promote(settings.index_dir, versions.version_names(settings.index_dir)[0])


def do_rollback(settings):
    if not rollback_is_done(settings):
        versions.rollback(settings.index_dir)


def rollback_is_done(settings):
    first, last = versions.list_versions(settings.index_dir)
    return first.serves and last.rolled_back


def do_import(settings):
    rows = {
        "topics": [SheetRow(2, {"id": "gait", "label_fi": "kävely", "label_en": "gait"})],
        "companies": [SheetRow(2, {"id": "stepper", "topics": "gait"})],
    }
    write_plan(plan_import(settings.corpus_dir, Path("rows.csv"), rows), settings.corpus_dir)


def do_forget(settings):
    forget(CONTACT, settings, FakeEncoder())


def import_is_done(settings):
    return "gait" in (settings.corpus_dir / "companies.csv").read_text(encoding="utf-8")


def forget_is_done(settings):
    places = [settings.corpus_dir.parent]
    return not search([CONTACT, "desk@lab.example.org", ".forgetting"], places).left


COMMANDS = {
    "build": (do_build, lambda settings: True),
    "promote": (do_promote, lambda settings: True),
    "rollback": (do_rollback, rollback_is_done),
    "import": (do_import, import_is_done),
    "forget": (do_forget, forget_is_done),
}


def in_child(action):
    """Run in a process of its own; return 0, 1 (a told error), 2 (a surprise) or minus a signal."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 2
    with contextlib.suppress(BaseException):
        try:
            action()
            code = 0
        except HytkiMatchError:
            code = 1
    os._exit(code)


def strike(command, settings, at, fault):
    """Run the command with one fault."""

    def action():
        if fault in ("error", "kill"):
            watch.folder, watch.at, watch.fault = str(settings.corpus_dir.parent), at, fault
        else:
            if fault == "cut":
                signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
                resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_FSIZE, (at, resource.RLIM_INFINITY))
        COMMANDS[command][0](settings)

    return in_child(action)


def problems(command, settings, ended):
    """Return what is wrong after a fault: nothing must be."""
    run, is_done = COMMANDS[command]
    found = [] if ended in (0, 1, -signal.SIGKILL, -signal.SIGXFSZ) else [f"ended with {ended}"]
    try:
        served = open_index(settings.index_dir).manifest.version
        found += versions.verify_version(settings.index_dir, served)
        found += map(str, check_corpus(settings.corpus_dir) if command == "import" else ())
        if ended or not is_done(settings):  # an operation may fail that the command can do without
            run(settings)
        served = open_index(settings.index_dir).manifest.version
        found += versions.verify_version(settings.index_dir, served)
    except HytkiMatchError as error:
        return [*found, f"afterwards: {error}"]
    left = [p.name for p in settings.corpus_dir.parent.rglob("*") if p.name.startswith(".building")]
    left += [p.name for p in settings.corpus_dir.parent.rglob("*.new")]
    return [*found, *left, *(() if is_done(settings) else ("the command is not done",))]


def places_of(command, settings):
    """Return the operations of a command in their order."""
    file = settings.corpus_dir.parent / "places"

    def action():
        watch.places, watch.folder = [], str(settings.corpus_dir.parent)
        COMMANDS[command][0](settings)
        watch.folder = ""
        file.write_text(json.dumps(watch.places))

    assert in_child(action) == 0
    return json.loads(file.read_text())


def faults(places, every_change, every_read):
    """Yield where to strike and how: at one change in so many, and at one read in so many."""
    numbered = list(enumerate(places, start=1))
    for at, place in [row for row in numbered if row[1].startswith("read")][::every_read]:
        yield at, "error", place
    for at, place in [row for row in numbered if not row[1].startswith("read")][::every_change]:
        yield at, "error", place
        yield at, "kill", place
    for size in SIZES:
        yield size, "full", f"file of {size} bytes"
        yield size, "cut", f"file of {size} bytes"


def main(command, every_change, every_read):
    quick_loading()
    results = []
    with tempfile.TemporaryDirectory() as folder:
        template = Settings(Path(folder) / "t" / "corpus", Path(folder) / "t" / "index")
        work = Settings(Path(folder) / "w" / "corpus", Path(folder) / "w" / "index")
        shutil.copytree(SMALL, template.corpus_dir)
        for _ in range(2):
            do_build(template)

        def fresh():
            shutil.rmtree(Path(folder) / "w", ignore_errors=True)
            shutil.copytree(Path(folder) / "t", Path(folder) / "w")
            if command == "build":  # something to encode
                edit_cell(work.corpus_dir, "companies", "sleepy", "description_en", "It measures.")
            if command == "forget":
                export_tables(work, Path(folder) / "w" / "contacts.csv", ("contacts",))

        fresh()
        for at, fault, place in faults(places_of(command, work), every_change, every_read):
            fresh()
            ended = strike(command, work, at, fault)
            results.append([place, fault, problems(command, work, ended)])
    sys.stdout.write(json.dumps(results))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
