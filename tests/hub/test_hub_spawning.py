"""Before a server starts: its workspace is asked for and exactly its home is made."""

import asyncio
import stat
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub_config.settings import HubSettings
from hub_config.spawning import AWAY, PAGE, UNNAMED, SpawnRefused, before_spawn, prepare_home, read_opened

OPENED = b'{"workspace": "ana/op-a", "case": "OP-A", "purpose": "network", "generation": 2}'
OTHER = f"The gateway has no such workspace. Open it on the page {PAGE} first."


@dataclass
class User:
    """Whose server it is."""

    name: str


@dataclass
class Starting:
    """What the hub hands over."""

    name: str
    user: User
    home_dir: str = "unset"


@pytest.mark.parametrize(
    ("status", "body", "code", "sentence"),
    [
        (404, b'{"code": "not_available", "message": "Open it first."}', 403, "Open it first."),
        (403, b'{"code": "not_permitted", "message": "Not for 100% of you."}', 403, "Not for 100% of you."),
        (404, b"not json", 403, OTHER),
        (404, b'["message"]', 403, OTHER),
        (422, b'{"message": 7}', 403, OTHER),
        (503, b'{"message": "internal"}', 503, AWAY),
        (200, b'{"workspace": "ana/op-a"}', 503, AWAY),
        (200, OPENED.replace(b"2", b"-1"), 503, AWAY),
        (200, OPENED.replace(b"2", b'"../../ben"'), 503, AWAY),
        (200, b"", 503, AWAY),
    ],
)
def test_anything_but_a_workspace_is_a_refusal(status: int, body: bytes, code: int, sentence: str) -> None:
    """The user reads one sentence; what the gateway said is passed on when it is one."""
    with pytest.raises(SpawnRefused) as said:
        read_opened(status, body)
    assert (said.value.status_code, said.value.jupyterhub_message) == (code, sentence)
    assert sentence in str(said.value)


@pytest.mark.parametrize(("name", "code", "sentence"), [("", 403, UNNAMED), ("op-a", 503, AWAY)])
def test_no_server_without_a_workspace(tmp_path: Path, name: str, code: int, sentence: str) -> None:
    """The unnamed server has none; without a gateway nobody has one. No home is made."""
    settings = HubSettings(store=tmp_path, folder=tmp_path, runtime=tmp_path / "none", proxy=["x"],
                           port=1, hub_port=2, proxy_api_port=3, page_port=4)  # fmt: skip
    starting = Starting(name, User("ana"))
    with pytest.raises(SpawnRefused) as said:
        asyncio.run(before_spawn(settings, starting))
    assert (said.value.status_code, said.value.jupyterhub_message) == (code, sentence)
    assert starting.home_dir == "unset"
    assert not (tmp_path / "homes").exists()


def test_a_home_is_its_owners_and_starts_with_the_exercises(tmp_path: Path) -> None:
    """An exercise somebody has worked on is left as he left it."""
    exercises = tmp_path / "exercises"
    exercises.mkdir()
    (exercises / "first.ipynb").write_text("{}")
    (exercises / "notes.txt").write_text("not for users")
    home = tmp_path / "homes" / "ana" / "op-a" / "1"
    prepare_home(home, exercises)
    assert [path.name for path in home.iterdir()] == ["first.ipynb"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in (home, home.parent, home.parents[1])} == {0o700}
    (home / "first.ipynb").write_text("worked on")
    prepare_home(home, exercises)
    assert (home / "first.ipynb").read_text() == "worked on"


def test_a_newer_generation_leaves_nothing_of_the_older(tmp_path: Path) -> None:
    """A workspace replaced by an empty one is empty; homes of others stay."""
    server = tmp_path / "ana" / "op-a"
    for home in (
        server / "1",
        server / "2",
        tmp_path / "ana" / "op-b" / "1",
        tmp_path / "ben" / "op-a" / "1",
    ):
        prepare_home(home, tmp_path / "none")
        (home / "read.csv").write_text("x")
    prepare_home(server / "10", tmp_path / "none")
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*/*/*")) == [
        "ana/op-a/10", "ana/op-b/1", "ana/op-b/1/read.csv", "ben/op-a/1", "ben/op-a/1/read.csv",
    ]  # fmt: skip


@given(st.binary())
def test_no_bytes_from_the_gateway_start_a_server_by_mistake(body: bytes) -> None:
    """Only a whole, well-typed workspace does."""
    with pytest.raises(SpawnRefused):
        read_opened(200, body)
