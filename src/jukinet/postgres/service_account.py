"""Whom the embedded server runs as. PostgreSQL refuses root, so root lends it an unprivileged account.

An ordinary user runs it as himself. For root:

* The account is the owner of the data when there is data, else `jukinet`, which is made when missing, else `nobody`.
* A checkout under a closed directory (`/root` is 0700) is out of the account's reach. No permission is opened for
  it: programs are copied once to where it can run them, and it is started *inside* its data directory, which it
  names `/proc/self/cwd`, so no path through the closed directory is ever walked.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from jukinet.domain.errors import OperationError

_ACCOUNT: Final = "jukinet"
_LAST_RESORT: Final = "nobody"
_USERADD: Final = (
    "useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent",
    "--shell", "/usr/sbin/nologin", _ACCOUNT,
)  # fmt: skip
_ADMINISTRATION_PATH: Final = "/usr/sbin:/usr/bin:/sbin:/bin"
_USERADD_ATTEMPTS: Final = 20
_PROGRAMS_PLACE: Final = Path("/var/lib/jukinet")
#: What a process calls the directory it stands in. Following it needs no right on the directories above.
_STANDING_PLACE: Final = Path("/proc/self/cwd")


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """The operating system account the server runs as; `uid` is None when that is simply the caller."""

    uid: int | None
    gid: int | None

    def own(self, path: Path) -> None:
        """Give `path` to the account."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def place_of(self, data: Path) -> Path:
        """Return the name by which a server started inside `data` reaches it."""
        return data if self.uid is None else _STANDING_PLACE

    def may_pass(self, directory: Path) -> bool:
        """Tell whether the account can walk to `directory` from the root and open what is in it."""
        if self.uid is None:
            return True
        return all(place.stat().st_mode & stat.S_IXOTH for place in (directory, *directory.parents))

    def run(
        self, command: Sequence[str | Path], *, inside: Path, log: IO[bytes], given: IO[bytes] | None = None
    ) -> int:
        """Run a program of the server as the account, standing in `inside`; return its exit code."""
        completed = subprocess.run(
            command,
            cwd=inside,
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
            env={"PATH": _ADMINISTRATION_PATH, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL if given is None else given,
            stdout=log,
            stderr=log,
            umask=0o077,
            check=False,
        )
        return completed.returncode


def find_service_account(data: Path) -> ServiceAccount:
    """Return the account for a server whose data is, or will be, in `data`.

    Raises:
        OperationError: root has no unprivileged account to lend.
    """
    if os.geteuid() != 0:
        return ServiceAccount(uid=None, gid=None)
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return ServiceAccount(uid=owner.st_uid, gid=owner.st_gid)
    entry = _find_entry(_ACCOUNT) or _make_account() or _find_entry(_LAST_RESORT)
    if entry is None:
        raise OperationError(f"PostgreSQL does not run as root: make an account named {_ACCOUNT}, or do not be root.")
    return ServiceAccount(uid=entry.pw_uid, gid=entry.pw_gid)


def _find_entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _make_account() -> pwd.struct_passwd | None:
    program = shutil.which("useradd", path=_ADMINISTRATION_PATH)
    if program is None:
        return None
    for _ in range(_USERADD_ATTEMPTS):
        made = subprocess.run([program, *_USERADD[1:]], capture_output=True, check=False)
        entry = _find_entry(_ACCOUNT)
        if entry is not None:
            return entry
        if b"try again later" not in made.stderr:
            return None
        time.sleep(0.1)  # somebody else is editing /etc/passwd
    return None


def find_runnable_programs(programs: Path, account: ServiceAccount) -> Path:
    """Return a directory of the server's programs that the account can run: `programs`, or a copy of it.

    `programs` is the `bin` directory of an installation. The whole installation is copied, with the libraries that
    a Python wheel keeps beside its package. The copy belongs to root, and a new version gets a new copy.
    """
    if account.uid is None or _may_run(programs / "initdb", account):
        return programs
    installation = programs.parent
    package = installation.parent
    version = hashlib.sha256((programs / "postgres").read_bytes()).hexdigest()[:16]
    copy = _PROGRAMS_PLACE / f"postgresql-{version}"
    if not copy.exists():
        # Programs look for those libraries by a path relative to themselves, so places are kept as they are.
        libraries = package.with_name(f"{package.name}.libs")
        _copy_all([place for place in (installation, libraries) if place.is_dir()], package.parent, copy)
    return copy / programs.relative_to(package.parent)


def _may_run(program: Path, account: ServiceAccount) -> bool:
    try:
        completed = subprocess.run(
            [program, "--version"],
            cwd="/", user=account.uid, group=account.gid, extra_groups=[], capture_output=True, check=False,
        )  # fmt: skip
    except PermissionError:
        return False
    return completed.returncode == 0


def _copy_all(places: Sequence[Path], top: Path, copy: Path) -> None:
    copy.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    unfinished = copy.with_name(f"{copy.name}.{os.getpid()}")
    shutil.rmtree(unfinished, ignore_errors=True)
    for place in places:
        ignored = shutil.ignore_patterns("include", "*.a")
        shutil.copytree(place, unfinished / place.relative_to(top), symlinks=True, ignore=ignored)
    for path in (copy.parent, unfinished, *unfinished.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    try:
        unfinished.rename(copy)
    except OSError:  # another process was quicker
        shutil.rmtree(unfinished, ignore_errors=True)
        if not copy.exists():
            raise
