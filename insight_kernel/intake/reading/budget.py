"""How much one delivered file may unfold to: counted over all that lies within it."""

from insight_kernel.intake.reading.document import TooMuch

MOST_BYTES, MOST_PARTS, DEEPEST = 256 * 2**20, 5_000, 8
"""Bytes altogether, files within files altogether, and how deep they may lie in each other."""
RATIO, _FREE = 200, 8 * 2**20


class Budget:
    """What is left to unfold.

    Examples
    --------
    >>> budget = Budget(bytes_=10)
    >>> budget.spend(8)
    >>> budget.spend(8)
    Traceback (most recent call last):
    insight_kernel.intake.reading.document.TooMuch: unfolds to more than may be read
    """

    def __init__(self, bytes_: int = MOST_BYTES) -> None:
        self.left, self._parts = bytes_, MOST_PARTS

    def spend(self, size: int) -> None:
        """Take so many bytes more, of one part."""
        self.left -= size
        self._parts -= 1
        if self.left < 0:
            raise TooMuch("unfolds to more than may be read")
        if self._parts < 0:
            raise TooMuch("holds more files than may be read")

    def most(self, packed: int) -> int:
        """Return to how many bytes so many packed ones may unfold."""
        return min(self.left, max(_FREE, packed * RATIO))
