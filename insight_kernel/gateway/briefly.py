"""Believing for a moment: what another service said is used again for a second, and not longer."""

import hashlib
import hmac
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

_BELIEVED = 1.0  # seconds
_MOST = 10_000
Said = TypeVar("Said")
Kept = TypeVar("Kept")


def keep(kept: "OrderedDict[str, Kept]", key: str, value: Kept) -> None:
    """Keep a value under a key, and of too many only the latest; the caller holds the lock."""
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > _MOST:
        kept.popitem(last=False)


class Briefly(Generic[Said]):
    """Answers by token; tokens are kept as keyed hashes only.

    Examples
    --------
    >>> clock = iter([0.0, 0.9, 1.1, 1.1]).__next__
    >>> briefly = Briefly(b"key", clock)
    >>> [briefly.get("token", lambda: said) for said in ("first", "second", "third")]
    ['first', 'first', 'third']
    """

    def __init__(self, key: bytes, now: Callable[[], float] = time.monotonic) -> None:
        self._key, self._now = key, now
        self._kept: OrderedDict[str, tuple[float, Said]] = OrderedDict()
        self._lock = Lock()

    def get(self, token: str, ask: Callable[[], Said]) -> Said:
        """Return what was said within the last second, or what is said now; an error is never kept."""
        name, now = self.hash(token), self._now()
        with self._lock:
            asked, said = self._kept.get(name, (0.0, None))
        if said is None or now - asked >= _BELIEVED:
            said = ask()
            with self._lock:
                keep(self._kept, name, (now, said))
        return said

    def hash(self, token: str) -> str:
        """Return the name under which a token may be written down."""
        return hmac.new(self._key, token.encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()
