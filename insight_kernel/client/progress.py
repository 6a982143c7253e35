"""How far a load is: a bar over the bytes of its files, with the items a second and the time that is left."""

import sys
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any

from tqdm import tqdm

_QUIET = 2.0  # seconds in which nothing is shown
_FORM = "{desc} {percentage:3.0f}% |{bar}| {n_fmt} of {total_fmt}, {remaining} left{postfix}"


class Progress:
    """A bar on a terminal, from the second second on; it is told every event of a load."""

    def __init__(self, *, shown: bool) -> None:
        self._bar = tqdm(
            unit="B", unit_scale=True, bar_format=_FORM, delay=_QUIET, miniters=0, leave=False, file=sys.stderr,
            disable=not shown or None,
        )  # fmt: skip
        self._sizes: list[int] = []
        self._files = self._items = 0
        self._started = monotonic()

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._bar.close()

    def take(self, event: dict[str, Any]) -> None:
        """Show what an event tells of files done, bytes and items."""
        if "sizes" in event:
            self._sizes = event["sizes"]
            self._bar.total = sum(self._sizes)
            return
        here = items = 0
        if event["event"] == "progress":
            here, items = min(event["bytes"], self._size()), event["read"]
            self._bar.set_description_str(Path(event["path"]).name, refresh=False)
        else:
            self._files += 1
            self._items += event.get("read", 0)
        rate = (self._items + items) / max(monotonic() - self._started, 1e-9)
        self._bar.set_postfix_str(f"{rate:,.0f} items/s", refresh=False)
        self._bar.update(sum(self._sizes[: self._files]) + here - self._bar.n)

    def _size(self) -> int:
        return self._sizes[self._files] if self._files < len(self._sizes) else 0
