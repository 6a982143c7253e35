"""The rules as people read them: made from the list that decides, so that the two cannot differ."""

from insight_kernel.model.label import HANDLING, LEVELS, PURPOSES, SPECIAL
from insight_kernel.policy.rules import REASONS, RULES
from insight_kernel.policy.table import HEADER, rule_rows, rules_as_markdown

READ = {
    "unreadable-label": ("all fields", ""),
    "expired": ("expires", "day"),
    "purpose": ("purposes", "purposes, stated purpose"),
    "clearance": ("level", "clearance"),
    "recipient": ("owner, only, excluded", "organisations"),
    "file": ("files", "files"),
    "special": ("special", "permits, stated necessity"),
    "consent": ("handling, consent, owner", "recipient of the rendition, consents given"),
}


def test_a_row_for_each_rule_in_the_order_in_which_they_are_applied() -> None:
    """Its number, its reason, its sentence, and what it reads of the label and of the reader."""
    rows = rule_rows()
    assert [row[:2] for row in rows] == [(str(n), reason) for n, reason in enumerate(REASONS, start=1)]
    assert [row[2] for row in rows] == [rule.sentence for rule in RULES]
    assert {row[1]: row[3:] for row in rows} == READ
    assert all(len(row) == len(HEADER) for row in rows)


def test_the_page_holds_the_table_and_the_words() -> None:
    """Two sentences before it, the table as Markdown, and every word a label may use."""
    lines = rules_as_markdown().splitlines()
    assert lines[0].startswith("A value is visible to a reader if and only if all of the following hold.")
    assert lines[2] == ""
    assert lines[3:5] == [f"| {' | '.join(HEADER)} |", "| --- | --- | --- | --- | --- |"]
    assert lines[5:13] == [f"| {' | '.join(row)} |" for row in rule_rows()]
    words = {"level": LEVELS, "purposes": PURPOSES, "handling": HANDLING, "special": SPECIAL}
    assert lines[13:] == ["", *(f"- Words of `{name}`: {', '.join(said)}." for name, said in words.items())]
    assert rules_as_markdown().endswith(".\n")
