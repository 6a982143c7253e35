"""Reading a label: absent takes the default, anything not understood makes the whole label unreadable."""

from datetime import date
from typing import Any

import pytest

from insight_kernel.model.label import (
    EXISTENCE,
    HANDLING,
    LEVELS,
    PURPOSES,
    SPECIAL,
    Label,
    Unreadable,
    read_label,
)
from insight_kernel.model.organisation import Organisation
from insight_kernel.policy.allowed import Known
from tests.build import ABSENT, people, raw_label

DEFAULTS = {
    "level": "official", "only": None, "excluded": frozenset(), "files": frozenset(), "handling": frozenset(),
    "conditions": None, "consent": frozenset(), "special": frozenset(), "existence": "hidden",
}  # fmt: skip


def test_the_words_are_those_of_the_contract() -> None:
    """Each of them can be read, and there are no others; levels and kinds of handling are in their order."""
    assert LEVELS == ("official", "restricted", "confidential")
    assert HANDLING == ("H1", "H2", "H3")
    assert set(SPECIAL) == {"sensitive", "victim", "minor", "witness"}
    assert set(EXISTENCE) == {"hidden", "contact-owner"}
    assert set(PURPOSES) == {"wanted", "identify", "investigate", "warn", "victim", "forensic", "border", "network",
                             "training", "oversight"}  # fmt: skip


@pytest.mark.parametrize(("field", "default"), DEFAULTS.items())
def test_an_absent_optional_field_takes_its_default(field: str, default: object) -> None:
    """Level official, no restriction, nothing special, existence hidden."""
    label = read_label(raw_label(**{field: ABSENT}))
    assert isinstance(label, Label)
    assert getattr(label, field) == default


@pytest.mark.case("A16")
@pytest.mark.parametrize("field", ["owner", "purposes", "expires"])
def test_a_mandatory_field_must_be_there(field: str) -> None:
    """Without owner, purposes or expiry nobody may be shown anything."""
    assert _problem(raw_label(**{field: ABSENT})) == f"{field}: missing"


@pytest.mark.case("A16")
@pytest.mark.parametrize("field", ["owner", "purposes", "expires", *DEFAULTS])
@pytest.mark.parametrize("wrong", [None, 7, True, 1.5, {"a": 1}, [None], [7], [["FR"]], [True]], ids=repr)
def test_null_and_wrong_types_are_unreadable(field: str, wrong: object) -> None:
    """A field that is there but null or of another type may be a restriction nobody can read."""
    assert _problem(raw_label(**{field: wrong})).startswith(f"{field}: ")


@pytest.mark.case("A16")
@pytest.mark.case("A17")
@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("owner", ""), ("owner", "fr"), ("owner", "F"), ("owner", "FR "), ("owner", "FR\n"), ("owner", "-FR"),
        ("owner", "\u0424R"), ("owner", "F\uff32"), ("owner", "1FR"), ("owner", "A" * 33), ("owner", "X_BANK"),
        ("owner", ["FR"]), ("level", "secret"), ("level", "Official"), ("level", ""), ("level", ["official"]),
        ("only", "MA"), ("only", ""), ("only", ["ma"]), ("only", ["MA", ""]), ("only", {"MA": True}),
        ("excluded", "MA"), ("excluded", ["M"]), ("purposes", []), ("purposes", ""), ("purposes", "network"),
        ("purposes", ["network", "gossip"]), ("purposes", ["Network"]), ("files", "OP-1"), ("files", [""]),
        ("files", [" "]), ("expires", ""), ("expires", "2031-02-30"), ("expires", "2031-1-1"),
        ("expires", "20310101"), ("expires", "2031-01-01T00:00:00"), ("expires", "01.01.2031"),
        ("expires", date(2031, 1, 1)), ("expires", "\u0662\u0660\u0663\u0661-01-01"), ("handling", "H1"),
        ("handling", ["H4"]), ("handling", ["h1"]), ("conditions", 7), ("conditions", None),
        ("conditions", ["ask"]), ("consent", ["fr"]), ("consent", "FR"), ("special", ["secret"]),
        ("special", "victim"), ("existence", "open"), ("existence", ""),
    ],
)  # fmt: skip
def test_words_outside_the_vocabulary_are_unreadable(field: str, wrong: object) -> None:
    """Letter case, look-alike letters, blanks and unknown words are not repaired."""
    assert _problem(raw_label(**{field: wrong})).startswith(f"{field}: ")


@pytest.mark.parametrize("field", ["only", "excluded", "files", "handling", "consent", "special"])
def test_lists_that_may_be_empty(field: str) -> None:
    """An empty list is an answer: `only` empty means nobody but the owner."""
    label = read_label(raw_label(**{field: []}))
    assert isinstance(label, Label)
    assert getattr(label, field) == frozenset()


def test_an_unknown_field_is_unreadable() -> None:
    """A field we do not know may be a restriction."""
    assert _problem(raw_label(embargo="2027-01-01")) == "embargo: unknown field"


def test_h3_needs_its_condition() -> None:
    """`H3` says that there is a condition, so the condition must be written."""
    assert _problem(raw_label(handling=["H3"])) == "conditions: required with H3"
    assert _problem(raw_label(handling=["H3"], conditions=" ")) == "conditions: required with H3"
    assert _problem(raw_label(handling=["H3"], conditions=7)) == "conditions: a text"
    assert isinstance(read_label(raw_label(handling=["H3"], conditions="Ask first.")), Label)


@pytest.mark.parametrize("raw", [None, [], "FR", 7, True], ids=repr)
def test_a_label_is_an_object(raw: object) -> None:
    """Anything else is unreadable."""
    assert _problem(raw) == "label: must be an object"


def test_every_problem_is_reported_and_no_value_repeated() -> None:
    """The owner mends a label once, and a log of problems holds no data."""
    found = read_label(raw_label(owner="kovac", level="kovac", purposes=[]))
    assert isinstance(found, Unreadable)
    assert [problem.partition(":")[0] for problem in found.problems] == ["owner", "level", "purposes"]
    assert "kovac" not in str(found)


def test_equal_labels_have_one_canonical_body() -> None:
    """Order, repetition and written-out defaults make no other label."""
    short = read_label(raw_label(purposes=["network", "investigate"]))
    long = read_label(
        raw_label(purposes=["investigate", "network", "network"], level="official", excluded=[])
    )
    assert isinstance(short, Label)
    assert isinstance(long, Label)
    assert short == long
    assert short.body() == long.body()
    assert read_label(short.as_dict()) == short


def test_the_body_of_a_label_is_written_in_one_way() -> None:
    """Fields and words in order, letters as they are, defaults left out: a consent names a label by its hash."""
    label = read_label(
        raw_label(purposes=["warn", "network"], handling=["H3"], conditions="Büro", level="official")
    )
    assert isinstance(label, Label)
    assert label.body() == (
        '{"conditions": "Büro", "expires": "2031-01-01", "handling": ["H3"], "owner": "FR", '
        '"purposes": ["network", "warn"]}'
    )


def test_kinds_are_added_to_those_there_are() -> None:
    """Where nothing is added it is the same label."""
    label = read_label(raw_label(special=["victim"]))
    assert isinstance(label, Label)
    assert label.with_special(frozenset({"minor"})).special == {"victim", "minor"}
    assert label.with_special(frozenset({"victim"})) is label


KNOWN = people(**{"G-WEST": ["FR", "MA"]})


@pytest.mark.case("A17")
@pytest.mark.parametrize(
    ("change", "readable"),
    [
        ({"owner": "FR"}, True), ({"owner": "X-ACMEBANK"}, True), ({"owner": "UK"}, False),
        ({"owner": "XX"}, False), ({"owner": "G-WEST"}, False), ({"only": ["G-WEST"]}, True),
        ({"only": ["G-EAST"]}, False), ({"excluded": ["G-WEST", "JP"]}, True), ({"excluded": ["UK"]}, False),
        ({"consent": ["MA"]}, True), ({"consent": ["G-WEST"]}, False), ({"consent": ["ZZ"]}, False),
    ],
)  # fmt: skip
def test_codes_must_be_known(change: dict[str, Any], readable: bool) -> None:
    """Owners and those who consent are organisations; `only` and `excluded` may also name registered groups."""
    label = read_label(raw_label(**change))
    assert isinstance(Known(KNOWN).label(label), Label) is readable


@pytest.mark.parametrize(
    ("change", "field", "meant"),
    [
        ({"only": ["G-WEST", "JP"]}, "only", {"FR", "MA", "JP"}),
        ({"excluded": ["G-WEST"]}, "excluded", {"FR", "MA"}),
        ({"only": ["G-EMPTY"]}, "only", set()),
    ],
)
def test_groups_stand_for_their_members(change: dict[str, Any], field: str, meant: set[str]) -> None:
    """A group without members in `only` leaves nobody but the owner; it does not become "all"."""
    known = Organisation(groups={"G-WEST": ["FR", "MA"], "G-EMPTY": []})
    assert getattr(Known(known).label(read_label(raw_label(**change))), field) == meant


def _problem(raw: object) -> str:
    found = read_label(raw)
    assert isinstance(found, Unreadable), found
    return str(found)
