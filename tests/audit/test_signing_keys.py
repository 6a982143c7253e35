"""The keys that sign checkpoints: which are believed, and what happens when one is lost, cut or cannot be read."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from insight_kernel.audit import keys
from insight_kernel.audit.keys import (
    PRIVATE,
    PUBLIC,
    PublicKey,
    key_name,
    public_keys,
    public_of,
    read_keys,
    signed,
    signing_key,
    trusted,
)
from insight_kernel.audit.verify import verify
from insight_kernel.errors import BadInput, Unavailable
from tests.audit.logs import DAY

LATER = DAY + timedelta(days=366)


@pytest.mark.parametrize(
    "spoil",
    [lambda path: path.unlink(), lambda path: path.write_bytes(path.read_bytes()[:31]),
     lambda path: path.write_bytes(b""), lambda path: (path.unlink(), path.mkdir()),
     lambda path: path.write_bytes(Ed25519PrivateKey.generate().private_bytes_raw())],
    ids=["gone", "cut", "empty", "not readable", "another"],
)  # fmt: skip
@pytest.mark.case("F22")
def test_without_its_private_key_a_log_is_not_signed(tmp_path: Path, spoil: Callable[[Path], object]) -> None:
    """No new key is made in its place, also not when a new one is due: that would look like another log."""
    signing_key(tmp_path / "keys", tmp_path / "audit", DAY)
    listed = public_keys(tmp_path / "audit")
    spoil(tmp_path / "keys" / PRIVATE)
    for day in (DAY, LATER):
        with pytest.raises(Unavailable, match=r"its checkpoints is lost\. Restore keys/ from a backup"):
            signing_key(tmp_path / "keys", tmp_path / "audit", day)
    assert public_keys(tmp_path / "audit") == listed


@pytest.mark.case("F22")
def test_a_gateway_killed_while_the_key_changes_signs_with_the_one_that_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before the new key is listed the old one signs; killed after that, before it has its name, the new one."""
    secret, audit = tmp_path / "keys", tmp_path / "audit"
    first = signing_key(secret, audit, DAY)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as stopped:
        stopped.setattr(keys, "signed", killed)
        with pytest.raises(KeyboardInterrupt):
            signing_key(secret, audit, LATER)
    assert signing_key(secret, audit, DAY).name == first.name
    with monkeypatch.context() as stopped:
        stopped.setattr(keys, "finish_file", killed)
        with pytest.raises(KeyboardInterrupt):
            signing_key(secret, audit, LATER)
    second = signing_key(secret, audit, LATER)
    assert list(trusted(public_keys(audit))) == [first.name, second.name]
    assert public_of(second.private) == public_keys(audit)[-1].public


def listed(private: Ed25519PrivateKey, by: Ed25519PrivateKey, log: str = "log-a") -> PublicKey:
    """Return a key introduced by another, or by itself."""
    public = public_of(private)
    said = PublicKey(log, public, DAY.isoformat(), key_name(public_of(by))).said()
    return PublicKey(**signed(by, said))


@pytest.mark.case("A66")
def test_a_key_is_believed_that_a_believed_one_introduced() -> None:
    """Not one by a stranger, by itself, for another log, or that names another than signed it."""
    first, second, stranger = (Ed25519PrivateKey.generate() for _ in range(3))
    root, later = listed(first, first), listed(second, first)
    assert list(trusted([root, later])) == [root.name, later.name]
    of_another = listed(second, first, "log-b")
    named_wrongly = replace(listed(second, stranger), by=root.name)
    for bad in (listed(stranger, stranger), listed(second, stranger), of_another, named_wrongly):
        assert list(trusted([root, bad])) == [root.name]
    assert trusted([later]) == {}


ONE = asdict(listed(key := Ed25519PrivateKey.generate(), key))


@pytest.mark.parametrize(
    "content",
    ["", "{", "7", "null", "[7]", "[{}]", '{"a": 1}', json.dumps([{**ONE, "more": ""}]),
     json.dumps([{**ONE, "public": "zz"}]), json.dumps([{**ONE, "since": "once"}])],
)  # fmt: skip
def test_a_spoilt_list_of_keys_is_named(tmp_path: Path, content: str) -> None:
    """Whoever checks or opens the log is told which file to restore; a log without any list is older than keys."""
    assert public_keys(tmp_path) == []
    (tmp_path / PUBLIC).write_text(content)
    for ask in (public_keys, verify, lambda folder: signing_key(folder, folder, DAY)):
        with pytest.raises(BadInput, match=r"keys\.json: it is no list of keys\. Restore it from a backup"):
            ask(tmp_path)
    (tmp_path / PUBLIC).write_text(json.dumps([ONE]))
    assert read_keys([ONE]) == public_keys(tmp_path)
