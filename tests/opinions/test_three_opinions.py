"""Three opinions agree on 10,000 cases; and they can disagree, as planted bugs show."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.attacks.removals import copied
from tests.opinions import cedar
from tests.opinions.cedar import ORDER, Twin
from tests.opinions.compare import CASES, SEED, compare

LEAST = 0.02
FEWER = ("--cases", "5000", "--json")
RULES, TWIN = "insight_kernel/policy/rules.py", "tests/opinions/rules.cedar"
_NOT_EXCLUDED = (
    "\n   (if context.label has excluded then !context.label.excluded.contains(context.organisation)"
    " else true)"
)

PLANTED: dict[str, tuple[tuple[str, str], tuple[str, str], str]] = {
    "who is named may receive, though he is excluded": (
        ("and organisation not in label.excluded", "and (bool(label.only) or organisation not in label.excluded)"),
        (f"&&{_NOT_EXCLUDED}",
         f"&&\n  ((context.label has only && !context.label.only.isEmpty()) || {_NOT_EXCLUDED})"),
        "recipient",
    ),
    "a value is shown on the day it expires": (
        ("ask.day < label.expires", "ask.day <= label.expires"),
        ("context.day < context.label.expires", "context.day <= context.label.expires"),
        "expired",
    ),
    "a permit is enough without a necessity": (
        ("(ask.necessity and label.special <= subject.permits)", "label.special <= subject.permits"),
        ("containsAll(context.label.special) && context.necessity", "containsAll(context.label.special)"),
        "special",
    ),
}  # fmt: skip
"""What is wrong: the text replaced in the rules, the same mistake in Cedar, and the reason then missing."""


def test_the_twin_knows_nothing_of_the_package() -> None:
    """It imports neither the package nor anything else of the tests, so that no mistake is shared."""
    tree = ast.parse(Path(cedar.__file__).read_text("utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names == {"re", "collections.abc", "datetime", "pathlib", "typing", "cedarpy"}


def test_three_opinions_agree_on_ten_thousand_cases(tmp_path: Path) -> None:
    """The decision and its reason, the rows of a store, and the rules in Cedar; each reason in 2 % of the cases."""
    found = compare(CASES, SEED, tmp_path)
    assert found.cases >= 10_000
    assert not found.disagreements, found.examples
    assert min(found.shares.values()) >= LEAST, found.shares


@pytest.mark.parametrize("bug", PLANTED)
def test_a_planted_bug_is_found(tmp_path: Path, bug: str) -> None:
    """The comparison fails and names the rule that no longer refuses."""
    ours, _, reason = PLANTED[bug]
    done = _compared(tmp_path, (RULES, *ours))
    found = json.loads(done.stdout)
    assert done.returncode == 1
    assert found["disagreements"]
    assert all(json.loads(example)["Cedar"] == reason for example in found["examples"])
    assert all(json.loads(example)["decide"] != reason for example in found["examples"])


@pytest.mark.parametrize("bug", PLANTED)
def test_a_twin_with_the_same_bug_would_not_find_it(tmp_path: Path, bug: str) -> None:
    """It is the twin that finds them: with the same mistake made in it nobody disagrees."""
    ours, theirs, _ = PLANTED[bug]
    done = _compared(tmp_path, (RULES, *ours), (TWIN, *theirs))
    assert done.returncode == 0, done.stdout


def test_a_store_that_shows_one_value_more_is_found(tmp_path: Path) -> None:
    """The third opinion counts: rows are compared with both others."""
    text = (
        "insight_kernel/policy/allowed.py",
        '"1" if n in ids else "0"',
        '"1" if n in ids or n == 7 else "0"',
    )
    found = json.loads(_compared(tmp_path, text).stdout)
    assert found["disagreements"]
    assert all(json.loads(example)["store shows"] for example in found["examples"])


def _compared(folder: Path, *replaced: tuple[str, str, str]) -> "subprocess.CompletedProcess[str]":
    copy = copied(folder / "insight")
    for name, old, new in replaced:
        text = (copy / name).read_text("utf-8")
        assert text.count(old) == 1, (name, old)
        (copy / name).write_text(text.replace(old, new), "utf-8")
    return subprocess.run(
        [sys.executable, "-m", "tests.opinions.compare", *FEWER], cwd=copy, text=True, capture_output=True,
        env={**os.environ, "PYTHONPATH": str(copy)}, check=False,
    )  # fmt: skip


def question(**label: Any) -> dict[str, Any]:
    """Return a question whose answer is yes, with some fields of its label set."""
    subject = {"user": "ana", "organisation": "FR", "clearance": "official", "purposes": ["warn"], "files": [],
               "permits": [], "roles": []}  # fmt: skip
    usual = {"owner": "FR", "purposes": ["warn"], "expires": "2031-01-01"}
    return {
        "subject": subject,
        "label": {**usual, **label},
        "purpose": "warn",
        "necessity": False,
        "day": "2026-11-22",
    }


def test_an_error_of_cedar_refuses() -> None:
    """A policy that errs - here by a sum too large - permits nothing, not even by the policies beside it."""
    text = (Path(cedar.__file__).parent / "rules.cedar").read_text("utf-8")
    erring = text.replace("context.day <", "context.day + 9223372036854775807 <")
    assert Twin().reasons([question()]) == [None]
    assert Twin(erring).reasons([question()]) == [ORDER[0]]


def test_policies_that_do_not_fit_their_schema_are_not_used() -> None:
    """A rule that reads an attribute without asking whether it is there is refused before any question."""
    with pytest.raises(ValueError, match="optional attribute"):
        Twin('permit (principal, action == Action::"see", resource) when { context.purpose == "warn" };')
