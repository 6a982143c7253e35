"""Checking a log from outside: our own command and the page's verifier, which has nothing of ours, say the same."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import pytest

from insight_kernel.audit.chain import sealed
from insight_kernel.audit.checkpoint import append_line, made
from insight_kernel.audit.keys import SigningKey, public_keys, public_of, signing_key, trusted
from insight_kernel.audit.log import AuditLog
from insight_kernel.audit.verify import verify
from insight_kernel.errors import Unavailable
from insight_kernel.shipped import shipped
from tests.audit.logs import DAY, Kept, edited, kept, rechained

PAGE = shipped("docs/reference") / "audit-log.md"
_NEEDED = ("cryptography", "cffi", "_cffi_backend")
Tampering = Callable[[Kept], None]


@pytest.fixture
def whole(tmp_path: Path) -> Kept:
    return kept(tmp_path)


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the page's verifier and the library it needs, and nothing else."""
    folder = tmp_path_factory.mktemp("outside")
    code = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert len(code) == 1
    (folder / "verify.py").write_text(code[0])
    for name in _NEEDED:
        spec = find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        found = Path(spec.origin)
        found = found.parent if found.name == "__init__.py" else found
        (folder / found.name).symlink_to(found)
    return folder


def alone(outside: Path, *code: str) -> "subprocess.CompletedProcess[str]":
    """Run Python without the packages of this environment: only the folder's own."""
    start = f"import sys; sys.path.append({str(outside)!r}); "
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", start + code[0], *code[1:]], cwd=outside, capture_output=True,
        text=True, check=False,
    )  # fmt: skip


def verified(outside: Path, log: Kept, *witnesses: Path) -> tuple[int, str]:
    code = f"import runpy; runpy.run_path({str(outside / 'verify.py')!r})"
    done = alone(outside, code, str(log.audit), *map(str, witnesses))
    assert done.stderr == ""
    return done.returncode, done.stdout.strip()


def on_log(change: Callable[[list[bytes]], list[bytes]]) -> Tampering:
    return lambda log: log.log.write_bytes(b"".join(change(log.lines(log.log)))) and None


def on_checkpoints(change: Callable[[list[bytes]], list[bytes]]) -> Tampering:
    return lambda log: log.checkpoints.write_bytes(b"".join(change(log.lines(log.checkpoints)))) and None


def both(*parts: Tampering) -> Tampering:
    return lambda log: [part(log) for part in parts] and None


def foreign_key(log: Kept) -> None:
    log.checkpoints.write_bytes(b"".join(log.lines(log.checkpoints)[:2]))
    log.sign(9, log.lines(log.log)[8], secret="stranger")


def foreign_list(log: Kept) -> None:
    """A stranger's key says that it is the log's next one; only the signature of the one before is missing."""
    stranger, mine = signing_key(log.root / "stranger", log.root / "stranger", DAY), public_keys(log.audit)[0]
    lines, path = log.lines(log.checkpoints), log.audit / "keys.json"
    log.checkpoints.write_bytes(b"".join(lines[:2]))
    forged = SigningKey(mine.log, stranger.name, stranger.private)
    append_line(log.checkpoints, made(forged, 9, json.loads(lines[2])["head"]).as_dict())
    new = {"public": public_of(stranger.private), "by": mine.name, "signature": "00" * 64}
    path.write_text(json.dumps([asdict(mine), {**asdict(mine), **new}]))


SPOILT: dict[str, tuple[Tampering, str, str]] = {
    "edited": (on_log(lambda n: [*n[:4], edited(n[4], rows=70), *n[5:]]), "entry 6 does not follow entry 5", "entry 6"),
    "deleted": (on_log(lambda n: [*n[:4], *n[5:]]), "line 5 has number 6", "entry 5"),
    "moved": (on_log(lambda n: [*n[:4], n[5], n[4], *n[6:]]), "line 5 has number 6", "entry 5"),
    "put in": (on_log(lambda n: [*n[:4], edited(n[3], n=5), *n[4:]]), "entry 5 does not follow entry 4", "entry 5"),
    "cut": (on_log(lambda n: n[:7]), "the log ends at entry 7, and checkpoint 3 counts 9", "checkpoint 3"),
    "emptied": (on_log(lambda n: []), "the log ends at entry 0, and checkpoint 1 counts 3", "entry 0"),
    "tail zeroed": (on_log(lambda n: [*n[:7], b"\0" * 200]), "zeros stand after entry 7", "after entry 7"),
    "rewritten": (on_log(lambda n: rechained([*n[:4], *n[5:], n[0]])), "entry 6 or one before it", "checkpoint 2"),
    "rewritten from the first": (on_log(lambda n: rechained(n[::-1])), "entry 3 or one before it", "checkpoint 1"),
    "checkpoint forged": (on_checkpoints(lambda n: [*n[:2], edited(n[2], count=8)]),
                          "checkpoint 3 was changed", "checkpoint 3"),
    "checkpoint of another key": (foreign_key, "checkpoint 3 is signed with a key that is not", "checkpoint 3"),
    "another key put among the log's": (foreign_list, "was not introduced by the one before it", "was not introduced"),
    "checkpoint that is none": (on_checkpoints(lambda n: [n[0], b"{}\n", n[2]]),
                                "checkpoint 2 is no checkpoint", "checkpoint 2"),
    "checkpoint of no entries": (on_checkpoints(lambda n: [*n[:2], edited(n[2], count=0)]),
                                 "checkpoint 3 counts no entries", "checkpoint 3"),
    "checkpoint whose hash is no text": (on_checkpoints(lambda n: [*n[:2], edited(n[2], head=7)]),
                                         "checkpoint 3 is no checkpoint", "checkpoint 3"),
    "checkpoints exchanged": (on_checkpoints(lambda n: [n[1], n[0], n[2]]),
                              "checkpoint 2 counts 3 entries after", "checkpoint 2"),
}  # fmt: skip
"""What somebody does who does not hold the store's key: found without any witness."""

AGAIN: dict[str, tuple[Tampering, str]] = {
    "rolled back": (both(on_log(lambda n: n[:6]), on_checkpoints(lambda n: n[:2])),
                    "the log ends at entry 6, and line 3 of witness.jsonl counts 9"),
    "rewritten and signed": (both(on_log(lambda n: rechained([edited(n[0], user="x"), *n[1:]])), Kept.sign_all_again),
                             "entry 3 or one before it is not what line 1 of witness.jsonl was made of"),
    "a checkpoint left out": (on_checkpoints(lambda n: [n[0], n[2]]),
                              "the checkpoint of 6 entries, in line 2 of witness.jsonl, is missing"),
}  # fmt: skip
"""What only a witness can tell: the whole is in order, and signed by the store's own key."""


def on_witness(change: Callable[[list[bytes]], list[bytes]]) -> Tampering:
    return lambda log: log.witnesses[0].write_bytes(b"".join(change(log.lines(log.witnesses[0])))) and None


def strangers_lines(log: Kept) -> None:
    """The file of a witness, but of another log than this one."""
    other = kept(log.root / "other")
    log.witnesses[0].write_bytes(other.witnesses[0].read_bytes())


def unvouched(log: Kept) -> None:
    """The log goes on for ten thousand entries, and no checkpoint is made."""
    _, lines = log.checkpoints.write_bytes(b""), log.lines(log.log)
    head = sha256(lines[-1][:-1]).hexdigest()
    for number in range(len(lines) + 1, 10_002):
        lines.append(sealed(number, datetime.now(UTC), {"operation": "search"}, head) + b"\n")
        head = sha256(lines[-1][:-1]).hexdigest()
    log.log.write_bytes(b"".join(lines))


OUTSIDE: dict[str, tuple[Tampering, str, str]] = {
    "a line changed": (on_witness(lambda n: [n[0], edited(n[1], time="x"), n[2]]),
                       "line 2 of witness.jsonl was changed", "line 2 of witness.jsonl was not written by the witness"),
    "a line that is none": (on_witness(lambda n: [*n[:2], b"{}\n"]),
                            "line 3 of witness.jsonl was changed", "line 3 of witness.jsonl was not written"),
    "a line whose time is no text": (on_witness(lambda n: [*n[:2], edited(n[2], time=7)]),
                                     "line 3 of witness.jsonl was changed", "line 3 of witness.jsonl was not written"),
    "the file of another log": (strangers_lines, "line 1 of witness.jsonl is signed with a key that is not the log's",
                                "line 1 of witness.jsonl is not signed by a key of this log"),
    "no checkpoints any more": (unvouched, "a checkpoint is missing between entries 0 and 10001",
                                "a checkpoint is missing after entry 0"),
}  # fmt: skip
"""What a witness's file says that is not its own, or not of this log; and a log that nobody vouches for."""


@pytest.mark.case("A66")
@pytest.mark.parametrize("name", OUTSIDE)
def test_what_vouches_for_a_log_is_checked_itself(whole: Kept, outside: Path, name: str) -> None:
    """A file of a witness proves nothing by being there, and entries without checkpoints are a fault."""
    tamper, ours, theirs = OUTSIDE[name]
    tamper(whole)
    shown = whole.witnesses[:1] if name != "no checkpoints any more" else []
    assert ours in (verify(whole.audit, shown).fault or "")
    assert theirs in verified(outside, whole, *shown)[1]


@pytest.mark.case("A66")
def test_each_witness_is_read_though_their_files_have_one_name(whole: Kept) -> None:
    """Every witness calls its file alike: the word of the first is not lost behind that of the last."""
    whole.witnesses[1].write_bytes(b"".join(whole.lines(whole.witnesses[1])[:2]))
    north, south = map(str, whole.witnesses)
    assert verify(whole.audit, whole.witnesses).witnesses == {north: 9, south: 6}
    on_witness(lambda n: [edited(n[0], time="x")])(whole)
    assert (
        verify(whole.audit, whole.witnesses).fault == f"line 1 of {north} was changed: its signature is wrong"
    )


@pytest.mark.case("F3")
def test_a_line_that_was_not_written_to_its_end_is_none(whole: Kept, outside: Path) -> None:
    """Neither a checkpoint nor a countersignature counts before its last byte is there."""
    for path in (whole.checkpoints, whole.witnesses[0]):
        path.write_bytes(path.read_bytes() + b'{"count":')
    found = verify(whole.audit, whole.witnesses[:1])
    assert (found.fault, found.checkpoints, found.witnesses) == (None, 3, {"witness.jsonl": 9})
    assert verified(outside, whole, whole.witnesses[0]) == (0, "whole")


@pytest.mark.parametrize("name", ["log.jsonl", "keys.json", "checkpoints.jsonl"])
def test_a_file_that_is_missing_is_said_in_one_line(whole: Kept, outside: Path, name: str) -> None:
    """The page's verifier does not end in its own code."""
    (whole.audit / name).unlink()
    status, said = verified(outside, whole)
    assert (status, said.startswith("a file that vouches for the log is missing")) == (1, True)


def test_the_verifier_has_nothing_of_ours(outside: Path) -> None:
    """Where it runs, our package cannot be imported; it is about fifty lines."""
    done = alone(outside, "import cryptography, insight_kernel")
    assert done.stderr.strip().endswith("ModuleNotFoundError: No module named 'insight_kernel'")
    lines = (outside / "verify.py").read_text().splitlines()
    assert "insight" not in "".join(lines)
    assert len([line for line in lines if line.strip()]) < 60


def test_a_good_log_is_whole_for_both(whole: Kept, outside: Path) -> None:
    """With and without the witnesses' files; how far each countersigned is said."""
    assert verified(outside, whole) == (0, "whole")
    for path in whole.witnesses:
        assert verified(outside, whole, path) == (0, "whole")
    found = verify(whole.audit, [whole.witnesses[0]])
    assert (found.fault, found.checkpoints, found.unvouched, found.witnesses) == (
        None,
        3,
        0,
        {"witness.jsonl": 9},
    )


@pytest.mark.case("A66")
@pytest.mark.case("F4")
@pytest.mark.parametrize("name", SPOILT)
def test_each_tampering_is_named_at_its_place(whole: Kept, outside: Path, name: str) -> None:
    """Both name the first bad entry or checkpoint, and a log that is spoilt is not opened any more."""
    tamper, ours, theirs = SPOILT[name]
    tamper(whole)
    fault = verify(whole.audit).fault
    assert fault is not None
    assert ours in fault
    code, said = verified(outside, whole)
    assert code == 1
    assert theirs in said
    if "exchanged" not in name and "is none" not in name:  # the last checkpoint is looked at, not all of them
        with pytest.raises(
            Unavailable, match=r"the last good checkpoint is that of|there is no good checkpoint"
        ):
            AuditLog(whole.log)


@pytest.mark.case("A66")
@pytest.mark.parametrize("name", AGAIN)
def test_what_the_stores_own_key_signed_again_only_a_witness_tells(
    whole: Kept, outside: Path, name: str
) -> None:
    """Rolled back or rewritten with all checkpoints: whole by itself, and refuted by what a witness kept."""
    tamper, fault = AGAIN[name]
    tamper(whole)
    assert verify(whole.audit).fault is None
    assert verified(outside, whole) == (0, "whole")
    assert verify(whole.audit, whole.witnesses[:1]).fault == fault
    code, said = verified(outside, whole, *whole.witnesses)
    assert code == 1
    assert re.search(r"line \d of witness.jsonl is", said)


@pytest.mark.case("F22")
def test_a_new_key_is_trusted_through_the_old_one(whole: Kept) -> None:
    """After a year a new key signs, introduced by the old one; a lost key stops everything."""
    keys = whole.root / "keys"
    later = signing_key(keys, whole.audit, DAY + timedelta(days=366))
    assert list(trusted(public_keys(whole.audit)))[-1] == later.name
    assert verify(whole.audit).fault is None
    for path in keys.iterdir():
        path.unlink()
    with pytest.raises(Unavailable, match="the private key of its checkpoints is lost"):
        signing_key(keys, whole.audit, DAY)
