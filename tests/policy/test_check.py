"""`insight policy check`: every problem of every label of a file, each with its place."""

from pathlib import Path

import pytest

from insight_kernel.errors import BadInput
from insight_kernel.policy.check import Checked, check_file
from tests.build import raw_label, write_yaml

GOOD = '{"owner": "FR", "purposes": ["warn"], "expires": "2031-01-01"}'


def checked(path: Path, content: bytes) -> list[Checked]:
    path.write_bytes(content)
    return check_file(path)


def test_each_line_is_a_label_with_its_number(tmp_path: Path) -> None:
    """Also inside an object that has one; empty lines count and are not checked."""
    lines = [GOOD, "", '{"label": {"owner": "fr"}}', "{", "7", f'{{"label": {GOOD}}}', '{"owner": "é"}']
    found = checked(tmp_path / "labels.jsonl", "\n".join(lines).encode())
    assert [one.place for one in found] == ["line 1", "line 3", "line 4", "line 5", "line 6", "line 7"]
    assert [bool(one.problems) for one in found] == [False, True, True, True, False, True]
    assert found[1].problems == ("owner: an organisation code", "purposes: missing", "expires: missing")
    assert found[2].problems == found[3].problems == ("label: must be an object",)


@pytest.mark.parametrize("name", ["profile.yml", "profile.yaml"])
@pytest.mark.parametrize(
    ("content", "problems"),
    [
        ({"label": {**raw_label(), "conditions": "é"}}, ()),
        ({"label": {"owner": "FR", "purposes": ["warn"]}}, ()),  # intake fills in the expiry
        (
            {"label": {"owner": "FR", "purposes": ["warn"], "expires": "soon"}},
            ("expires: a date YYYY-MM-DD",),
        ),
        ({"title": "x"}, ("label: must be an object",)),
        ({"label": "FR"}, ("label: must be an object",)),
        (["label"], ("label: must be an object",)),
    ],
)
def test_a_profile_has_one_label(
    tmp_path: Path, name: str, content: object, problems: tuple[str, ...]
) -> None:
    """Its expiry need not be stated, but must be right if it is."""
    assert check_file(write_yaml(tmp_path / name, content)) == [Checked("label", problems)]


def test_a_profile_that_is_no_yaml_has_no_label(tmp_path: Path) -> None:
    """It is a problem of the file, not an error of the program."""
    assert checked(tmp_path / "profile.yml", b"a: [") == [Checked("label", ("label: must be an object",))]


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"], ids=["absent", "not UTF-8"])
def test_a_file_that_cannot_be_read_is_bad_input(tmp_path: Path, content: bytes | None) -> None:
    """One sentence that names it."""
    path = tmp_path / "labels.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadInput, match="not a readable UTF-8 file"):
        check_file(path)
