"""Mistakes no test notices, because what is decided, shown or released stays the same: each with the reason."""

SURVIVORS: dict[str, str] = {}
