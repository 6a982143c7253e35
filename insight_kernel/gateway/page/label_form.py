"""The form that changes labels: filled in from the labels as they are, and what it says that differs from them."""

from collections.abc import Mapping, Sequence
from typing import Any

from insight_kernel.errors import BadInput
from insight_kernel.gateway.page.forms import Form, ticked, words
from insight_kernel.model.label import HANDLING, PURPOSES
from insight_kernel.policy.change import FIELDS

Fields = Mapping[str, Any]
"""A label's fields that differ from their defaults, as `Label.as_dict` gives them."""

USABLE = tuple(purpose for purpose in PURPOSES if purpose != "oversight")
"""The purposes an owner chooses among; the last one stands on every label."""


def differing(labels: Sequence[Fields]) -> list[str]:
    """Return the fields in which labels differ: the form leaves them alone unless told otherwise."""
    return [
        name for name in FIELDS if any(_value(label, name) != _value(labels[0], name) for label in labels)
    ]


def prefilled(labels: Sequence[Fields]) -> dict[str, str]:
    """Return what the form shows of labels before anybody types; where they differ, that they are left alone.

    Examples
    --------
    >>> found = prefilled([{"owner": "FR", "purposes": ["oversight", "warn"], "expires": "2031-01-01", "only": ["MA"]}])
    >>> found["level"], found["receives"], found["only"], "purpose-warn" in found
    ('official', 'only', 'MA', True)
    """
    kept = {f"keep-{name}": "on" for name in differing(labels)}
    return _typed(labels[0]) | kept


def read(form: Form, labels: Sequence[Fields]) -> dict[str, Any]:
    """Return the fields that become other than they are for at least one of the labels.

    Raises
    ------
    BadInput
        When nothing would become other than it is.
    """
    asked = {name: _read(form, name) for name in FIELDS if f"keep-{name}" not in form}
    found = {
        name: value for name, value in asked.items() if any(value != _value(label, name) for label in labels)
    }
    if not found:
        raise BadInput("change the labels", "the form says what the labels say already", "Change a field.")
    return found


def _value(label: Fields, name: str) -> Any:
    """Return a field as the form knows it: the default where it is absent."""
    if name == "purposes":
        return [purpose for purpose in USABLE if purpose in label["purposes"]]
    if name in ("only", "conditions"):
        return label.get(name)
    return label.get(name, "official" if name == "level" else [])


def _typed(label: Fields) -> dict[str, str]:
    only = label.get("only")
    receives = "all" if only is None else "only" if only else "owner"
    lists = {name: " ".join(label.get(name, [])) for name in ("excluded", "files", "consent")}
    boxes = [f"purpose-{word}" for word in label["purposes"]] + [
        f"handling-{h}" for h in label.get("handling", [])
    ]
    return {
        "level": label.get("level", "official"), "receives": receives, "only": " ".join(only or []), **lists,
        "expires": label["expires"], "conditions": label.get("conditions") or "", **dict.fromkeys(boxes, "on"),
    }  # fmt: skip


def _read(form: Form, name: str) -> Any:
    if name == "only":
        return {"all": None, "owner": []}.get(form.get("receives", ""), words(form.get("only")))
    if name == "purposes":
        return ticked(form, "purpose", USABLE)
    if name == "handling":
        return ticked(form, "handling", HANDLING)
    if name in ("excluded", "files", "consent"):
        return words(form.get(name))
    return form.get(name, "").strip() or None
