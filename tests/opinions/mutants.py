"""A module with one mistake in it, for every small mistake there could be."""

import ast
import os.path
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tests.opinions.mistakes import instead

_SKIPPED = {"annotation", "returns", "decorator_list", "bases"}
_LONGEST = 90


@dataclass(frozen=True)
class Mutant:
    """One mistake: where it is made and how it reads, and the whole module with it."""

    name: str
    source: str


def mutants(file: str, source: str) -> list[Mutant]:
    """Return the module with each mistake in turn; names tell them apart and do not hang on line numbers."""
    tree, seen = ast.parse(source), Counter[str]()
    return [
        _named(f"{file}{place}: {text}", changed, seen) for place, text, changed in _changes(tree, tree, "")
    ]


def _named(name: str, source: str, seen: Counter[str]) -> Mutant:
    seen[name] += 1
    return Mutant(name if seen[name] == 1 else f"{name} ({seen[name]})", source)


def _changes(tree: ast.Module, parent: ast.AST, place: str) -> Iterator[tuple[str, str, str]]:
    """Yield place, change and changed source for everything below a node."""
    for field, value in ast.iter_fields(parent):
        if field in _SKIPPED:
            continue
        for at, child in enumerate(value if isinstance(value, list) else [value]):
            if not isinstance(child, ast.AST) or _is_docstring(child):
                continue
            named = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            below = f"{place}.{child.name}" if named else place
            for new in instead(parent, field, child):
                yield below, _told(child, new), _with(tree, parent, field, at, new)
            yield from _changes(tree, child, below)


def _with(tree: ast.Module, parent: ast.AST, field: str, at: int, new: ast.AST | None) -> str:
    """Return the source with one node replaced, or left out."""
    value = getattr(parent, field)
    changed = list(value) if isinstance(value, list) else new
    if isinstance(changed, list):
        changed[at : at + 1] = [] if new is None else [new]
    setattr(parent, field, changed)
    source = ast.unparse(ast.fix_missing_locations(tree))
    setattr(parent, field, value)
    return source


def _is_docstring(node: ast.AST) -> bool:
    """Tell whether it is text that stands alone, to be read by people."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _told(old: ast.AST, new: ast.AST | None) -> str:
    """Return both texts around the first place where they differ."""
    before, after = (" ".join(ast.unparse(node).split()) if node else "nothing" for node in (old, new))
    alike = len(os.path.commonprefix((before, after)))  # noqa: RUF071  # of texts, not of paths
    begin = max(alike - _LONGEST // 3, 0)
    return " -> ".join(("…" if begin else "") + text[begin : begin + _LONGEST] for text in (before, after))
