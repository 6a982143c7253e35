"""The command that starts something in a sandbox: a Unix account of its own, and next to nothing to see.

Two shells of bubblewrap. Root makes the outer one, because the installation and the gateway's socket may lie where the
account cannot reach them; the account makes the inner one, in which user namespaces cannot be made again. Between them
stands what the account may use of the machine. Nothing secret is on a command line: every account can read those.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import insight_kernel
from insight_kernel.shipped import shipped

HOME, DOOR, LINK = "/home/analyst", "/run/insight", "/run/link"
"""Inside: the home; the folder of the gateway's socket for questions; the folder of the sockets to the outside."""

GIB = 1024**3
_SYSTEM = ("/bin", "/lib", "/lib64", "/sbin")
_DROP = ("setpriv", "--no-new-privs", "--clear-groups")
_ACCOUNT = "analyst"


@dataclass(frozen=True)
class Limits:
    """What one account may use; memory is that of one process, unless the machine has control groups.

    Attributes
    ----------
    memory
        Bytes.
    processes, files
        Threads of the account in all its sandboxes; open files of a process.
    """

    memory: int = 4 * GIB
    processes: int = 512
    files: int = 4096

    @property
    def tmp(self) -> int:
        """Return the bytes of `/tmp`, which is memory too."""
        return self.memory // 4

    @property
    def shared(self) -> int:
        """Return the bytes of `/dev/shm`, which is memory too."""
        return self.memory // 16


@dataclass(frozen=True)
class Sandbox:
    """What is inside: the account's number, its home outside, and the folders it may see besides.

    Attributes
    ----------
    uid
        The Unix account, which owns `home` and nothing else.
    home
        A folder of the host; inside it is `HOME`.
    door
        The folder of the gateway's socket, inside `DOOR`, where nothing can be written.
    link
        The folder of the relays' sockets, inside `LINK`; None where nothing is relayed.
    """

    uid: int
    home: Path
    door: Path
    link: Path | None = None
    limits: Limits = field(default_factory=Limits)

    def outer(self, command: Sequence[str]) -> list[str]:
        """Return the command, for root, that runs `command` as the account, with the host's network and processes.

        Examples
        --------
        >>> Sandbox(60_000, Path("/homes/a"), Path("/run/a")).outer(["true"])[-5:]
        ['--reuid', '60000', '--regid', '60000', 'true']
        """
        folders = [("--bind", str(self.home), HOME), ("--ro-bind", str(self.door), DOOR)]
        if self.link is not None:
            folders.append(("--bind", str(self.link), LINK))
        return as_account(self.uid, folders, command)

    def inner(self, command: Sequence[str], passwd: int, hosts: int) -> list[str]:
        """Return the command, for the account within `outer`, that runs `command` with nothing but what it needs.

        `passwd` and `hosts` are the descriptors of `account_files`. The environment is the caller's to choose: on the
        command line every account of the machine would read it.
        """
        limits = self.limits
        bound = [*("--bind", HOME, HOME), *("--ro-bind", DOOR, DOOR)]
        bound += ["--bind", LINK, LINK] if self.link is not None else []
        return [
            "prlimit", f"--as={2 * limits.memory}", f"--nproc={limits.processes}", f"--nofile={limits.files}",
            "--core=0",
            "bwrap", "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session",
            "--cap-drop", "ALL", "--size", str(limits.tmp), "--tmpfs", "/tmp",
            *_installation(HOME, DOOR, LINK), "--proc", "/proc", "--dev", "/dev",
            "--size", str(limits.shared), "--tmpfs", "/dev/shm", "--remount-ro", "/dev",
            "--ro-bind-data", str(passwd), "/etc/passwd", "--ro-bind-data", str(hosts), "/etc/hosts",
            *bound, "--remount-ro", "/", "--chdir", HOME, "--", *command,
        ]  # fmt: skip


def as_account(uid: int, folders: Sequence[tuple[str, str, str]], command: Sequence[str]) -> list[str]:
    """Return the command, for root, that runs `command` as an account that sees the installation and these folders.

    Each is an option of bubblewrap, a folder of the host, and where it is inside. Network and processes are the host's.
    """
    bound = [word for folder in folders for word in folder]
    return [
        "bwrap", "--unshare-pid", "--die-with-parent",  # whoever ends the first process ends all of them
        "--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID",
        "--perms", "1777", "--tmpfs", "/tmp", *_installation(*(inside for _, _, inside in folders)),
        "--bind", "/proc", "/proc", "--dev-bind", "/dev", "/dev",
        *bound, "--chdir", "/", "--",
        *_DROP, "--reuid", str(uid), "--regid", str(uid), *command,
    ]  # fmt: skip


@contextmanager
def account_files(uid: int) -> Iterator[tuple[int, int]]:
    """Give descriptors of what is `/etc/passwd` and `/etc/hosts` inside, to be handed to the process.

    Libraries ask who they are, and where localhost is.
    """
    texts = (f"{_ACCOUNT}:x:{uid}:{uid}::{HOME}:/bin/sh\n", "127.0.0.1 localhost\n::1 localhost\n")
    files = [_in_memory(text) for text in texts]
    try:
        passwd, hosts = files
        yield passwd, hosts
    finally:
        for file in files:
            os.close(file)


def _in_memory(text: str) -> int:
    """Return the descriptor of a file without a name: an account has no folder here that it may write in."""
    file = os.memfd_create("insight")
    os.write(file, text.encode())
    os.lseek(file, 0, os.SEEK_SET)
    return file


def _installation(*beside: str) -> Iterator[str]:
    """Yield the options that show the system's programs, Python and this package, all read-only.

    Folders `beside` come later; those above them are made so that an account may enter them.
    """
    yield from ("--ro-bind", "/usr", "/usr")
    for name in _SYSTEM:
        path = Path(name)
        if path.is_symlink():
            yield from ("--symlink", str(path.readlink()), name)
        elif path.is_dir():
            yield from ("--ro-bind", name, name)
    yield from _opened(*beside, *map(str, _folders()))
    for folder in _folders():
        yield from ("--ro-bind", str(folder), str(folder))


def _opened(*inside: str) -> Iterator[str]:
    """Yield the options that make the folders above these: what bubblewrap makes by itself, only root may enter."""
    for folder in sorted({str(parent) for path in inside for parent in Path(path).parents} - {"/", "/usr"}):
        yield from ("--perms", "0755", "--dir", folder)


def _folders() -> list[Path]:
    """Return where Python and this package are, without those within another one of them or of `/usr`."""
    package = Path(insight_kernel.__file__).parent
    shown = [
        Path(sys.prefix),
        Path(sys.base_prefix),
        package,
        shipped("hub_config"),
        shipped("notebook_templates"),
    ]
    outermost: list[Path] = [Path("/usr")]
    for folder in sorted({path.resolve() for path in shown} | {path.absolute() for path in shown}):
        if not any(folder.is_relative_to(other) for other in outermost):
            outermost.append(folder)
    return outermost[1:]
