"""Cases are kept: the same tests on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from hytki_match.adviser.case import Case, Entry, Limits, Part
from hytki_match.adviser.codec import case_from_dict, case_to_dict
from hytki_match.adviser.storage import CaseStore
from hytki_match.adviser.storage.tables import Base
from hytki_match.errors import CaseConflictError, CaseMissingError, StorageError

FULL = Case(
    "",
    "Uni & kävely",
    "Tarvitsemme unen mittausta.",
    company="Esimerkki Oy",
    sector="terveys",
    region="oulu",
    size="micro",
    stage="inspect",
    maturity={"data": 30},
    limits=Limits(regions=("oulu",), kinds=("companies",), must=("companies/x",), most=3),
    parts=(Part("p1", "Uni", 2), Part("m-data", "Data", origin="maturity")),
    shortlist=(Entry("companies/x", "agreed", "hyvä", {"agreed": "2026-02-01"}),),
)


def find_postgres():
    """Return the folder of PostgreSQL's programs, or None."""
    on_path = shutil.which("initdb")
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return Path(on_path).parent if on_path else places[-1].parent if places else None


@pytest.fixture(scope="session")
def postgres(tmp_path_factory):
    """Start a PostgreSQL of our own that only listens on a socket; gives its address."""
    programs = find_postgres()
    if programs is None:
        reason = "no PostgreSQL on this machine; on Debian: apt-get install postgresql"
        if os.environ.get("REQUIRE_POSTGRESQL"):
            pytest.fail(reason)
        pytest.skip(reason)
    base = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    owner = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(base, "nobody")
        owner = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]

    def run(program, *arguments):
        command = [*owner, str(programs / program), "-D", str(base / "data"), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=base)

    run("initdb", "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-k {base} -c listen_addresses='' -c fsync=off"
    run("pg_ctl", "-w", "-l", str(base / "log"), "-o", options, "start")
    yield f"postgresql://tester@/postgres?host={base}"
    run("pg_ctl", "-w", "-m", "immediate", "stop")
    shutil.rmtree(base)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def address(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'deep' / 'cases.db'}"
    url = request.getfixturevalue("postgres")
    engine = sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        connection.execute(sa.text("DROP SCHEMA public CASCADE"))
        connection.execute(sa.text("CREATE SCHEMA public"))
    engine.dispose()
    return url


class Clock:
    def __init__(self):
        self.time = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self):
        self.time += timedelta(seconds=1)
        return self.time


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(address, clock):
    found = CaseStore(address, clock)
    yield found
    found.close()


def test_a_case_comes_back_as_it_was_saved(store, address):
    stored = store.create(FULL, "anna@example.org", "oulu-hub")
    assert stored.version == 1
    assert stored.case == replace(FULL, case_id=stored.case.case_id)
    again = CaseStore(address)
    assert again.load(stored.case.case_id) == stored
    again.close()


def test_two_advisers_do_not_overwrite_each_other(store):
    mine = store.create(FULL, "anna")
    theirs = store.load(mine.case.case_id)
    store.save(replace(theirs.case, title="Pekan"), theirs.version, "pekka")
    with pytest.raises(CaseConflictError, match="pekka changed the case"):
        store.save(replace(mine.case, title="Annan"), mine.version, "anna")
    assert store.load(mine.case.case_id).case.title == "Pekan"


def test_of_many_savers_at_once_exactly_one_wins(store, address):
    first = store.create(FULL, "anna")
    won, lost = [], []

    def save(name):
        mine = CaseStore(address)
        try:
            mine.save(replace(first.case, title=name), first.version, name)
            won.append(name)
        except CaseConflictError:
            lost.append(name)
        mine.close()

    threads = [threading.Thread(target=save, args=(f"adviser {n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 5)
    assert store.load(first.case.case_id).case.title == won[0]


def test_saving_without_a_change_makes_no_version(store):
    stored = store.create(FULL, "anna")
    assert store.save(stored.case, stored.version, "anna") == stored


def test_a_deleted_case_comes_back_for_thirty_days(store, clock):
    case_id = store.create(FULL, "anna").case.case_id
    store.delete(case_id, "anna")
    assert store.list_cases() == []
    assert [line.case_id for line in store.list_cases(deleted=True)] == [case_id]
    with pytest.raises(CaseMissingError):
        store.load(case_id)
    clock.time += timedelta(days=29)
    assert store.erase_outdated() == 0
    assert store.restore(case_id, "anna").case.title == FULL.title
    store.delete(case_id, "anna")
    clock.time += timedelta(days=31)
    assert store.erase_outdated() == 1
    with pytest.raises(CaseMissingError):
        store.restore(case_id, "anna")


def test_the_history_says_who_when_and_what(store):
    first = store.create(FULL, "anna")
    second = store.save(replace(first.case, title="B", sector="y"), first.version, "pekka")
    store.delete(second.case.case_id, "anna")
    store.restore(second.case.case_id, "anna")
    told = [(c.version, c.who, c.what) for c in store.history(first.case.case_id)]
    assert told == [
        (4, "anna", "restored"),
        (3, "anna", "deleted"),
        (2, "pekka", "title, sector"),
        (1, "anna", "created"),
    ]
    assert "uni" not in json.dumps(told).lower()


def test_an_erased_case_leaves_nothing(store, address):
    case_id = store.create(replace(FULL, need="Salaisuus XYZZY"), "anna").case.case_id
    store.erase(case_id)
    with pytest.raises(CaseMissingError):
        store.history(case_id)
    assert "XYZZY" not in store.export_cases()
    if address.startswith("sqlite"):
        store.close()
        file = Path(address.removeprefix("sqlite:///"))
        left = b"".join(f.read_bytes() for f in file.parent.iterdir())
        assert b"XYZZY" not in left


def test_cases_of_another_hub_are_out_of_reach(store):
    case_id = store.create(FULL, "anna", "oulu").case.case_id
    assert store.list_cases("turku") == []
    for call in (
        lambda: store.load(case_id, "turku"),
        lambda: store.save(replace(FULL, case_id=case_id), 1, "x", "turku"),
        lambda: store.delete(case_id, "x", "turku"),
        lambda: store.erase(case_id, "turku"),
        lambda: store.history(case_id, "turku"),
    ):
        with pytest.raises(CaseMissingError):
            call()
    assert store.load(case_id, "oulu").case.title == FULL.title


def test_all_cases_are_exported_and_taken_in_elsewhere(store, tmp_path):
    kept = store.create(FULL, "anna", "oulu")
    store.delete(store.create(replace(FULL, title="Pois"), "anna").case.case_id, "anna")
    exported = store.export_cases()
    other = CaseStore(f"sqlite:///{tmp_path / 'other.db'}")
    assert other.import_cases(exported) == 2
    assert other.export_cases() == exported
    assert other.load(kept.case.case_id) == kept
    with pytest.raises(StorageError, match="stored here already"):
        other.import_cases(exported)
    other.close()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 2, "cases": [], "changes": []}'])
def test_what_is_no_export_is_refused_and_changes_nothing(store, text):
    with pytest.raises(StorageError):
        store.import_cases(text)
    assert store.list_cases() == []


def test_the_migrations_make_what_the_models_say(store):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with store._engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": "adviser_version"})
        assert compare_metadata(context, Base.metadata) == []


@pytest.mark.parametrize("spoil", [{"surprise": 1}, {"size": "huge"}, {"parts": [{"text": "x"}]}])
def test_a_stored_case_that_is_odd_is_refused(spoil):
    document = case_to_dict(FULL)
    assert case_from_dict(document) == FULL
    with pytest.raises(StorageError, match="cannot be read"):
        case_from_dict(document | spoil)


@pytest.mark.parametrize(
    "address", ["mysql://x/y", "sqlite://", "nonsense", "sqlite:////proc/x/y.db"]
)
def test_an_address_that_cannot_be_is_refused(address):
    with pytest.raises(StorageError):
        CaseStore(address)


def test_an_error_does_not_tell_the_password():
    with pytest.raises(StorageError) as stop:
        CaseStore("postgresql://anna:hunter2@127.0.0.1:1/none")
    assert "hunter2" not in str(stop.value)


SAVER = """
import sys
from dataclasses import replace
from hytki_match.adviser.storage import CaseStore
store = CaseStore(sys.argv[1])
stored = store.load(sys.argv[2])
for number in range(100_000):
    need = f"{number} " + "x" * 3000
    stored = store.save(replace(stored.case, need=need), stored.version, "saver")
    print(number, flush=True)
"""


def test_a_kill_while_saving_loses_at_most_the_last_edit(address):
    store = CaseStore(address)
    case_id = store.create(FULL, "anna").case.case_id
    for round_ in range(3):
        command = [sys.executable, "-c", SAVER, address, case_id]
        saver = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        confirmed = -1
        for _ in range(15 + round_):
            confirmed = int(saver.stdout.readline())
        saver.send_signal(signal.SIGKILL)
        rest = saver.stdout.read().split()
        saver.stdout.close()
        saver.wait()
        confirmed = int(rest[-1]) if rest else confirmed
        found = store.load(case_id).case.need
        assert int(found.split()[0]) in (confirmed, confirmed + 1)
        assert found.endswith("x" * 3000)
    store.close()
