"""Who may see what: each rule as a table of cases, in the order of the contract."""

from datetime import date
from typing import Any

import pytest

from insight_kernel.model.label import read_label
from insight_kernel.model.subject import Ask, read_ask
from insight_kernel.policy.decide import Decision, decide
from insight_kernel.policy.rules import REASONS
from tests.build import ABSENT, ask, raw_label, subject

ORDER = ("unreadable-label", "expired", "purpose", "clearance", "recipient", "file", "special", "consent")
Changes = dict[str, Any]


def test_the_order_of_reasons_is_the_contract() -> None:
    """Eight rules, in this order."""
    assert REASONS == ORDER


def test_an_ordinary_value_is_visible() -> None:
    """The builders' reader sees the builders' value: every table below changes one thing only."""
    assert _reason({}, {}) is None


@pytest.mark.case("A15")
@pytest.mark.parametrize(
    ("expires", "day", "reason"),
    [
        ("2026-11-22", date(2026, 11, 21), None), ("2026-11-21", date(2026, 11, 21), "expired"),
        ("2026-11-20", date(2026, 11, 21), "expired"), ("2028-02-29", date(2028, 2, 28), None),
        ("2028-02-29", date(2028, 2, 29), "expired"), ("9999-12-31", date(9999, 12, 30), None),
        ("9999-12-31", date(9999, 12, 31), "expired"), ("2038-01-20", date(2038, 1, 19), None),
        ("2031-01-01", None, "expired"),
    ],
)  # fmt: skip
def test_expiry(expires: str, day: date | None, reason: str | None) -> None:
    """Visible before its day of expiry, gone on that day; without a day nothing is shown."""
    assert _reason({}, {"expires": expires}, ask(day=day)) == reason


@pytest.mark.parametrize(
    ("stated", "reader", "owner", "reason"),
    [
        ("network", ["network"], ["network"], None), ("network", ["warn", "network"], ["network", "border"], None),
        ("network", ["warn"], ["network"], "purpose"), ("network", ["network"], ["warn"], "purpose"),
        ("warn", ["network"], ["network"], "purpose"), (None, ["network"], ["network"], "purpose"),
        ("network", [], ["network"], "purpose"), ("oversight", ["network"], ["network", "oversight"], "purpose"),
        ("oversight", ["oversight"], ["network", "oversight"], None), ("gossip", ["gossip"], ["network"], "purpose"),
    ],
)  # fmt: skip
def test_purpose(stated: str | None, reader: list[str], owner: list[str], reason: str | None) -> None:
    """The purpose stated must be the reader's and the owner's."""
    assert _reason({"purposes": reader}, {"purposes": owner}, ask(stated)) == reason


@pytest.mark.case("A14")
@pytest.mark.parametrize(
    ("clearance", "level", "reason"),
    [
        ("official", "official", None), ("official", "restricted", "clearance"),
        ("official", "confidential", "clearance"), ("restricted", "official", None),
        ("restricted", "restricted", None), ("restricted", "confidential", "clearance"),
        ("confidential", "official", None), ("confidential", "restricted", None),
        ("confidential", "confidential", None),
    ],
)  # fmt: skip
def test_clearance(clearance: str, level: str, reason: str | None) -> None:
    """Official is below restricted, restricted below confidential."""
    assert _reason({"clearance": clearance}, {"level": level}) == reason


@pytest.mark.case("A13")
@pytest.mark.parametrize(
    ("organisations", "label", "reason"),
    [
        (["MA"], {}, None),
        (["MA"], {"only": ["MA"]}, None),
        (["MA"], {"only": ["JP"]}, "recipient"),
        (["MA"], {"only": []}, "recipient"),
        (["MA"], {"excluded": ["MA"]}, "recipient"),
        (["MA"], {"excluded": ["JP"]}, None),
        (["MA"], {"only": ["MA"], "excluded": ["MA"]}, "recipient"),  # exclusion beats inclusion
        (["MA"], {"only": ["MA", "JP"], "excluded": ["JP"]}, None),
        (["FR"], {"only": []}, None),  # the owner always passes
        (["FR"], {"only": ["MA"]}, None),
        (["FR"], {"excluded": ["FR"]}, None),
        (["FR"], {"only": ["JP"], "excluded": ["FR", "MA"]}, None),
        (["FR", "MA"], {"only": []}, "recipient"),  # each organisation must pass
        (["FR", "MA"], {"only": ["MA"]}, None),
        (["MA", "JP"], {"only": ["MA"]}, "recipient"),
        (["MA", "JP"], {"excluded": ["JP"]}, "recipient"),
        (["MA", "JP"], {"only": ["MA", "JP"]}, None),
        ([], {}, "recipient"),  # nobody in particular is nobody
        ([], {"only": []}, "recipient"),
    ],
)
def test_recipient(organisations: list[str], label: Changes, reason: str | None) -> None:
    """The owner passes; others pass when named, if any are named, and not excluded; each of several must."""
    assert _reason({"organisation": ABSENT, "organisations": organisations}, label) == reason


@pytest.mark.parametrize(
    "organisations",
    ["MA", None, 7, ["ma"], ["M"], [None], ["MA", ""], ["MA", 7], [["MA"]], {"MA": True}, ["MA\n"], [True]],
    ids=repr,
)
def test_malformed_organisations_spoil_all(organisations: object) -> None:
    """One code that is not well formed refuses even the owner."""
    assert _reason({"organisation": ABSENT, "organisations": organisations}, {}) == "recipient"
    assert _reason({"organisation": "FR", "organisations": organisations}, {}) == "recipient"


@pytest.mark.parametrize(
    ("member_of", "files", "reason"),
    [
        ([], [], None), (["OP-A"], [], None), ([], ["OP-A"], "file"), (["OP-A"], ["OP-A"], None),
        (["OP-A"], ["OP-A", "OP-B"], "file"), (["OP-A", "OP-B"], ["OP-A", "OP-B"], None),
        (["op-a"], ["OP-A"], "file"),
    ],
)  # fmt: skip
def test_file(member_of: list[str], files: list[str], reason: str | None) -> None:
    """Every case named counts, not one of them; also for the owner."""
    assert _reason({"files": member_of}, {"files": files}) == reason
    assert _reason({"files": member_of, "organisation": "FR"}, {"files": files}) == reason


@pytest.mark.parametrize(
    ("permits", "necessity", "special", "reason"),
    [
        ([], False, [], None), ([], True, [], None), ([], True, ["victim"], "special"),
        (["victim"], False, ["victim"], "special"), (["victim"], True, ["victim"], None),
        (["witness"], True, ["victim"], "special"), (["victim"], True, ["victim", "minor"], "special"),
        (["victim", "minor"], True, ["victim", "minor"], None), (["sensitive"], True, ["sensitive"], None),
        (["victim"], None, [], "special"), (["victim"], None, ["victim"], "special"),
    ],
)  # fmt: skip
def test_special(permits: list[str], necessity: bool | None, special: list[str], reason: str | None) -> None:
    """For each kind a permit of that name, and a necessity; an unknown necessity refuses always."""
    assert _reason({"permits": permits}, {"special": special}, ask(necessity=necessity)) == reason


@pytest.mark.parametrize(
    ("recipient", "label", "reason"),
    [
        (None, {"handling": ["H2"], "consent": ["JP"]}, None),  # not a rendition
        ("MA", {}, None),
        ("MA", {"handling": ["H1"]}, None),
        ("MA", {"handling": ["H3"], "conditions": "Ask."}, None),
        ("MA", {"handling": ["H2"]}, "consent"),
        ("FR", {"handling": ["H2"]}, None),  # the owner needs nobody's leave
        ("MA", {"consent": ["JP"]}, "consent"),
        ("JP", {"consent": ["JP"]}, None),
        ("JP", {"handling": ["H2"], "consent": ["JP"]}, "consent"),
        ("FR", {"handling": ["H2"], "consent": ["JP"]}, "consent"),
        ("FR", {"handling": ["H2"], "consent": ["FR"]}, None),
    ],
)
def test_consent_counts_in_a_rendition_only(
    recipient: str | None, label: Changes, reason: str | None
) -> None:
    """Every owner to be asked first, other than the recipient, keeps the value out."""
    assert _reason({}, label, ask(recipient=recipient)) == reason


@pytest.mark.parametrize(
    ("attribute", "reason"),
    [("purposes", "purpose"), ("clearance", "clearance"), ("organisation", "recipient"), ("files", "file"),
     ("permits", "special")],
)  # fmt: skip
@pytest.mark.parametrize(
    "wrong", [ABSENT, None, 7, True, {}, [7], [None], [""]], ids=lambda value: repr(value)[:9]
)
def test_what_is_not_known_of_a_reader_refuses(attribute: str, reason: str, wrong: object) -> None:
    """Missing, null or of the wrong type: the first rule that reads it refuses, even where nothing is asked there."""
    assert _reason({attribute: wrong}, {}) == reason
    assert _reason({attribute: wrong, "organisation": "FR"} if attribute != "organisation" else {attribute: wrong},
                   {}) == reason  # fmt: skip


@pytest.mark.parametrize(
    ("attribute", "word", "reason"),
    [("clearance", "secret", "clearance"), ("clearance", "Official", "clearance"), ("clearance", "", "clearance"),
     ("purposes", "network", "purpose"), ("files", "OP-A", "file"), ("permits", "victim", "special"),
     ("organisation", "ma", "recipient"), ("organisation", "", "recipient")],
)  # fmt: skip
def test_unknown_words_of_a_reader_refuse(attribute: str, word: str, reason: str) -> None:
    """A word where a list belongs, or outside the vocabulary, is not read charitably."""
    assert _reason({attribute: word}, {}) == reason


@pytest.mark.parametrize("raw", [None, [], "ana", 7, {}], ids=repr)
def test_nobody_sees_anything(raw: object) -> None:
    """A subject of which nothing is known is refused by the first rule that reads anything of him."""
    from insight_kernel.model.subject import read_subject

    assert decide(read_subject(raw), read_label(raw_label()), ask()) == Decision(False, "purpose")


FAILING: dict[str, tuple[Changes, Changes]] = {
    "unreadable-label": ({}, {"existence": None}),
    "expired": ({}, {"expires": "2026-11-21"}),
    "purpose": ({"purposes": ["warn"]}, {}),
    "clearance": ({"clearance": "official"}, {"level": "restricted"}),
    "recipient": ({}, {"excluded": ["MA"]}),
    "file": ({}, {"files": ["OP-A"]}),
    "special": ({}, {"special": ["victim"]}),
    "consent": ({}, {"handling": ["H2"]}),
}


@pytest.mark.parametrize("first", range(len(ORDER)), ids=lambda n: ORDER[n])
def test_the_first_failing_rule_gives_the_reason(first: int) -> None:
    """With this rule and all later ones failing, the reason is this rule's."""
    reader, label = {}, {}
    for reason in ORDER[first:]:
        reader |= FAILING[reason][0]
        label |= FAILING[reason][1]
    assert _reason(reader, label, ask(recipient="MA")) == ORDER[first]


@pytest.mark.parametrize("reason", ORDER)
def test_each_rule_alone_refuses(reason: str) -> None:
    """Each case of the table above fails by its own rule and by no other."""
    assert _reason(*FAILING[reason], ask(recipient="MA")) == reason


def test_an_error_while_deciding_refuses() -> None:
    """A subject no reader would make, a word among the levels that is none, is refused and raises nothing."""
    from insight_kernel.model.subject import Subject

    odd = Subject("x", frozenset({"MA"}), "secret", frozenset({"network"}), frozenset(), frozenset())
    assert decide(odd, read_label(raw_label()), ask()) == Decision(False, "clearance")


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        ({"purpose": "network", "day": "2026-11-21"}, ask()),
        ({"purpose": "network", "day": "2026-11-21", "necessity": True}, ask(necessity=True)),
        ({"purpose": "network", "day": "2026-11-21", "necessity": None}, ask(necessity=None)),
        ({"purpose": "network", "day": "2026-11-21", "necessity": 1}, ask(necessity=None)),
        ({"purpose": "Network", "day": "2026-11-21"}, ask(None)),
        ({"purpose": ["network"], "day": "2026-11-21"}, ask(None)),
        ({"purpose": "network", "day": "2026-11-31"}, ask(day=None)),
        ({"purpose": "network", "day": 20261121}, ask(day=None)),
        ({}, ask(None, day=None)),
    ],
)
def test_reading_what_is_asked(raw: Changes, meant: Ask) -> None:
    """No necessity stated means none; anything not understood is unknown, and refuses."""
    assert read_ask(raw) == meant


def _reason(reader: Changes, label: Changes, asked: Ask | None = None) -> str | None:
    decision = decide(subject(**reader), read_label(raw_label(**label)), asked or ask())
    assert decision.visible is (decision.reason is None)
    return decision.reason
