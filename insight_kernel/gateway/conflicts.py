"""Two labels for one record in one delivery: found while loading, so that both can bind."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import pyarrow as pa

from insight_kernel.intake.profile import SourceProfile
from insight_kernel.model.label import Label

_MOST = 1_000  # records one act names


class Conflicts:
    """What one load has said of each record; only sources it delivers more than once can contradict themselves."""

    def __init__(self, profiles: Sequence[SourceProfile]) -> None:
        counted = Counter((profile.label.owner, profile.source) for profile in profiles)
        self._twice = {key for key, times in counted.items() if times > 1}
        self._said: dict[str, Label] = {}

    def found(
        self, profile: SourceProfile, records: pa.Table, labels: Sequence[Label]
    ) -> Iterator[tuple[Label, list[str]]]:
        """Yield each label under which records come that this load delivered under another, with their ids."""
        if (profile.label.owner, profile.source) not in self._twice:
            return
        other: defaultdict[Label, list[str]] = defaultdict(list)
        for id_, position in zip(records["id"].to_pylist(), records["label"].to_pylist(), strict=True):
            if self._said.setdefault(id_, labels[position]) != labels[position]:
                other[labels[position]].append(id_)
        for label, ids in other.items():
            yield from ((label, ids[n : n + _MOST]) for n in range(0, len(ids), _MOST))
