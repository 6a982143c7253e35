"""What lies in something: it is shown to nobody who may not see what it lies in."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from insight_kernel.intake.items import Bad, Item
from insight_kernel.model.label import PURPOSES, Label, read_label
from insight_kernel.policy.change import both

_Said = Mapping[str, Any] | None
_FREE = {"owner": "ZZ", "purposes": list(PURPOSES), "expires": "9999-12-31"}


class Within:
    """Remembers, while a file is read, labels and grades that its documents say: what lies in one takes them."""

    def __init__(self) -> None:
        self._told: dict[str, tuple[_Said, str | None] | None] = {}

    def taken(self, item: Item | Bad) -> Item | Bad:
        """Return a part as what it lies in lets it be; nothing is taken that lies in a bad item."""
        label, grade = None, None
        if (above := item.place.rpartition(" > ")[0]) in self._told:
            told = self._told[above]
            if told is None and isinstance(item, Item):
                item = Bad(item.place, "", "lies in what was not taken", item.content)
            label, grade = told or (None, None)
        if isinstance(item, Item):
            item = replace(item, label=both_said(label, item.label), grade=item.grade or grade)
        self._told[item.place] = None if isinstance(item, Bad) else (item.label, item.grade)
        return item


def both_said(outer: _Said, inner: _Said) -> _Said:
    """Return the fields of a label by which both hold; what is unreadable stays so.

    Examples
    --------
    >>> both_said({"level": "confidential", "only": ["FR", "MA"]}, {"level": "restricted", "only": ["MA"]})
    {'level': 'confidential', 'only': ['MA']}
    """
    if not outer or not inner:
        return outer or inner
    labels = [read_label({**_FREE, **said}) for said in (outer, inner)]
    readable = [label for label in labels if isinstance(label, Label)]
    if len(readable) < len(labels):
        return outer if not isinstance(labels[0], Label) else inner
    found = both(*readable).as_dict()
    return {name: found[name] for name in {**outer, **inner} if name in found}
