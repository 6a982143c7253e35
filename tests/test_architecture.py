"""The shape of the house: which way imports point, how large rooms are, what is explained, how queries are written."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import insight_kernel

PACKAGE = Path(insight_kernel.__file__).parent
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "_shipped" not in path.parts)
LONGEST = 400

KERNEL = {"errors", "model", "language", "matching", "analysis", "views", "intake.reading"}
ALLOWED: dict[str, set[str]] = {
    "model": {"errors", "model"},
    "language": {"errors", "model", "language"},
    "matching": {"errors", "model", "matching"},
    "analysis": {"errors", "model", "analysis"},
    "views": {"errors", "model", "views"},
    "intake.reading": {"errors", "model", "intake.reading"},
    "policy": {"errors", "model", "policy"},
    "audit": {"errors", "files", "model", "audit"},
    "store": {"errors", "files", "shipped", "model", "policy", "audit", "store"},
    "intake.items": set(),
    "intake.formats": {"model", "intake.items", "intake.formats"},
    "intake.mapping": {"errors", "model", "intake", "intake.items", "intake.mapping", "intake.reading"},
    "intake": {"errors", "_lazy", "files", "model", "policy", "intake", "intake.items", "intake.formats",
               "intake.mapping", "intake.reading"},
    "intake.load": {"errors", "files", "model", "store", "intake", "intake.items", "intake.formats",
                    "intake.mapping", "intake.reading"},
    "gateway": {"errors", "files", "shipped", "runtime", "model", "policy", "audit", "store", "intake", "intake.items",
                "intake.formats", "leaving", "templates", "sandbox", "gateway"},
    "client": KERNEL | {"client", "files", "runtime", "shipped"},
    "reports": KERNEL | {"client", "files", "runtime", "shipped", "leaving", "templates", "sandbox",
                          "reports"},
    "training": KERNEL | {"client", "files", "runtime", "shipped", "intake.items", "intake.mapping", "training"},
    "leaving": {"errors", "files", "leaving"},
    "sandbox": {"errors", "runtime", "shipped", "sandbox"},
    "templates": {"errors", "shipped", "model", "templates"},
    "errors": set(), "_lazy": set(), "versions": set(), "files": set(), "shipped": set(), "runtime": {"errors"},
}  # fmt: skip
"""Room -> rooms its modules may import (interfaces.md 17)."""

ON_TOP = {"__init__", "cli", "commands", "benchmarks", "demo", "launch", "reference"}
"""The command line, and what only it starts: these may import any room, and no room imports them."""

TOP = {
    "__init__.py", "_lazy.py", "cli.py", "commands", "demo.py", "reference.py", "benchmarks", "errors.py", "files.py",
    "runtime.py", "shipped.py", "py.typed", "model", "policy", "audit", "store", "intake", "language", "matching",
    "analysis", "views", "gateway", "client", "reports", "training", "launch", "leaving", "templates", "sandbox",
    "versions.py", "_shipped",
}  # fmt: skip
QUERY_WORDS = ("SELECT ", "INSERT ", "UPDATE ", "DELETE ", "CREATE ", "DROP ", "ALTER ", "ATTACH ", "COPY ")
HEAVY = {"pandas", "duckdb", "pyarrow", "matplotlib", "networkx", "fastapi", "numpy", "IPython", "papermill"}


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def room_of(module: str) -> str:
    """Return the room of a dotted name within the package."""
    parts = module.split(".")
    return ".".join(parts[:2]) if ".".join(parts[:2]) in ALLOWED else parts[0]


def imported(path: Path) -> Iterator[str]:
    """Yield the dotted names, within the package, of everything a module imports, also inside functions."""
    for node in ast.walk(tree_of(path)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
            if node.module == "insight_kernel":
                names = [f"insight_kernel.{alias.name}" for alias in node.names]
        for name in names:
            if name.startswith("insight_kernel."):
                yield name.removeprefix("insight_kernel.")


def outside(path: Path) -> set[str]:
    """Return the top names of everything a module imports when it is imported."""
    nodes = [node for node in tree_of(path).body if isinstance(node, ast.Import | ast.ImportFrom)]
    names = [a.name for n in nodes if isinstance(n, ast.Import) for a in n.names]
    return {
        name.split(".")[0]
        for name in [*names, *(n.module or "" for n in nodes if isinstance(n, ast.ImportFrom))]
    }


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_one_way(path: Path) -> None:
    """`model` is at the bottom; what runs in a kernel cannot reach store, policy, audit or gateway."""
    room = room_of(".".join(path.relative_to(PACKAGE).with_suffix("").parts))
    if room in ON_TOP:
        return
    wrong = {name for name in imported(path) if room_of(name) not in ALLOWED[room]}
    assert not wrong


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_the_package_knows_nothing_above_it(path: Path) -> None:
    """It works in a plain script: no hub, no extension, no test."""
    assert not outside(path) & {"extensions", "hub_config", "jupyterhub", "tests", "notebook_templates"}


def test_the_top_level_is_fixed() -> None:
    """A new room, or a module outside the rooms, is a decision: it is written here."""
    found = {path.name for path in PACKAGE.iterdir() if path.name != "__pycache__"}
    assert found <= TOP


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_is_small(path: Path) -> None:
    """At most 400 lines; it says in its first line what it is for."""
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= LONGEST
    assert ast.get_docstring(tree_of(path))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_what_is_public_is_explained(path: Path) -> None:
    """Every public class, function and method has a docstring."""
    assert not [name for name, node in public(tree_of(path), "") if not ast.get_docstring(node)]


def public(
    parent: ast.AST, prefix: str
) -> Iterator[tuple[str, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]]:
    for node in ast.iter_child_nodes(parent):
        if isinstance(
            node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
        ) and not node.name.startswith("_"):
            if not {"overload"} & {d.id for d in node.decorator_list if isinstance(d, ast.Name)}:
                yield prefix + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from public(node, f"{node.name}.")


@pytest.mark.case("A35")
@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_query_is_built_from_parts(path: Path) -> None:
    """Queries are fixed texts with bound values: no f-string, `%`, `+`, `format` or `join` makes one."""
    assert not [node.lineno for node in ast.walk(tree_of(path)) if made_of_parts(node) and speaks_sql(node)]


def made_of_parts(node: ast.AST) -> bool:
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Add | ast.Mod)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in ("format", "join", "format_map", "replace", "substitute")
    return isinstance(node, ast.JoinedStr)


def speaks_sql(node: ast.AST) -> bool:
    texts = [n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    return any(text.lstrip().startswith(QUERY_WORDS) for text in texts)


@pytest.mark.parametrize(
    "source",
    ['f"SELECT {x}"', '"SELECT " + x', '"SELECT %s" % x', '"SELECT {}".format(x)', '" ".join(["SELECT ", x])',
     'f" DELETE FROM {x}"', '"INSERT INTO x".replace("x", y)'],
)  # fmt: skip
def test_a_query_built_from_parts_would_be_found(source: str) -> None:
    """The test above can fail."""
    assert any(made_of_parts(node) and speaks_sql(node) for node in ast.walk(ast.parse(source)))


def test_only_the_store_speaks_to_the_database() -> None:
    """The engine's statements stand in `store`; a notebook's own `sql` runs over frames it already holds."""
    speaking = {name_of(path) for path in MODULES if "duckdb" in outside(path)}
    assert {name for name in speaking if not name.startswith("store/")} <= {"client/workspace.py"}


@pytest.mark.parametrize(
    "path", [PACKAGE / "cli.py", PACKAGE / "__init__.py", PACKAGE / "_lazy.py"], ids=name_of
)
def test_the_command_line_starts_at_once(path: Path) -> None:
    """Heavy libraries are imported when a command needs them."""
    assert not outside(path) & HEAVY


def test_nothing_pickles() -> None:
    """Neither to write nor to read."""
    assert not [
        name_of(path) for path in MODULES if outside(path) & {"pickle", "cPickle", "shelve", "dill", "joblib"}
    ]
