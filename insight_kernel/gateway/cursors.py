"""Cursors: where a paged answer goes on, in a form that says nothing and fits one workspace and one request.

A cursor holds the last entity of its page and what the rules and the organisation were. It is encrypted and sealed
with keys made from the store's, over who asked and what: nobody else's, and no other request's, opens it.
"""

import base64
import binascii
import hashlib
import hmac
import json

from insight_kernel.gateway.requests import Find
from insight_kernel.gateway.sessions import Session

_TAG, _NUMBER = 16, 8


class ForeignCursorError(Exception):
    """The cursor was given to somebody else, for something else, or by nobody."""


class StaleCursorError(Exception):
    """Since the cursor was given, the rules or the organisation file have changed."""


class Cursors:
    """Writes and reads the cursors of one store.

    Examples
    --------
    >>> cursors = Cursors(b"secret")
    >>> written = cursors.write(7, "version 1", "ana asks")
    >>> cursors.read(written, "version 1", "ana asks")
    7
    >>> cursors.read(written, "version 1", "ben asks")
    Traceback (most recent call last):
    insight_kernel.gateway.cursors.ForeignCursorError
    """

    def __init__(self, key: bytes) -> None:
        self._seal, self._hide = (_derived(key, use) for use in (b"cursor seal", b"cursor hide"))

    def write(self, last: int, version: str, bound: str) -> str:
        """Return a cursor that goes on after an entity; the same for the same, so that it tells nothing by itself."""
        plain = last.to_bytes(_NUMBER, "big") + _marked(version)
        tag = self._tag(plain, bound)
        return base64.urlsafe_b64encode(tag + self._hidden(plain, tag)).decode().rstrip("=")

    def read(self, cursor: str, version: str, bound: str) -> int:
        """Return the entity it goes on after."""
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise ForeignCursorError from None
        tag, plain = raw[:_TAG], self._hidden(raw[_TAG:], raw[:_TAG])
        if len(plain) != 2 * _NUMBER or not hmac.compare_digest(tag, self._tag(plain, bound)):
            raise ForeignCursorError
        if plain[_NUMBER:] != _marked(version):
            raise StaleCursorError
        return int.from_bytes(plain[:_NUMBER], "big")

    def _tag(self, plain: bytes, bound: str) -> bytes:
        return hashlib.blake2b(plain + bound.encode(), key=self._seal, digest_size=_TAG).digest()

    def _hidden(self, data: bytes, tag: bytes) -> bytes:
        """Hide what stands in a cursor, or show it again: the tag makes what it is mixed with."""
        mixed = hashlib.blake2b(tag, key=self._hide, digest_size=2 * _NUMBER).digest()
        return bytes(a ^ b for a, b in zip(data, mixed, strict=False))


def bound_to(session: Session, asked: Find) -> str:
    """Return what a cursor is bound to: whose workspace asks, for what, and what but for the cursor itself."""
    who = [session.user, session.workspace, session.necessity, session.recipient, session.run]
    size = asked.page and asked.page.size
    return json.dumps([*who, asked.schema_, sorted(asked.filters.items()), size])


def _derived(key: bytes, use: bytes) -> bytes:
    return hashlib.blake2b(use, key=key, digest_size=32).digest()


def _marked(version: str) -> bytes:
    return hashlib.blake2b(version.encode(), digest_size=_NUMBER).digest()
