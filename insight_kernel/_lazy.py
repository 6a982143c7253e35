"""Names that are imported when they are first used, so that a command line starts at once."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazy(places: Mapping[str, str]) -> Callable[[str], Any]:
    """Return a module's `__getattr__` for names living at `module:name`.

    Examples
    --------
    >>> lazy({"root": "math:sqrt"})("root")(9)
    3.0
    """

    def get(name: str) -> Any:
        if name not in places:
            raise AttributeError(f"no name {name!r}; there are {', '.join(sorted(places))}")
        module, _, attribute = places[name].partition(":")
        return getattr(import_module(module), attribute)

    return get
