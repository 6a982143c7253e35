"""Where a reader stands: how it hands on what lies within a file, in the same budget, one step deeper."""

from collections.abc import Callable
from dataclasses import dataclass

from insight_kernel.intake.reading.budget import Budget
from insight_kernel.intake.reading.document import Content, Document


@dataclass(frozen=True)
class Inside:
    """The place of one file among those it lies in."""

    name: str
    budget: Budget
    depth: int
    read: Callable[[str, bytes, "Inside"], Document]
    scans: bool = False  # whether the pictures of pages are wanted

    def part(self, name: str, data: bytes) -> Document:
        """Read something that lies within."""
        return self.read(name, data, Inside(name, self.budget, self.depth + 1, self.read, self.scans))


Reader = Callable[[bytes, Inside], Content]
