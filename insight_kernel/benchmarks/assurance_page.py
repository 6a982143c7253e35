"""How the assurance page reads: for each command one section, its sentences filled with what the command said."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from insight_kernel.benchmarks.report import said

_HEAD = """# Assurance

What is promised, and how far it was tried. Every figure is what the command above it said, on the machine at the end;
run it again to get your own. `insight bench --write-docs` runs them all and writes this page; a result that is in the
folder `--results` already is not made again. What INSIGHT does not do stands on
[a page of its own](../explanation/limits.md).
"""
_KINDS = {"A": "attacks refused", "F": "faults survived", "L": "leaks of others, not found here"}
Found = dict[str, Any]
Lines = Iterator[str]


class Section(NamedTuple):
    """One part of the page: its title, and the lines that a command's figures make."""

    title: str
    lines: Callable[[Found], Lines]


def written(found: Mapping[str, Found], commands: Mapping[str, str], facts: Mapping[str, object]) -> str:
    """Return the page."""
    parts = [_HEAD]
    for name, section in SECTIONS.items():
        parts += [f"## {section.title}\n", f"`{commands[name]}`\n", *section.lines(found[name]), ""]
    lasting = {name: value for name, value in facts.items() if name not in ("command", "load at the end")}
    return "\n".join([*parts, "## Where\n", "```text", *said(lasting), "```", ""])


def _opinions(found: Found) -> Lines:
    yield "The decision, the rows a store shows, and the same rules in Cedar, written from the specification alone:"
    yield f"**{found['cases']:,} cases, {found['disagreements']} disagreements.**"
    yield "How often each reason was the first:\n"
    shares = ((reason, f"{share:.1%}") for reason, share in found["shares"].items())
    yield from _table(("reason", "share"), shares)


def _mistakes(found: Found) -> Lines:
    yield "Mistakes made one at a time in the code that decides, joins labels and releases:"
    yield f"**{found['mutants']:,} mistakes, {found['killed']:,} noticed by a test, {found['explained']} explained**"
    yield "(they change nothing; each has its reason in `tests/opinions/survivors.py`),"
    yield f"**{len(found['survived'])} neither**."


def _covered(found: Found) -> Lines:
    yield f"Of {found['statements']:,} statements and {found['branches']:,} branches in {found['files']} files of"
    yield f"`policy`, `audit` and release, tests reach **{found['percent']:.1f} %**;"
    yield f"{len(found['missing'])} files lack something."


def _tests(found: Found) -> Lines:
    yield "The numbered attacks (A), faults (F) and leaks (L) of the specification, each tried by at least one test:\n"
    rows = [(word, *_counted(found, kind)) for kind, word in _KINDS.items()]
    yield from _table(("", "tried and held", "failed", "skipped here", "not tried"), rows)
    yield "\nNot tried, because what they are about is not there yet:\n"
    yield from (f"- **{case}**: {reason}" for case, reason in found["uncovered"].items())


def _counted(found: Found, kind: str) -> tuple[str, ...]:
    own = [outcome for case, outcome in found["cases"].items() if case.startswith(kind)]
    untried = [case for case in found["uncovered"] if case.startswith(kind)]
    return (*(str(own.count(word)) for word in ("passed", "failed", "skipped")), str(len(untried)))


def _removals(found: Found) -> Lines:
    yield "Each safeguard is taken out alone, to see whether the test that is there for it fails:"
    yield f"**{found['killed']} of {found['safeguards']} were missed at once.**\n"
    yield from (f"- SURVIVED: `{line}`" for line in found["survived"])


def _leaks(found: Found) -> Lines:
    yield "Whether time or size of an answer tells what is hidden from what never was, asked in turns."
    yield "An AUC of 0.5 is a guess:\n"
    yield from _table(
        ("request", "pairs", "AUC of time", "sizes equal"),
        ((row["request"], f"{row['pairs']:,}", f"{row['auc']:.3f}", "yes" if row["sizes_equal"] else "NO")
         for row in found["rows"]),
    )  # fmt: skip


def _audit(found: Found) -> Lines:
    yield from _table(
        ("what", "at once", "a second", "bar"),
        ((row["what"], str(row["at_once"]), f"{row['a second']:,.0f}", _bar(row)) for row in found["rows"]),
    )


def _recovery(found: Found) -> Lines:
    [row] = found["rows"]
    yield f"A gateway killed with `kill -9` while it answers, {row['rounds']} times, and started again:"
    yield f"**{row['acknowledged']:,} answers acknowledged, {row['lost']} of them not in the log.**"
    yield f"The next answer came {row['median']:.1f} s after the start ({row['low']:.1f} to {row['high']:.1f})."


def _sandbox(found: Found) -> Lines:
    yield from _table(
        ("start", "time", "bar"),
        ((row["what"], f"{1000 * row['judged']:.0f} ms", _met(row["met"])) for row in found["rows"]),
    )


def _bar(row: Found) -> str:
    return "" if row["bar"] is None else f">= {row['bar']:,}: {_met(row['met'])}"


def _met(met: bool) -> str:
    return "met" if met else "missed"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Lines:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)


SECTIONS = {
    "opinions": Section("Three opinions", _opinions),
    "mistakes": Section("Mistakes that tests notice", _mistakes),
    "covered": Section("Code that tests reach", _covered),
    "tests": Section("Attacks, faults and leaks", _tests),
    "removals": Section("Safeguards taken out", _removals),
    "leaks": Section("Absent beside hidden", _leaks),
    "audit": Section("The audit log under load", _audit),
    "recovery": Section("After a kill", _recovery),
    "sandbox": Section("What a sandbox costs", _sandbox),
}
