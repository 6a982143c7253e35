"""The release sheet: what a recipient must know and do, put on the page and on the notebook that are released."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

from insight_kernel.errors import BadInput

HANDLING = {
    "H1": "H1: not to be used as evidence without the owner's permission",
    "H2": "H2: not to be passed on without the owner's permission",
    "H3": "H3: the owner's condition applies",
}
_BEFORE = "<main>"


@dataclass(frozen=True)
class Sheet:
    """What is printed on a release.

    Attributes
    ----------
    recipient, name
        Code and name of the organisation it goes to.
    day
        When it is released.
    handling, conditions
        What the owners ask for: codes, and their own words.
    until
        The day on which every copy is to be deleted.
    made_from, files
        The run, and the SHA-256 of each file before the sheet was put on it.
    checkpoint
        The last checkpoint of the audit log: whoever keeps the report can tell later that the log was cut.
    """

    recipient: str
    name: str
    day: date
    handling: tuple[str, ...]
    conditions: tuple[str, ...]
    until: date
    made_from: str
    files: Mapping[str, str]
    checkpoint: str

    def rows(self) -> list[tuple[str, str]]:
        """Return what it says, as pairs of a word and a sentence."""
        asked = [HANDLING[code] for code in self.handling] + [
            f"condition: {text}" for text in self.conditions
        ]
        hashes = [f"{name} SHA-256 {digest}" for name, digest in sorted(self.files.items())]
        return [
            ("Released to", f"{self.recipient} ({self.name}), and to nobody else"),
            ("Released on", self.day.isoformat()),
            ("Handling", "; ".join(asked) or "no special handling stated by the owners"),
            (
                "Valid until",
                f"{self.until.isoformat()}: on that day this file and every copy of it are to be deleted",
            ),
            ("Made from", "; ".join([self.made_from, *hashes])),
            ("Audit log", f"last checkpoint: {self.checkpoint}"),
        ]

    def on_page(self, page: str) -> str:
        """Return the page with the sheet before everything else in it."""
        head, found, rest = page.partition(_BEFORE)
        if not found:
            raise BadInput(
                "release the report", "the page has no place for the release sheet", "Run it again."
            )
        cells = "".join(
            f'<tr><th scope="row">{escape(word)}</th><td dir="auto">{escape(text)}</td></tr>'
            for word, text in self.rows()
        )
        return f'{head}{found}<section><p class="kicker">Release</p><table class="head">{cells}</table></section>{rest}'

    def on_notebook(self, notebook: Mapping[str, Any]) -> dict[str, Any]:
        """Return the notebook with the sheet as its first cell, as plain lines that no viewer interprets."""
        lines = [f"    {word}: {' '.join(text.split())}" for word, text in self.rows()]
        cell = {
            "cell_type": "markdown",
            "id": "release",
            "metadata": {},
            "source": "\n".join(["Release", "", *lines]),
        }
        return {**notebook, "cells": [cell, *notebook["cells"]]}
