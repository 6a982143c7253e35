"""Notes from a notebook: what is written is a draft of the workspace, until two people make it a note."""

import html
from dataclasses import dataclass
from typing import Any

import pandas as pd

from insight_kernel.client.asking import Asker

_COLUMNS = ("id", "made", "text", "author", "reviewer", "draft", "assessment", "grade", "section")


@dataclass(frozen=True)
class Draft:
    """A draft as it was kept: its id, and the banner of everything its workspace had been sent."""

    id: str
    label: str

    def __str__(self) -> str:
        return (
            f"Draft {self.id}, under {self.label}. It becomes a note when you and a reviewer state, on the page of "
            "INSIGHT, that it rests only on the records it cites."
        )

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(str(self))}</p>"


def write(asker: Asker, target: str, text: str, **said: Any) -> Draft:
    """Write a draft."""
    answer = asker.json("draft", target=target, text=text, **said)
    return Draft(answer["draft"], answer["label"]["line"])


def read(asker: Asker, target: str) -> pd.DataFrame:
    """Return notes and drafts about something, oldest first."""
    return pd.DataFrame(asker.json("notes", target=target)["notes"], columns=list(_COLUMNS))
