"""What the gateway says of sending something to somebody: granted, or what stands in the way and what to do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

_COLUMNS = ["recipient", "granted", "owner", "reason", "remedy"]
_REMEDIES = {
    "expired": "Make it again: what has expired is then left out.",
    "purpose": "The owner allowed other purposes; ask the owner.",
    "clearance": "The recipient is not cleared for it; a rendition for the recipient leaves it out.",
    "recipient": "Your own organisation's label keeps it from the recipient; its keeper can change that.",
    "file": "It is reserved to a case the recipient is not in.",
    "special": "The recipient holds no permit for it, or no necessity is stated.",
    "consent": "Ask the owner for consent.",
}
_OTHER = "A rendition for the recipient leaves out what may not go there."


@dataclass(frozen=True)
class Releases:
    """One answer for each recipient; `granted` when it may go to all of them."""

    verdicts: Mapping[str, Mapping[str, Any]]

    @property
    def granted(self) -> bool:
        """Tell whether it may go to every recipient asked for."""
        return all(verdict["granted"] for verdict in self.verdicts.values())

    @property
    def blockers(self) -> pd.DataFrame:
        """Return `recipient, granted, owner, reason, remedy`: a row for each recipient and thing in the way."""
        return pd.DataFrame(list(self._rows()), columns=_COLUMNS)

    def _rows(self) -> Iterator[tuple[str, bool, str, str, str]]:
        for recipient, verdict in self.verdicts.items():
            if verdict["granted"]:
                yield recipient, True, "", "", ""
            for blocker in verdict["blockers"]:
                reason = blocker["reason"]
                yield recipient, False, blocker["owner"], reason, _REMEDIES.get(reason, _OTHER)
            if verdict["other"]:
                yield recipient, False, "", "other reasons that cannot be shown", _OTHER

    def _repr_html_(self) -> str:
        return self.blockers.to_html(index=False)

    def __repr__(self) -> str:
        said = ", ".join(f"{code} {'yes' if v['granted'] else 'no'}" for code, v in self.verdicts.items())
        return f"<Releases: {said}>"
