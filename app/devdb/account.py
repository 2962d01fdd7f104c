"""Who the server runs as. PostgreSQL refuses to be root, and a server must not outlive whoever started it."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from app.devdb.refusal import ClusterError

NEW_NAMES = ("unshare", "--user", "--map-user=65534", "--map-group=65534")
"""Root, under another name and without its powers: what root owns stays within reach, below closed folders too."""


@dataclass(frozen=True, slots=True)
class Account:
    """The user of the server's processes (None: ourselves), and the command that makes them so."""

    user: int | None = None
    group: int | None = None
    prefix: tuple[str, ...] = ()

    def give(self, tree: Path) -> None:
        """Make the account own all of `tree`. Only root can, and only root needs to."""
        owner = self.user or 0
        if os.geteuid() != 0 or tree.stat().st_uid == owner:
            return
        for folder, _, files in os.walk(tree, topdown=False):  # the tree itself last: it says that all is done
            for path in (*(os.path.join(folder, name) for name in files), folder):  # noqa: PTH118 (a thousand files)
                os.chown(path, owner, self.group or 0, follow_symlinks=False)

    def popen(self, *command: str | Path, output: int) -> subprocess.Popen[bytes]:
        """Start a program as this account, in a session of its own, so that Ctrl-C reaches its starter alone."""
        return subprocess.Popen(  # noqa: S603
            [*self.prefix, *command],
            user=self.user,
            group=self.group,
            extra_groups=None if self.user is None else [],
            cwd="/",
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def account_for(folder: Path, binaries: Path) -> Account:
    """Ourselves; and when we are root, the folder's owner, or `nobody`, or root under another name."""
    if os.geteuid() != 0:
        return Account()
    nobody, owned = pwd.getpwnam("nobody"), folder.stat()
    user, group = (owned.st_uid, owned.st_gid) if owned.st_uid else (nobody.pw_uid, nobody.pw_gid)
    if _can_enter(user, folder.parent) and _can_enter(user, binaries):
        return Account(user, group)
    if _may_unshare():
        return Account(prefix=NEW_NAMES)
    raise ClusterError(
        f"PostgreSQL does not run as root, and no other user can enter {folder.parent} and {binaries}. "
        "Move the project to a folder that others may enter, or run it as an ordinary user, or set DATABASE_URL."
    )


def leash() -> tuple[str, ...]:
    """The command that shuts the server down when its starter dies, where the system knows how (Linux)."""
    return ("setpriv", "--pdeathsig=INT", "--") if shutil.which("setpriv") else ()


def _can_enter(user: int, folder: Path) -> bool:
    return all(_lets_in(user, step.stat()) for step in (folder, *folder.parents))


def _lets_in(user: int, status: os.stat_result) -> bool:
    return bool(status.st_mode & (0o100 if status.st_uid == user else 0o001))


def _may_unshare() -> bool:
    if not shutil.which(NEW_NAMES[0]):
        return False
    return subprocess.run([*NEW_NAMES, "true"], capture_output=True, check=False).returncode == 0  # noqa: S603
