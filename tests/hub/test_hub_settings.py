"""What the hub is told when it is started."""

import json
from pathlib import Path
from typing import Any

import pytest

from hub_config.settings import HubSettings, read_password, read_settings
from insight_kernel.errors import BadInput
from tests.build import ABSENT

USUAL: dict[str, Any] = {
    "store": "/s", "folder": "/s/hub", "runtime": "/run/insight-0/0a", "proxy": ["node", "proxy"],
    "port": 8000, "hub_port": 8081, "proxy_api_port": 8001, "page_port": 8002,
}  # fmt: skip


GOVERNED: dict[str, Any] = {
    "address": "https://insight.example", "key": "/k", "certificate": "/c", "account": 59000,
    "workspaces": [60000, 60009], "reports": [60010], "login": "/l",
}  # fmt: skip


def read(**changes: Any) -> HubSettings:
    """Read usual settings with some changed or left out."""
    told = {name: value for name, value in {**USUAL, **changes}.items() if value is not ABSENT}
    return read_settings({"INSIGHT_HUB": json.dumps(told)})


def test_homes_lie_in_the_hubs_folder() -> None:
    """One folder holds everything the hub writes."""
    assert read().homes == Path("/s/hub/homes")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"governed": {**GOVERNED, "address": "http://insight.example"}}, "governed.address: "),
        ({"governed": {**GOVERNED, "account": 0}}, "governed.account: "),
        ({"governed": {**GOVERNED, "workspaces": [60000]}}, "governed.workspaces: "),
        ({"governed": {**GOVERNED, "isolate": False}}, "governed.isolate: "),
        ({"port": 0}, "port: "),
        ({"page_port": 65536}, "page_port: "),
        ({"proxy": []}, "proxy: "),
        ({"store": ABSENT}, "store: Field required"),
        ({"colour": "red"}, "colour: "),
    ],
)
def test_a_mistake_is_said_with_its_place(changes: dict[str, Any], said: str) -> None:
    """Also one in the settings of the profile governed."""
    with pytest.raises(BadInput) as found:
        read(**changes)
    assert said in found.value.wrong
    assert ";" not in found.value.wrong


def test_the_profile_is_governed_only_where_it_is_asked_for() -> None:
    """Then its accounts are known."""
    assert read().profile == "demo"
    found = read(governed=GOVERNED)
    assert found.profile == "governed"
    assert found.governed is not None
    assert list(found.governed.uids) == list(range(60000, 60010))


def test_all_mistakes_are_said_at_once() -> None:
    """Also when nothing at all was told."""
    with pytest.raises(BadInput) as found:
        read_settings({})
    assert found.value.wrong.count(";") == len(USUAL) - 1


@pytest.mark.parametrize(
    ("text", "mode", "said"),
    [
        ("elevenchars", 0o600, "fewer than 12 characters"),
        ("long enough for all", 0o640, "others may read it"),
        ("short", 0o604, "fewer than 12 characters; others may read it"),
        (None, 0, "No such file"),
    ],
)
def test_a_weak_password_is_refused(tmp_path: Path, text: str | None, mode: int, said: str) -> None:
    """It is never repeated."""
    path = tmp_path / "password"
    if text is not None:
        path.write_text(text)
        path.chmod(mode)
    with pytest.raises(BadInput) as found:
        read_password(tmp_path)
    assert said in found.value.wrong
    assert text is None or text not in str(found.value)
