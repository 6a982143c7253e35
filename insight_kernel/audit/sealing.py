"""What people wrote in their own words stands in the log sealed, with a key that can be destroyed.

There is a key for each case, and one for each organisation where there is no case. Without its key a text is gone
for good, and the chain over the sealed bytes stays whole. Hashes of requests are made with the same key, so that
nobody can find out by trying which name was asked for.
"""

import hashlib
import hmac
import re
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from insight_kernel.errors import Unavailable
from insight_kernel.files import remove, replace_file

ERASED = "erased"
_NONCE = 12
_SCOPE = re.compile(r"@?[A-Z0-9-]{1,40}")
ANY = "@"  # where an entry names neither case nor organisation


class Private(str):
    """A text in somebody's own words: it may name people, and is sealed when it is written to the log."""

    __slots__ = ()


def private(fields: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return fields in which every text of this name, however deep, is private.

    Examples
    --------
    >>> found = private({"label": {"conditions": "ask Ana", "owner": "FR"}}, "conditions")["label"]
    >>> type(found["conditions"]).__name__, type(found["owner"]).__name__
    ('Private', 'str')
    """
    return _each(fields, name, Private)


def erased(fields: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return fields in which every text of this name, however deep, is erased."""
    return _each(fields, name, lambda _: ERASED)


def _each(fields: Mapping[str, Any], name: str, change: Callable[[str], str]) -> dict[str, Any]:
    found: dict[str, Any] = dict(fields)
    for key, value in fields.items():
        if isinstance(value, Mapping):
            found[key] = _each(value, name, change)
        elif key == name and isinstance(value, str):
            found[key] = change(value)
    return found


class Sealing:
    """The keys of a store's log, in a folder that only the gateway reads.

    Examples
    --------
    >>> import tempfile
    >>> sealing = Sealing(Path(tempfile.mkdtemp()))
    >>> entry = sealing.sealed({"case": "OP-A", "reason": Private("Jean Dupont was seen")})
    >>> sealing.opened(entry)["reason"]
    'Jean Dupont was seen'
    >>> sealing.erase("OP-A"), sealing.opened(entry)["reason"]
    (True, 'erased')
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._lock = folder, Lock()
        self._keys: dict[str, bytes] = {}

    def hashed(self, case: str, data: bytes) -> str:
        """Return a keyed hash, by which an entry names a request without letting anybody try what it said."""
        return hmac.new(self._key(case), data, hashlib.sha256).hexdigest()

    def sealed(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Return an entry in which every private text is sealed."""
        scope = scope_of(fields)
        return {name: self._written(value, scope) for name, value in fields.items()}

    def opened(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        """Return an entry with its private texts as they were, or `erased`."""
        return {
            name: self._read(value) if isinstance(value, dict) else value for name, value in entry.items()
        }

    def holds(self, scope: str) -> bool:
        """Tell whether there is a key of a case or organisation."""
        return self._path(scope).exists()

    def erase(self, scope: str) -> bool:
        """Destroy a key; return whether there was one."""
        path = self._path(scope)
        with self._lock:
            self._keys.pop(scope, None)
            there = path.exists()
            if there:
                replace_file(
                    path, bytes(32)
                )  # so that the name leads to nothing, also where the old bytes stay
                remove(path)
        return there

    def _written(self, value: Any, scope: str) -> Any:
        if isinstance(value, Private):
            nonce = secrets.token_bytes(_NONCE)
            sealed = nonce + AESGCM(self._key(scope)).encrypt(
                nonce, value.encode("utf-8", "surrogatepass"), None
            )
            return {"sealed": scope, "text": b64encode(sealed).decode()}
        if isinstance(value, dict):
            return {name: self._written(each, scope) for name, each in value.items()}
        return value

    def _read(self, value: dict[str, Any]) -> Any:
        if set(value) == {"sealed", "text"}:
            return Private(self._text(value["sealed"], b64decode(value["text"])))
        return {name: self._read(each) if isinstance(each, dict) else each for name, each in value.items()}

    def _text(self, scope: str, data: bytes) -> str:
        if scope not in self._keys and not self._path(scope).exists():
            return ERASED
        try:
            found = AESGCM(self._key(scope)).decrypt(data[:_NONCE], data[_NONCE:], None)
        except InvalidTag:  # sealed with a key that was destroyed, before there was a new one
            return ERASED
        return found.decode("utf-8", "surrogatepass")

    def _key(self, scope: str) -> bytes:
        found = self._keys.get(scope)
        if found is not None:
            return found
        with self._lock:
            path = self._path(scope)
            try:
                if not path.exists():
                    replace_file(path, secrets.token_bytes(32))
                return self._keys.setdefault(scope, path.read_bytes())
            except OSError as error:
                wrong = f"the key of its words in the log could not be kept ({error.strerror})"
                raise Unavailable("answer", wrong, "Free space, then try again.") from error

    def _path(self, scope: str) -> Path:
        return self._folder / scope


def scope_of(fields: Mapping[str, Any]) -> str:
    """Return whose key seals what an entry says: its case's, else its organisation's or the owner's.

    Examples
    --------
    >>> scope_of({"case": "OP-A", "owner": "FR"}), scope_of({"owner": "FR"}), scope_of({"case": "../a"})
    ('OP-A', '@FR', '@')
    """
    organisation = fields.get("organisation") or fields.get("owner") or ""
    found = str(fields.get("case") or f"{ANY}{organisation}")
    return found if _SCOPE.fullmatch(found) else ANY
