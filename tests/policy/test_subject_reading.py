"""Reading who asks and what for: whatever is not exactly right is not known, and nothing is repaired."""

from datetime import date
from typing import Any

import pytest

from insight_kernel.model.subject import Ask, Subject, meet, read_ask, read_subject, shrunk, written
from tests.build import ABSENT, raw_subject, subject

SETS = ("purposes", "files", "permits", "roles")


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize(
    ("said", "read"),
    [(["a", "b", "a"], {"a", "b"}), ([], set()), (["a", ""], None), (["a", 7], None), ([None], None), ("a", None),
     (None, None), ({}, None), ({"a": 1}, None), (True, None), (ABSENT, None)],
)  # fmt: skip
def test_a_set_of_words(name: str, said: object, read: set[str] | None) -> None:
    """A list of words that are not empty; the empty list is known, and nothing."""
    assert getattr(subject(**{name: said}), name) == read


@pytest.mark.parametrize(
    ("said", "read"), [("ana", "ana"), ("", None), (None, None), (7, None), (["ana"], None), (ABSENT, None)]
)
def test_a_user(said: object, read: str | None) -> None:
    """A word, or nobody."""
    assert subject(user=said).user == read


@pytest.mark.parametrize(
    ("said", "read"),
    [("official", "official"), ("restricted", "restricted"), ("confidential", "confidential"), ("secret", None),
     ("Official", None), ("", None), (None, None), (["official"], None), (2, None), (ABSENT, None)],
)  # fmt: skip
def test_a_clearance(said: object, read: str | None) -> None:
    """One of the levels."""
    assert subject(clearance=said).clearance == read


@pytest.mark.parametrize(
    ("several", "one", "read"),
    [
        (["FR"], ABSENT, {"FR"}), (["FR", "MA"], ABSENT, {"FR", "MA"}), (ABSENT, "FR", {"FR"}),
        (["MA"], "FR", {"MA", "FR"}), ([], "FR", {"FR"}), ([], ABSENT, None), (ABSENT, ABSENT, None),
        (["FR", "fr"], ABSENT, None), (["FR"], "fr", None), (["fr"], "FR", None), ("FR", ABSENT, None),
        (ABSENT, ["FR"], None), (None, "FR", None), (["FR"], None, None), (["FR", None], ABSENT, None),
    ],
)  # fmt: skip
def test_organisations_are_written_in_two_ways(several: object, one: object, read: set[str] | None) -> None:
    """As one word or as a list, and then all of both count; one that is no code spoils all."""
    assert subject(organisations=several, organisation=one).organisations == read


@pytest.mark.parametrize("raw", [None, [], "ana", 7, True])
def test_a_subject_is_an_object(raw: object) -> None:
    """Of anything else nothing is known."""
    assert read_subject(raw) == Subject()


@pytest.mark.parametrize("unknown", ["user", "clearance", *SETS, "organisation"])
def test_what_is_written_down_is_read_again(unknown: str) -> None:
    """Sets in order; what is not known is left out or null, and stays unknown."""
    whole = subject(permits=["victim", "minor"])
    assert read_subject(written(whole)) == whole
    assert written(whole)["permits"] == ["minor", "victim"]
    part = read_subject(raw_subject(**{unknown: None}))
    assert read_subject(written(part)) == part
    assert (written(part).get("organisations" if unknown == "organisation" else unknown)) is None


USUAL: dict[str, Any] = {"purpose": "network", "necessity": True, "day": "2026-11-22"}


@pytest.mark.parametrize(
    ("change", "read"),
    [
        ({}, {}), ({"purpose": "gossip"}, {"purpose": None}), ({"purpose": ["network"]}, {"purpose": None}),
        ({"purpose": ABSENT}, {"purpose": None}), ({"necessity": False}, {"necessity": False}),
        ({"necessity": ABSENT}, {"necessity": False}), ({"necessity": None}, {"necessity": None}),
        ({"necessity": 1}, {"necessity": None}), ({"necessity": "yes"}, {"necessity": None}),
        ({"day": "2026-02-30"}, {"day": None}), ({"day": ABSENT}, {"day": None}), ({"recipient": "FR"}, {}),
    ],
)  # fmt: skip
def test_what_is_asked_for(change: dict[str, Any], read: dict[str, Any]) -> None:
    """A purpose of the list, true or false, a day; that no necessity is stated need not be said."""
    found = read_ask({name: value for name, value in {**USUAL, **change}.items() if value is not ABSENT})
    expected = {"purpose": "network", "necessity": True, "day": date(2026, 11, 22), **read}
    assert found == Ask(**expected)


def test_a_meet_of_three_is_what_all_may() -> None:
    """One after the other, and of one it is himself."""
    one, two, three = (subject(purposes=list(words)) for words in (("a", "b", "c"), ("b", "c"), ("c", "d")))
    assert meet([one, two, three]).purposes == {"c"}
    assert meet([one]) == one
    assert meet([]) == Subject()


THEN = subject(files=["OP-A"], permits=["minor"], clearance="restricted")


@pytest.mark.parametrize(
    ("change", "lost"),
    [
        ({}, None), ({"clearance": "confidential"}, None), ({"clearance": "official"}, "clearance"),
        ({"clearance": None}, "clearance"), ({"purposes": ["network"]}, "purposes"), ({"purposes": None}, "purposes"),
        ({"files": []}, "files"), ({"files": ["OP-A", "OP-B"]}, None), ({"permits": []}, "permits"),
        ({"organisation": "FR"}, "organisations"), ({"organisation": None}, "organisations"), ({"roles": []}, None),
    ],
)  # fmt: skip
def test_what_somebody_lost(change: dict[str, Any], lost: str | None) -> None:
    """The first attribute in which he has less, or nothing that is known."""
    usual = {"files": ["OP-A"], "permits": ["minor"], "clearance": "restricted"}
    assert shrunk(THEN, subject(**{**usual, **change})) == lost


@pytest.mark.parametrize("unknown", ["clearance", "purposes", "files", "permits", "organisation"])
def test_what_was_not_known_then_counts_as_lost(unknown: str) -> None:
    """Whatever he has now, and also where it is not known now either."""
    then = read_subject(raw_subject(**{unknown: None}))
    for now in (subject(), then):
        assert shrunk(then, now) == ("organisations" if unknown == "organisation" else unknown)
