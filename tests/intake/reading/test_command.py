"""`insight read`: one object for each file, whatever becomes of it."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from insight_kernel import intake
from insight_kernel.cli import main

FIELDS = {"path", "kind", "ok", "error", "text", "language", "parts", "metadata", "warnings"}


def read(*words: str) -> Result:
    return CliRunner().invoke(main, ["read", *words])


def test_one_object_for_each_file(tmp_path: Path) -> None:
    """Also for one that is refused, which ends neither the others nor the command; folders are read to their ends."""
    (tmp_path / "below").mkdir()
    (tmp_path / "a.txt").write_text("one")
    (tmp_path / "below" / "b.json").write_text("[NaN]")
    (tmp_path / "below" / "c.html").write_text("<p>three")
    answer = read(str(tmp_path), "--json")
    found = [json.loads(line) for line in answer.stdout.splitlines()]
    assert answer.exit_code == 0
    assert [set(each) for each in found] == [FIELDS] * 3
    assert [(Path(each["path"]).name, each["ok"], each["text"]) for each in found] == [
        ("a.txt", True, "one"), ("b.json", False, ""), ("c.html", True, "three"),
    ]  # fmt: skip
    assert found[1]["error"] == "is not JSON: a number that is none"


def test_what_is_said_to_people(tmp_path: Path) -> None:
    """A line for each file and each part, and how many were read."""
    (tmp_path / "a.pdf").write_text("no PDF")
    answer = read(str(tmp_path / "a.pdf"))
    assert answer.output.splitlines() == [
        f"{tmp_path / 'a.pdf'}  text: 6 characters; is text, although its name ends in .pdf", "1 read, 0 refused.",
    ]  # fmt: skip


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    """As everywhere on the command line."""
    assert read(str(tmp_path / "absent")).exit_code == 2
    assert read().exit_code == 2


def test_the_same_from_python(tmp_path: Path) -> None:
    """In a notebook, on any file of one's own."""
    (tmp_path / "a.txt").write_text("one")
    assert intake.read(tmp_path / "a.txt").content.text == "one"
