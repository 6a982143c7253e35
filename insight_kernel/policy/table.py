"""The rules as a table that a lawyer can read, made from the list that decides."""

from collections.abc import Iterator

from insight_kernel.model.label import HANDLING, LEVELS, PURPOSES, SPECIAL
from insight_kernel.policy.rules import RULES

HEADER = ("", "Reason", "What must hold", "Read from the label", "Read from the reader")


def rule_rows() -> list[tuple[str, ...]]:
    """Return a row per rule, in the order in which they are applied.

    Examples
    --------
    >>> rule_rows()[1][:2]
    ('2', 'expired')
    """
    return [
        (str(number), rule.reason, rule.sentence, ", ".join(rule.label_fields), ", ".join(rule.reader_fields))
        for number, rule in enumerate(RULES, start=1)
    ]


def rules_as_markdown() -> str:
    """Return the page of the rules: the table, what follows from it, and the words it uses."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "A value is visible to a reader if and only if all of the following hold. They are applied in this order;"
    yield "the first that fails is the reason of the refusal. What is missing or cannot be understood refuses."
    yield ""
    yield from _row(HEADER)
    yield from _row(("---",) * len(HEADER))
    for row in rule_rows():
        yield from _row(row)
    yield ""
    for name, words in (
        ("level", LEVELS),
        ("purposes", PURPOSES),
        ("handling", HANDLING),
        ("special", SPECIAL),
    ):
        yield f"- Words of `{name}`: {', '.join(words)}."


def _row(cells: tuple[str, ...]) -> Iterator[str]:
    yield f"| {' | '.join(cells)} |"
