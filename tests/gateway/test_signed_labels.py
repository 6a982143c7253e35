"""Labels in answers are signed: what is changed or borrowed is noticed, what is missing never counts as free."""

from pathlib import Path

import pytest

from insight_kernel.audit.chain import entries
from insight_kernel.client.asking import Asker
from tests.companies import store_of_companies
from tests.servers import Server, gateway

Label = dict[str, str]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one company that Tokyo may not receive."""
    return store_of_companies(tmp_path_factory.mktemp("signed"), {"acme": {"owner": "MA"}})


def shown(asker: Asker) -> Label:
    """The label of an answer, as a request shows it."""
    found = asker.table("find", schema="Company").schema.metadata
    names = {"insight": b"insight", "key": b"insight-key", "signature": b"insight-signature"}
    return {name: found[key].decode() for name, key in names.items()}


def asked(server: Server, token: str, *labels: Label) -> tuple[int, bool | None]:
    """Whether all may go to Tokyo, with these labels shown."""
    answer = server.post("can_release", {"to": ["JP"], "labels": list(labels)}, token)
    return answer.status_code, answer.json()["JP"]["granted"] if answer.status_code == 200 else None


@pytest.mark.case("A44")
def test_a_label_shown_or_left_out_changes_nothing_and_a_wrong_one_is_refused(server: Server) -> None:
    """The floating label decides; changed, or of another workspace: 403 and an alarm that names no other."""
    token = server.session()
    own, other = shown(Asker(server.address, token)), shown(server.asker(user="ben"))
    assert [asked(server, token), asked(server, token, own)] == [(200, False), (200, False)]
    forged = {**own, "insight": own["insight"].replace('"MA"', '"JP"')}
    assert forged != own
    odd = {**own, "signature": "\N{SNOWMAN}"}
    assert [asked(server, token, label) for label in (forged, other, odd)] == [(403, None)] * 3
    alarms = [e for e in entries(server.store / "audit" / "log.jsonl") if e.get("weight") == "alarm"]
    assert [alarm["reason"] for alarm in alarms] == ["forged-label", "label-of-another"]
    assert all(alarm["user"] == "ana" and "ben" not in str(alarm) for alarm in alarms)


@pytest.mark.case("F22")
def test_an_answer_of_an_older_key_verifies_and_one_of_a_lost_key_counts_as_unlabelled(
    server: Server,
) -> None:
    """After rotation both keys are known; a lost one makes its labels none at all, and nothing goes free."""
    old = shown(server.asker())
    keys = server.store / "keys"
    [key] = keys.glob("labels-*")
    server.kill()
    aged = key.rename(keys / "labels-2020-01-01-00000000")
    renamed = {**old, "key": "2020-01-01-00000000"}
    with gateway(server.store) as again:
        token = again.session()
        assert shown(Asker(again.address, token))["key"] != renamed["key"]
        assert asked(again, token, renamed) == (200, False)
        assert asked(again, token, {**renamed, "signature": "0" * 64})[0] == 403
    aged.unlink()
    with gateway(server.store) as again:
        assert asked(again, again.session(), {**renamed, "signature": "0" * 64}) == (200, False)
