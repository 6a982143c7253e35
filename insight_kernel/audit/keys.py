"""The keys that sign checkpoints: the private one in `keys/`, all public ones listed beside the log.

A new key comes each year and is signed by the one before it, so that whoever trusts the first can trust the last.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from insight_kernel.audit.chain import canonical
from insight_kernel.errors import BadInput, Unavailable
from insight_kernel.files import finish_file, replace_file

PRIVATE, PUBLIC = "checkpoints", "keys.json"
"""Name of the private key among a store's keys, and of the list of public ones beside its log."""
_COMING = f"{PRIVATE}-coming"  # until the list names it
_LIFETIME = timedelta(days=365)  # after which a new key signs


def key_name(public: str) -> str:
    """Return how a public key, in hexadecimal, is called."""
    return hashlib.sha256(bytes.fromhex(public)).hexdigest()[:16]


def is_signed(public: str, fields: Mapping[str, Any], signature: object) -> bool:
    """Tell whether fields carry the signature of a public key.

    Examples
    --------
    >>> key = Ed25519PrivateKey.generate()
    >>> line = signed(key, {"count": 3})
    >>> is_signed(public_of(key), {"count": 3}, line["signature"]), is_signed(public_of(key), {"count": 4}, "00")
    (True, False)
    """
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(str(signature)), canonical(fields))
    except (InvalidSignature, ValueError):
        return False
    return True


def signed(key: Ed25519PrivateKey, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields with the signature of a key."""
    return {**fields, "signature": key.sign(canonical(fields)).hex()}


def public_of(key: Ed25519PrivateKey) -> str:
    """Return the public part of a key, in hexadecimal."""
    return key.public_key().public_bytes_raw().hex()


@dataclass(frozen=True)
class PublicKey:
    """A public key of a log: since which day, and by which key it was introduced (the first by itself)."""

    log: str
    public: str
    since: str
    by: str
    signature: str = ""

    @property
    def name(self) -> str:
        """Return how it is called."""
        return key_name(self.public)

    def said(self) -> dict[str, str]:
        """Return what its introduction signs."""
        return {name: value for name, value in asdict(self).items() if name != "signature"}


def trusted(keys: Iterable[PublicKey]) -> dict[str, PublicKey]:
    """Return, by name, the keys from the first on of which each was introduced by one before it."""
    found: dict[str, PublicKey] = {}
    for key in keys:
        by = found.get(key.by) if found else key
        if by is None or (by.name, by.log) != (key.by, key.log):
            continue
        if is_signed(by.public, key.said(), key.signature):
            found[key.name] = key
    return found


def read_keys(raw: object) -> list[PublicKey]:
    """Read a list of public keys; raise `BadInput` when it is none."""
    try:
        found = [PublicKey(**{name: str(value) for name, value in each.items()}) for each in raw]  # type: ignore[attr-defined]
        _ = [(key.name, date.fromisoformat(key.since)) for key in found]
    except (TypeError, AttributeError, ValueError):
        raise BadInput("read the public keys", "this is no list of keys", "Restore it.") from None
    return found


def public_keys(audit: Path) -> list[PublicKey]:
    """Return the public keys listed beside a log, oldest first; none where there never was one."""
    path = audit / PUBLIC
    if not path.exists():
        return []
    try:
        return read_keys(json.loads(path.read_bytes()))
    except ValueError:
        raise BadInput(f"read {path}", "it is no list of keys", "Restore it from a backup.") from None


@dataclass(frozen=True)
class SigningKey:
    """The key that signs now, and the log it signs for."""

    log: str
    name: str
    private: Ed25519PrivateKey

    def signed(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Return fields signed, with the names of log and key."""
        return signed(self.private, {**fields, "log": self.log, "key": self.name})


def signing_key(secret: Path, audit: Path, day: date) -> SigningKey:
    """Return the key of a log's checkpoints, made for a new log and replaced after a year.

    Raises
    ------
    Unavailable
        When the private key is lost, or another than the last one listed.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> first, later = (signing_key(folder, folder, date(year, 1, 1)) for year in (2026, 2028))
    >>> first.log == later.log, first.name == later.name, list(trusted(public_keys(folder))) == [first.name, later.name]
    (True, False, True)
    """
    listed = public_keys(audit)
    if not listed:
        return _introduced(secret, audit, [], day, None)
    private = _private(secret, listed[-1].public)
    if date.fromisoformat(listed[-1].since) <= day - _LIFETIME:
        return _introduced(secret, audit, listed, day, private)
    return SigningKey(listed[-1].log, listed[-1].name, private)


def _introduced(
    secret: Path, audit: Path, listed: list[PublicKey], day: date, before: Ed25519PrivateKey | None
) -> SigningKey:
    """Make a key, signed by the one before it; a process killed half-way leaves the old one or the new one listed."""
    private = Ed25519PrivateKey.generate()
    public = public_of(private)
    by, log = (
        (listed[-1].name, listed[-1].log) if listed else (key_name(public), f"log-{secrets.token_hex(8)}")
    )
    said = PublicKey(log, public, day.isoformat(), by).said()
    replace_file(secret / _COMING, private.private_bytes_raw())
    keys = [*(asdict(key) for key in listed), signed(before or private, said)]
    replace_file(audit / PUBLIC, json.dumps(keys, indent=1).encode())
    finish_file(secret / _COMING, secret / PRIVATE)
    return SigningKey(log, key_name(public), private)


def _private(secret: Path, public: str) -> Ed25519PrivateKey:
    """Return the private part of a key; the coming one where a process was killed before that had its name."""
    for path in (secret / PRIVATE, secret / _COMING):
        found = _read_private(path)
        if found is not None and public_of(found) == public:
            return found
    wrong = "the private key of its checkpoints is lost"
    raise Unavailable("sign the log", wrong, "Restore keys/ from a backup.")


def _read_private(path: Path) -> Ed25519PrivateKey | None:
    try:
        return Ed25519PrivateKey.from_private_bytes(path.read_bytes())
    except (OSError, ValueError):  # not there, not readable, or cut: lost in any case
        return None
