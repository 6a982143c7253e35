"""Asking the warden of a host for what only root can do."""

import json
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from insight_kernel.errors import Unavailable

_LONGEST = 65_536


class Asked:
    """A request under way; closing it ends what it started."""

    def __init__(self, warden: Path, request: dict[str, Any], descriptors: Sequence[int] = ()) -> None:
        self._connection = socket.socket(socket.AF_UNIX)
        try:
            self._connection.connect(str(warden))
            socket.send_fds(self._connection, [json.dumps(request).encode()], list(descriptors))
        except OSError:
            self.close()
            raise _away() from None

    def answer(self) -> dict[str, Any]:
        """Wait for what came of it.

        Raises
        ------
        Unavailable
            When it could not be done.
        """
        try:
            said = json.loads(self._connection.recv(_LONGEST) or b"{}")
        except (OSError, ValueError):
            raise _away() from None
        if not said or "error" in said:
            raise _away()
        found: dict[str, Any] = said
        return found

    def close(self) -> None:
        """Let go."""
        self._connection.close()


def ask_warden(warden: Path, **request: Any) -> dict[str, Any]:
    """Ask for something that is done at once, and return what came of it."""
    asked = Asked(warden, request)
    try:
        return asked.answer()
    finally:
        asked.close()


def _away() -> Unavailable:
    return Unavailable("ask the warden", "it does not do as asked", "Try again in a minute.")
