"""The mistakes made on purpose are those somebody could make, and the list of those nobody notices does not rot."""

from functools import cache

import pytest

from tests.opinions.mutants import Mutant, mutants
from tests.opinions.mutation import all_mutants
from tests.opinions.survivors import SURVIVORS

MADE: list[tuple[str, set[str]]] = [
    ("x = a < b", {"x = a <= b"}),
    ("x = a in b and c", {"x = a in b or c", "x = a in b", "x = c", "x = a not in b and c"}),
    ("x = not a", {"x = a"}),
    ("x = a | b", {"x = a & b", "x = a"}),
    ("x = a if b else c", {"x = a", "x = c", "x = a if not b else c"}),
    ("x = 'a' + 'b'", set()),
    ("x = True", {"x = False"}),
    ("x = 7", {"x = 8"}),
    ("x = y[:7]", set()),
    ("x = ('a', 'b')", {"x = ('a',)", "x = ('b',)"}),
    ("x = {'a': b}", {"x = {}"}),
    ("x = any((a for a in b if a))", {"x = all((a for a in b if a))", "x = any((a for a in b))"}),
    ("x = f(a, b=c)", {"x = f(a)"}),
    ("f(a)", {"pass"}),
    ("raise E", {"pass"}),
    ("a.b = c", {"pass"}),
    ("def f() -> bool:\n    '''Text.'''\n    return a", {"def f() -> bool:\n    '''Text.'''\n    return None"}),
    ("if a:\n    pass", {"if not a:\n    pass"}),
    ("try:\n    a\nexcept (AError, BError):\n    pass",
     {"try:\n    pass\nexcept (AError, BError):\n    pass", "try:\n    a\nexcept (AError,):\n    pass",
      "try:\n    a\nexcept (BError,):\n    pass"}),
    ("@dataclass(frozen=True)\nclass A(B, c=True):\n    d: Literal[7]",
     {"@dataclass(frozen=True)\nclass A(B, c=False):\n    d: Literal[7]"}),
]  # fmt: skip


@pytest.mark.parametrize(("source", "made"), MADE, ids=[source.partition("\n")[0] for source, _ in MADE])
def test_each_small_mistake_is_made(source: str, made: set[str]) -> None:
    """An operator the other way round, a term, word or line left out; texts and annotations stay."""
    found = {mutant.source.replace('"""', "'''") for mutant in mutants("a.py", source)}
    assert found == made


@cache
def every_mistake() -> tuple[Mutant, ...]:
    return tuple(mutant for _, mutant in all_mutants())


def test_each_mistake_has_a_name_of_its_own() -> None:
    """It tells the file and the function, and does not hang on line numbers; each can be compiled."""
    found = every_mistake()
    assert len(found) > 900
    assert len({mutant.name for mutant in found}) == len(found)
    for mutant in found[::10]:
        compile(mutant.source, mutant.name, "exec")


def test_what_is_explained_can_still_be_made() -> None:
    """A mistake whose code has changed leaves the list; each has a sentence why nothing is decided otherwise."""
    assert not set(SURVIVORS) - {mutant.name for mutant in every_mistake()}
    assert all(reason.endswith(".") and len(reason) > 20 for reason in SURVIVORS.values())
