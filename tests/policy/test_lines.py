"""`insight policy decide FILE`: the decision without a store, one line in, one line out."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from insight_kernel.cli import main
from tests.build import raw_label, raw_subject


def test_each_line_is_decided_in_order(tmp_path: Path) -> None:
    """Visible, hidden with its reason, blank lines left out."""
    lines = [
        _line(),
        _line(label={"level": "confidential"}, subject={"clearance": "official"}),
        "",
        _line(day=None),
    ]
    code, out = _run(tmp_path, lines)
    assert code == 0
    assert [json.loads(line) for line in out.splitlines()] == [
        {"visible": True, "reason": None},
        {"visible": False, "reason": "clearance"},
        {"visible": False, "reason": "expired"},
    ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"necessity": None}, "special"), ({"necessity": "yes"}, "special"), ({"purpose": "gossip"}, "purpose"),
        ({"day": "2026-13-01"}, "expired"),
    ],
)  # fmt: skip
def test_what_is_not_understood_refuses(tmp_path: Path, change: dict[str, Any], reason: str) -> None:
    """Nothing in a line is repaired."""
    _, out = _run(tmp_path, [_line(**change)])
    assert json.loads(out) == {"visible": False, "reason": reason}


@pytest.mark.parametrize("missing", [["subject"], ["label"], ["subject", "label"]], ids="+".join)
def test_a_line_without_its_parts_is_hidden(tmp_path: Path, missing: list[str]) -> None:
    """Without a label it is unreadable; without a subject nobody asks."""
    line = {name: part for name, part in json.loads(_line()).items() if name not in missing}
    _, out = _run(tmp_path, [json.dumps(line)])
    assert json.loads(out)["reason"] == ("unreadable-label" if "label" in missing else "purpose")


@pytest.mark.parametrize("line", ["{", "[]", "7", "null", '"text"', "[" * 3000], ids=lambda line: line[:6])
def test_a_line_that_is_no_object_ends_with_one_sentence(tmp_path: Path, line: str) -> None:
    """It names the line and what to do, and no traceback."""
    code, out = _run(tmp_path, [_line(), line])
    assert code == 1
    said = out.splitlines()[-1]
    assert said.startswith("insight: Cannot decide ")
    assert said.endswith("line 2 is not a JSON object. Mend the line.")


def _line(
    *, subject: dict[str, Any] | None = None, label: dict[str, Any] | None = None, **change: Any
) -> str:
    usual = {"purpose": "network", "necessity": False, "day": "2026-11-21"}
    parts = {"subject": raw_subject(**(subject or {})), "label": raw_label(**(label or {}))}
    return json.dumps({**parts, **usual, **change})


def _run(tmp_path: Path, lines: list[str]) -> tuple[int, str]:
    file = tmp_path / "lines.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    result = CliRunner().invoke(main, ["policy", "decide", str(file)])
    return result.exit_code, result.output
