"""Ids: random per store, the same on every delivery, and not to be guessed from what they stand for."""

import hashlib
from collections.abc import Callable, Sequence
from functools import lru_cache

_DIGITS = 16


def entity_hasher(key: bytes) -> Callable[[str, str], int]:
    """Return the function (key space, delivered key) -> entity number of one store.

    A 64-bit keyed BLAKE2 hash: nobody without the store's key can compute one, it does not depend on what
    else was delivered, and two keys collide with probability n**2 / 2**65 among n entities (about one in a
    third of a million at ten million).

    Examples
    --------
    >>> number = entity_hasher(b"secret")
    >>> number("world", "p-1") == number("world", "p-1") != number("world", "p-2")
    True
    """

    @lru_cache(maxsize=65536)
    def number(space: str, delivered: str) -> int:
        data = f"{space}\0{delivered}".encode()
        return int.from_bytes(hashlib.blake2b(data, digest_size=8, key=key, person=b"entity").digest(), "big")

    return number


def record_id(key: bytes, owner: str, source: str, content: bytes) -> str:
    """Return the id of one delivered item: same owner, source and content, same id."""
    digest = hashlib.blake2b(digest_size=16, key=key, person=b"record")
    for part in (owner.encode(), source.encode(), content):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def document_key(place: str, sha256: str, above: Sequence[str] = ()) -> str:
    """Return the key under which a document is delivered: its place, its content, and what it lies in, nearest last.

    Examples
    --------
    >>> document_key("note.txt", "00" * 32) != document_key("copy.txt", "00" * 32)
    True
    """
    return hashlib.sha256("/".join([*above, place, sha256]).encode()).hexdigest()


def to_text(number: int) -> str:
    """Write an entity number as people see it; the order of texts is the order of numbers.

    Examples
    --------
    >>> to_text(255), from_text("00000000000000ff"), from_text("ff"), from_text("0x000000000000ff")
    ('00000000000000ff', 255, None, None)
    """
    return f"{number:0{_DIGITS}x}"


def from_text(text: str) -> int | None:
    """Read an id; None when it has not the form of one."""
    if len(text) != _DIGITS or any(c not in "0123456789abcdef" for c in text):
        return None
    return int(text, 16)
