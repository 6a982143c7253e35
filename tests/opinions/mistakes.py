"""What could stand in place of a piece of code by mistake: an operator the other way round, a term or a line left out.

Strings are left alone, and so are annotations and decorators: what a message says is no decision.
"""

import ast
import copy
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

_OTHER: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.Sub: ast.BitOr, ast.Add: ast.Sub, ast.Mult: ast.FloorDiv,
}  # fmt: skip
_OTHER_NAME = {"all": "any", "any": "all", "min": "max", "max": "min", "union": "intersection",
               "intersection": "union"}  # fmt: skip
_Kind = type[ast.AST]


def instead(parent: ast.AST, field: str, node: ast.AST) -> Iterator[ast.AST | None]:
    """Yield what could stand in place of a node by mistake; None leaves it out of a list."""
    yield from _INSTEAD.get(type(node), _nothing)(node)
    if isinstance(node, ast.Constant) and not isinstance(parent, ast.Slice):
        yield from _constant(node)
    if field == "test" and isinstance(node, ast.Name | ast.Call | ast.Attribute | ast.NamedExpr):
        yield ast.UnaryOp(ast.Not(), node)
    if field == "ifs" or (
        field == "elts" and _are_words(parent) and isinstance(node, ast.Constant | ast.Name)
    ):
        yield None


def _nothing(_: ast.AST) -> Iterator[ast.AST]:
    yield from ()


def _compare(node: ast.Compare) -> Iterator[ast.AST]:
    for at, operator in enumerate(node.ops):
        yield _but(node, ops=[*node.ops[:at], _OTHER[type(operator)](), *node.ops[at + 1 :]])


def _and_or(node: ast.BoolOp) -> Iterator[ast.AST]:
    yield _but(node, op=_OTHER[type(node.op)]())
    for at in range(len(node.values)):
        rest = _without(node.values, at)
        yield rest[0] if len(rest) == 1 else _but(node, values=rest)


def _not(node: ast.UnaryOp) -> Iterator[ast.AST]:
    if isinstance(node.op, ast.Not):
        yield node.operand


def _two_sides(node: ast.BinOp) -> Iterator[ast.AST]:
    parts = [part for part in ast.walk(node) if isinstance(part, ast.JoinedStr | ast.Constant)]
    text = any(isinstance(part, ast.JoinedStr) or isinstance(part.value, str) for part in parts)
    if type(node.op) in _OTHER and not text:
        yield from (_but(node, op=_OTHER[type(node.op)]()), node.left)


def _either(node: ast.IfExp) -> Iterator[ast.AST]:
    yield from (node.body, node.orelse)


def _constant(node: ast.Constant) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield ast.Constant(node.value + 1)


def _name(node: ast.Name) -> Iterator[ast.AST]:
    if node.id in _OTHER_NAME:
        yield _but(node, id=_OTHER_NAME[node.id])


def _attribute(node: ast.Attribute) -> Iterator[ast.AST]:
    if node.attr in _OTHER_NAME:
        yield _but(node, attr=_OTHER_NAME[node.attr])


def _call(node: ast.Call) -> Iterator[ast.AST]:
    for at in range(len(node.keywords)):
        yield _but(node, keywords=_without(node.keywords, at))


def _dict(node: ast.Dict) -> Iterator[ast.AST]:
    for at in range(len(node.keys)):
        yield _but(node, keys=_without(node.keys, at), values=_without(node.values, at))


def _return(node: ast.Return) -> Iterator[ast.AST]:
    if node.value is not None and not isinstance(node.value, ast.Constant):
        yield ast.Return(ast.Constant(None))


def _line(_: ast.AST) -> Iterator[ast.AST]:
    yield ast.Pass()


def _assign(node: ast.Assign) -> Iterator[ast.AST]:
    if isinstance(node.targets[0], ast.Subscript | ast.Attribute):  # what is written is kept elsewhere
        yield ast.Pass()


def _but(node: ast.AST, **fields: object) -> ast.AST:
    """Return a copy with some fields set; what is not changed is shared."""
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def _without(items: list[ast.AST], at: int) -> list[ast.AST]:
    return [*items[:at], *items[at + 1 :]]


def _are_words(parent: ast.AST) -> bool:
    """Tell whether it is a list of words, or of several errors that are caught."""
    found: list[ast.expr] = getattr(parent, "elts", [])
    words = all(isinstance(one, ast.Constant) for one in found)
    errors = all(isinstance(one, ast.Name) and one.id.endswith("Error") for one in found)
    return len(found) > 1 and (words or errors)


_INSTEAD: Mapping[_Kind, Callable[..., Iterator[ast.AST]]] = MappingProxyType(
    {
        ast.Compare: _compare, ast.BoolOp: _and_or, ast.UnaryOp: _not, ast.BinOp: _two_sides, ast.IfExp: _either,
        ast.Name: _name, ast.Attribute: _attribute, ast.Call: _call, ast.Dict: _dict, ast.Return: _return,
        ast.Expr: _line, ast.Raise: _line, ast.AugAssign: _line, ast.Continue: _line, ast.Break: _line,
        ast.Delete: _line, ast.Assign: _assign,
    }
)  # fmt: skip
