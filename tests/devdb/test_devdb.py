"""The embedded PostgreSQL: real servers, started, killed and left behind."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from app.devdb import Cluster, ClusterError, find_binaries
from app.devdb.account import account_for

DEBIAN = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
SERVERS = [find_binaries(), *(postgres.parent for postgres in DEBIAN)]
ROOT = Path(__file__).parents[2]

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be anybody")

STARTER = """
import sys, time
from pathlib import Path
from app.devdb import Cluster
cluster = Cluster(Path(sys.argv[1]), pg_bin=None)
cluster.start()
print(cluster.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter; those of pytest are closed when root makes them."""
    with tempfile.TemporaryDirectory(dir="/tmp", prefix="open-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data as a first start leaves it: each test takes a copy, which starts in a moment."""
    folder = tmp_path_factory.mktemp("made")
    with Cluster(folder, pg_bin=None):
        pass
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "database"))


async def ask(cluster: Cluster, *statements: str) -> object:
    """The value of the last of the statements, over one connection."""
    connection = await asyncpg.connect(cluster.url("postgres"))
    try:
        return [await connection.fetchval(statement) for statement in statements][-1]
    finally:
        await connection.close()


def start_elsewhere(folder: Path, **environment: str) -> tuple[subprocess.Popen[str], psutil.Process]:
    """Start the server of a folder in a process of its own; that process, and the postmaster."""
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, folder],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert starter.stdout
    with starter.stdout as said:
        number = said.readline()
    if not number:
        kill(starter)
    return starter, psutil.Process(int(number))


def kill(starter: subprocess.Popen[str]) -> None:
    starter.send_signal(signal.SIGKILL)
    starter.wait()


@pytest.mark.parametrize("binaries", SERVERS, ids=str)
async def test_a_server_starts_anywhere_keeps_what_it_was_told_and_leaves_nothing(
    binaries: Path, tmp_path: Path
) -> None:
    cluster = Cluster(tmp_path / "a b" / "济南, 山东", pg_bin=binaries)
    for kept in ([], ["𠮷·彡"]):
        with cluster:
            postmaster = psutil.Process(cluster.pid)
            assert await ask(cluster, "create table if not exists names (name text)", "select 1") == 1
            assert await ask(cluster, "select coalesce(array_agg(name), '{}') from names") == kept
            await ask(cluster, "insert into names values ('𠮷·彡')")
            assert await ask(cluster, "show server_encoding") == "UTF8"
            assert await ask(cluster, "show fsync") == "on"
            assert await ask(cluster, "show listen_addresses") == ""
            version = await ask(cluster, "show server_version_num")
            assert f"postgresql-{int(str(version)) // 10_000}" in {path.name for path in (tmp_path / "a b").glob("*/*")}
        assert not postmaster.is_running()


async def test_an_address_names_a_database_whatever_it_is_called(folder: Path) -> None:
    with Cluster(folder, pg_bin=None) as cluster:
        await ask(cluster, 'create database "学校 & co/1"')
        connection = await asyncpg.connect(cluster.url("学校 & co/1"))
        assert await connection.fetchval("select current_database()") == "学校 & co/1"
        await connection.close()


async def test_settings_reach_the_server(folder: Path) -> None:
    with Cluster(folder, pg_bin=None, settings={"max_connections": "7"}) as cluster:
        assert await ask(cluster, "show max_connections") == "7"


def test_a_server_that_cannot_start_says_why_and_may_be_started_again(folder: Path) -> None:
    with pytest.raises(ClusterError, match="invalid value for parameter"):
        Cluster(folder, pg_bin=None, settings={"max_connections": "many"}).start()
    with Cluster(folder, pg_bin=None) as cluster:
        assert psutil.pid_exists(cluster.pid)


def test_a_socket_path_that_is_too_long_is_replaced_and_the_short_one_removed(made: Path, tmp_path: Path) -> None:
    deep = tmp_path / ("long" * 25)
    shutil.copytree(made, deep)
    with Cluster(deep, pg_bin=None) as cluster:
        command = psutil.Process(cluster.pid).cmdline()
        sockets = Path(command[command.index("-k") + 1])
        assert sockets.parent == Path("/tmp")  # noqa: S108
        assert (sockets / ".s.PGSQL.5432").is_socket()
    assert not sockets.exists()


def test_others_cannot_open_the_socket(folder: Path) -> None:
    with Cluster(folder, pg_bin=None) as cluster:
        command = psutil.Process(cluster.pid).cmdline()
        socket = Path(command[command.index("-k") + 1]) / ".s.PGSQL.5432"
        assert socket.stat().st_mode & 0o777 == 0o700


def test_a_folder_has_one_starter_at_a_time(folder: Path) -> None:
    with Cluster(folder, pg_bin=None), pytest.raises(ClusterError, match="Another process is running the database"):
        Cluster(folder, pg_bin=None).start()
    with Cluster(folder, pg_bin=None):
        pass


async def test_what_was_committed_survives_the_death_of_every_process(folder: Path) -> None:
    cluster = Cluster(folder, pg_bin=None)
    cluster.start()
    connection = await asyncpg.connect(cluster.url("postgres"))
    await connection.execute("create table kept (number int)")
    await connection.execute("insert into kept values (1)")
    processes = [psutil.Process(cluster.pid), *psutil.Process(cluster.pid).children(recursive=True)]

    cluster.kill()
    assert len(processes) > 3
    assert not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in processes)
    with pytest.raises((asyncpg.PostgresConnectionError, ConnectionError)):
        await connection.fetchval("select 1")
    with pytest.raises(ClusterError, match="not running"):
        _ = cluster.pid

    with cluster:
        assert await ask(cluster, "select number from kept") == 1


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the next start stops it")
def test_a_server_goes_when_its_starter_is_killed(folder: Path) -> None:
    starter, postmaster = start_elsewhere(folder)
    kill(starter)
    postmaster.wait(timeout=10)


def test_a_server_left_behind_is_stopped_by_the_next_start(folder: Path, tmp_path: Path) -> None:
    for tool in ("unshare", "true"):
        if found := shutil.which(tool):
            (tmp_path / tool).symlink_to(found)
    starter, left_over = start_elsewhere(folder, PATH=str(tmp_path))  # where there is nothing to leash it with
    kill(starter)
    with pytest.raises(psutil.TimeoutExpired):
        left_over.wait(timeout=0.5)
    with Cluster(folder, pg_bin=None) as cluster:
        assert not left_over.is_running()
        assert cluster.pid != left_over.pid


def test_a_stranger_who_has_the_number_of_a_dead_server_is_spared_and_not_in_the_way(folder: Path) -> None:
    with Cluster(folder, pg_bin=None):
        [file] = folder.glob("*/postmaster.pid")
        lines = file.read_text().splitlines()
    with subprocess.Popen(["/bin/sleep", "600"]) as stranger:
        file.write_text("\n".join([str(stranger.pid), *lines[1:]]))
        try:
            with Cluster(folder, pg_bin=None) as cluster:
                assert cluster.pid != stranger.pid
            assert stranger.poll() is None
        finally:
            stranger.kill()


@only_root
async def test_root_runs_the_server_as_nobody(made: Path, open_folder: Path) -> None:
    folder = open_folder / "database"
    binaries = next((postgres.parent for postgres in DEBIAN), find_binaries())
    if account_for(open_folder, binaries).user is None:
        pytest.skip("no other user can enter the folder of the programs")
    nobody = pwd.getpwnam("nobody").pw_uid
    with Cluster(folder, pg_bin=binaries) as cluster:
        assert set(psutil.Process(cluster.pid).uids()) == {nobody}
        assert await ask(cluster, "select 1") == 1
    assert {path.stat().st_uid for path in folder.glob("*/*")} == {nobody}


@only_root
def test_root_takes_a_name_without_powers_where_nobody_else_can_enter(open_folder: Path) -> None:
    folder = open_folder / "closed" / "database"
    folder.mkdir(parents=True)
    binaries = Path("/usr/bin")
    assert account_for(folder, binaries).user == pwd.getpwnam("nobody").pw_uid
    folder.parent.chmod(0o700)
    hidden = account_for(folder, binaries)
    assert hidden.user is None
    said = hidden.popen("/bin/sh", "-c", "id -u; cat /etc/shadow; ls $0 && echo within", folder, output=subprocess.PIPE)
    output, _ = said.communicate()
    assert output.split()[0] == b"65534"
    assert output.endswith(b"within\n")


@only_root
def test_root_leaves_a_folder_to_the_user_it_belongs_to(open_folder: Path) -> None:
    os.chown(open_folder, 1234, 1235)
    account = account_for(open_folder, Path("/usr/bin"))
    assert (account.user, account.group) == (1234, 1235)


@only_root
def test_root_is_told_what_to_do_where_there_is_no_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ClusterError, match="as an ordinary user, or set DATABASE_URL"):
        account_for(tmp_path / "..", Path("/root"))


def test_programs_are_the_chosen_ones_or_the_newest_at_hand(tmp_path: Path) -> None:
    assert find_binaries(SERVERS[-1]) == SERVERS[-1].resolve()
    assert (find_binaries() / "initdb").is_file()
    with pytest.raises(ClusterError, match=f"PG_BIN is {tmp_path}"):
        find_binaries(tmp_path)
