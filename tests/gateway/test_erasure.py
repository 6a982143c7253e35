"""What people wrote in the log can be erased: it stands there sealed, with a key of its case that can be destroyed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from insight_kernel.audit.chain import entries, read_chain
from insight_kernel.audit.sealing import ERASED, Private
from insight_kernel.audit.verify import verify
from insight_kernel.errors import BadInput
from insight_kernel.gateway.admission import new_session
from insight_kernel.gateway.closing import AFTER, close_cases, erase
from insight_kernel.gateway.requests import Find
from insight_kernel.gateway.service import Gateway
from insight_kernel.gateway.workspaces import Necessity
from insight_kernel.store.folder import open_folder
from insight_kernel.store.opened import Store

CASE, NAME, BODY = "OP-LANTERN", "Jean Xyzzy", b'{"schema":"Person","filters":{"name":["Jean Xyzzy"]}}'
WHAT = {"owner": "FR", "data_owner": "FR", "source": "kept", "recipient": "MA", "purpose": "network",
        "until": "2999-01-01", "conditions": f"only about {NAME}"}  # fmt: skip


@contextmanager
def served(root: Path) -> Iterator[Gateway]:
    found = Gateway(Store(open_folder(root, create=True)))
    try:
        yield found
    finally:
        found.close()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A store in which a name was written as a necessity, a reason, a condition, a remark's section and a search."""
    with served(tmp_path / "store") as gate:
        day = gate.clock.today()
        needed = Necessity(f"{NAME} is missing", day + timedelta(days=9))
        gate.open_workspace("ana", CASE, "network", needed, by="ana", replace=False)
        session = new_session(gate.organisation(), "ana", "network", CASE, day)
        gate.answer("find", Find(schema="Person"), session, BODY)
        said = {"target": "a", "section": f"About {NAME}", "assessment": False, "grade": None, "remark": True}
        from insight_kernel.gateway.drafts import case_label

        label = case_label(gate.organisation(), session)
        gate.drafts.write(gate.audit, session, label, (), f"{NAME} was seen", said)
        gate.acts.ask("consent", WHAT, by="ana", reason=f"for {NAME}", now=gate.in_force.now())
    return tmp_path / "store"


def words(gate: Gateway) -> list[str]:
    """Return what the gateway knows of what people wrote."""
    opened = gate.workspaces.find("ana", CASE.lower())
    [act], [remark] = gate.acts.of_kind("consent", "waiting"), gate.drafts.remarks()
    assert opened is not None
    assert opened.necessity is not None
    return [opened.necessity.text, act.reason, act.what["conditions"], remark.section or ""]


WRITTEN = [f"{NAME} is missing", f"for {NAME}", f"only about {NAME}", f"About {NAME}"]


@pytest.mark.case("L19")
def test_no_word_stands_in_clear_and_no_request_can_be_tried(root: Path) -> None:
    """Neither the name nor a hash that somebody could make of what he suspects; accounts of staff stay."""
    log = (root / "audit" / "log.jsonl").read_bytes()
    for word in (NAME.encode(), b"Jean", b"missing"):
        assert word not in log
    tried = (BODY, NAME.encode(), f"{NAME} was seen".encode(), f"{NAME} is missing".encode())
    assert not [text for text in tried if sha256(text).hexdigest().encode() in log]
    assert b'"user":"ana"' in log
    assert (root / "keys" / "cases" / CASE).stat().st_mode & 0o077 == 0


def test_the_gateway_reads_them_as_long_as_there_is_a_key(root: Path) -> None:
    """After a restart it knows what people wrote."""
    with served(root) as gate:
        assert words(gate) == WRITTEN


@pytest.mark.case("L11")
def test_what_is_erased_is_gone_and_the_chain_is_whole(root: Path) -> None:
    """At once and after a restart; what belongs to no case goes with its organisation's key; notes stay readable."""
    before = (root / "audit" / "log.jsonl").read_bytes()
    with served(root) as gate:
        assert erase(gate, CASE, by="operator") is True
        assert words(gate) == [ERASED, *WRITTEN[1:3], ERASED]
        assert erase(gate, "@FR", by="operator") is True
        assert words(gate) == [ERASED] * 4
        assert erase(gate, CASE, by="operator") is False
        with pytest.raises(BadInput):
            erase(gate, "../ids", by="operator")
    with served(root) as gate:
        assert words(gate) == [ERASED] * 4
        [remark] = gate.drafts.remarks()
        assert gate.drafts.text(remark) == f"{NAME} was seen"
    found = [e for e in entries(root / "audit" / "log.jsonl") if e["operation"] == "erasure"]
    assert [(e.get("case"), e.get("organisation"), e["key"]) for e in found] == [
        (CASE, None, True), (None, "FR", True), (CASE, None, False),
    ]  # fmt: skip
    assert (root / "audit" / "log.jsonl").read_bytes().startswith(before)
    assert read_chain(root / "audit" / "log.jsonl").fault is None
    assert verify(root / "audit").fault is None


@pytest.mark.case("L11")
def test_what_is_written_after_an_erasure_has_a_new_key(root: Path) -> None:
    """And the old words stay erased."""
    with served(root) as gate:
        erase(gate, "@FR", by="operator")
        gate.acts.ask("consent", WHAT, by="ana", reason="written later", now=gate.in_force.now())
    with served(root) as gate:
        assert [act.reason for act in gate.acts.of_kind("consent", "waiting")] == [ERASED, "written later"]


def test_what_was_written_where_no_case_was_known_can_be_erased_too(root: Path) -> None:
    """It has a key of its own, which is called `@`."""
    with served(root) as gate:
        entry = gate.audit.append({"operation": "release", "decision": "refused", "reason": Private(NAME)})
        assert [e["reason"] for e in gate.log() if e["n"] == entry] == [NAME]
        assert erase(gate, "@", by="operator") is True
        assert [e["reason"] for e in gate.log() if e["n"] == entry] == [ERASED]


@pytest.mark.case("L11")
def test_a_case_closed_for_thirty_days_is_erased(root: Path) -> None:
    """Not a day earlier, once, and written down."""
    with served(root) as gate:
        end: date = gate.organisation().cases[CASE].end
        assert close_cases(gate, end + AFTER - timedelta(days=1)) == []
        assert CASE in close_cases(gate, end + AFTER)
        assert words(gate)[0] == ERASED
        assert close_cases(gate, end + AFTER) == []
    *_, last = (e for e in entries(root / "audit" / "log.jsonl") if e.get("case") == CASE)
    assert (last["operation"], last["by"], last["homes"]) == ("erasure", "retention", 0)
