"""What reading a file gives: its text, its parts, what it says of itself, or why it was refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class Refused(Exception):
    """A file, or a part of one, that is not read; the text is the rule it breaks, and repeats nothing of it."""


class TooMuch(Refused):
    """More than one delivered file may unfold to: it is refused as a whole, wherever that came out."""


@dataclass(frozen=True)
class Scan:
    """A page that says nothing in letters, or a file that is a picture; as PNG, where that was asked for."""

    page: int
    picture: bytes


@dataclass(frozen=True)
class Content:
    """What a reader makes of one file's bytes."""

    text: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    parts: tuple["Document", ...] = ()
    warnings: tuple[str, ...] = ()
    scans: tuple[Scan, ...] = ()


@dataclass(frozen=True)
class Document:
    """A file, or a part of one, as it was read.

    Attributes
    ----------
    name
        Its path, or its name within what it is a part of.
    kind
        What its content says it is, whatever its name says: `mail`, `pdf`, `zip` ...
    sha256
        The hash of its bytes.
    content
        Text, metadata, parts and warnings; empty where it was refused.
    error
        Why it was refused; None where it was read.
    language
        The language of the text as a code of two letters, where it was told apart.
    """

    name: str
    kind: str
    sha256: str
    content: Content = Content()
    error: str | None = None
    language: str | None = None

    @property
    def ok(self) -> bool:
        """Tell whether it was read; a part that was refused leaves the whole as it is."""
        return self.error is None

    def __repr__(self) -> str:
        said = self.error or f"{len(self.content.text):,} characters, {len(self.content.parts)} parts"
        return f"Document({self.name!r}, {self.kind}: {said})"

    def as_dict(self) -> dict[str, Any]:
        """Return it as `insight read --json` prints it."""
        return {
            "path": self.name, "kind": self.kind, "ok": self.ok, "error": self.error, "text": self.content.text,
            "language": self.language, "parts": [part.as_dict() for part in self.content.parts],
            "metadata": {"sha256": self.sha256, **self.content.metadata}, "warnings": list(self.content.warnings),
        }  # fmt: skip
