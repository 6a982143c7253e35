"""Where a reader stands: how it hands on what lies within a file, in the same budget, one step deeper."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from insight_kernel.intake.reading.budget import Budget
from insight_kernel.intake.reading.document import Content, Document

Wanted = Literal["nothing", "scans", "turned"]
"""What else is made of pictures: scans for whoever reads them, or the hashes they have when they are turned."""


@dataclass(frozen=True)
class Inside:
    """The place of one file among those it lies in."""

    name: str
    budget: Budget
    depth: int
    read: Callable[[str, bytes, "Inside"], Document]
    wanted: Wanted = "nothing"

    def part(self, name: str, data: bytes) -> Document:
        """Read something that lies within."""
        return self.read(name, data, Inside(name, self.budget, self.depth + 1, self.read, self.wanted))


Reader = Callable[[bytes, Inside], Content]
