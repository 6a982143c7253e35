"""What the page says and reads without anybody clicking: words for every act, and the form that changes labels."""

from pathlib import Path
from typing import Any

import pytest

from insight_kernel.errors import BadInput
from insight_kernel.gateway.acts.kind import Kind
from insight_kernel.gateway.acts.kinds import kinds
from insight_kernel.gateway.drafts import Drafts
from insight_kernel.gateway.page import label_form, wording
from insight_kernel.model.organisation import Organisation
from insight_kernel.policy.rules import REASONS
from insight_kernel.store.folder import open_folder
from insight_kernel.store.opened import Store

LABEL: dict[str, Any] = {
    "owner": "FR", "purposes": ["investigate", "oversight", "warn"], "expires": "2031-01-01", "handling": ["H2"],
}  # fmt: skip
WHATS: dict[str, dict[str, Any]] = {
    "consent": {"owner": "MA", "data_owner": "MA", "source": "mail", "records": [], "recipient": "FR",
                "purpose": "warn", "until": "2031-01-01", "conditions": None},
    "label": {"owner": "FR", "source": "lists", "records": ["a"], "fields": {"only": None}},
    "purge": {"day": "2026-11-22"},
    "group": {"group": "G", "add": ["JP"], "remove": ["MA"]},
    "emergency": {"user": "ben", "hours": 2, "clearance": "confidential", "permits": [], "purposes": [], "files": []},
    "note": {"draft": "d1", "records": ["a"], "dropped": ["JP"]},
    "completeness": {"owner": "FR", "source": "lists", "schema": "Person"},
    "template": {"name": "profile", "version": "0" * 64},
    "conflict": {"owner": "FR", "source": "lists", "records": ["a"]},
}  # fmt: skip


def test_every_kind_of_act_has_words(tmp_path: Path) -> None:
    """A new kind would otherwise fail on the page of who is told of it."""
    store = Store(open_folder(tmp_path / "store", create=True))
    found = kinds(store, Drafts(store.folder))
    store.close()
    names = {kind.name for kind in found}
    ended = {kind.name for kind in found if type(kind).may_end is not Kind.may_end}
    assert names == set(WHATS) == set(wording.KINDS)
    for name, what in WHATS.items():
        assert wording.title(name, what)
        assert wording.lines(name, what, Organisation())
    for name in names - {"purge", "conflict"}:
        assert wording.second(name, WHATS[name])
        assert wording.ASKING[name]
    for name in ended:
        assert wording.ending(name, WHATS[name])


def test_every_reason_has_words() -> None:
    """Whatever rule stands in the way of a release, the page can say so."""
    assert set(wording.REASONS) == set(REASONS)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"level": "restricted"}, {"level": "restricted"}),
        ({"receives": "owner"}, {"only": []}),
        ({"receives": "only", "only": "MA, G-WESTMED"}, {"only": ["G-WESTMED", "MA"]}),
        ({"receives": "all", "only": "MA"}, None),
        ({"excluded": "JP JP"}, {"excluded": ["JP"]}),
        ({"purpose-network": "on"}, {"purposes": ["investigate", "warn", "network"]}),
        ({"purpose-oversight": "on"}, None),
        ({"handling-H1": "on"}, {"handling": ["H1", "H2"]}),
        ({"conditions": "  "}, None),
        ({"conditions": "Ask first."}, {"conditions": "Ask first."}),
        ({"expires": "2030-01-01"}, {"expires": "2030-01-01"}),
        ({"level": "restricted", "keep-level": "on"}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_a_label_form_says_what_becomes_other(changes: dict[str, str], fields: dict[str, Any] | None) -> None:
    """Filled in from the label it changes nothing; only fields that differ are asked for."""
    form = label_form.prefilled([LABEL]) | changes
    if fields is None:
        with pytest.raises(BadInput, match="says what the labels say already"):
            label_form.read(form, [LABEL])
    else:
        found = label_form.read(form, [LABEL])
        assert {n: sorted(v) if n == "purposes" else v for n, v in found.items()} == {
            n: sorted(v) if n == "purposes" else v for n, v in fields.items()
        }


def test_where_labels_differ_each_stays_as_it_is() -> None:
    """Unless the box is cleared: then the field is the same for all."""
    labels = [LABEL, {**LABEL, "level": "confidential", "only": ["FR"]}]
    form = label_form.prefilled(labels)
    assert label_form.differing(labels) == ["level", "only"]
    assert label_form.read({**form, "excluded": "JP"}, labels) == {"excluded": ["JP"]}
    del form["keep-level"]
    assert label_form.read(form, labels) == {"level": "official"}


def test_a_box_that_is_cleared_takes_the_word_away() -> None:
    """An absent box is an answer."""
    form = label_form.prefilled([LABEL])
    del form["handling-H2"]
    assert label_form.read(form, [LABEL]) == {"handling": []}
