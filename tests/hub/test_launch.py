"""`insight up` before there is a hub: ports, the proxy, the hub's folder, and what is wrong in one sentence."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from insight_kernel.errors import Unavailable
from insight_kernel.launch.folder import hub_folder, shared_password
from insight_kernel.launch.ports import HOST, any_free, next_free
from tests.build import write_yaml


def insight_up(store: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run a start that must fail."""
    return subprocess.run(
        [sys.executable, "-m", "insight_kernel.cli", "up", "--store", str(store)], capture_output=True, text=True,
        env={**os.environ, **environment}, timeout=120, check=False,
    )  # fmt: skip


def test_a_taken_port_moves_to_the_next_free_one() -> None:
    """Not to a port far away."""
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        assert port < next_free(port) <= port + 100


def test_when_all_ports_are_taken_that_is_said() -> None:
    """The last port has no next one."""
    with socket.socket() as last:
        last.bind((HOST, 65535))
        last.listen()
        with pytest.raises(Unavailable, match="from 65535 on are all taken"):
            next_free(65535)


def test_inner_ports_differ() -> None:
    """Hub, proxy and page each get their own."""
    assert len(set(any_free(20))) == 20


def test_the_password_is_kept_and_nobody_elses(store: Path) -> None:
    """It is made once, is long, and only its owner can read it; so is the folder."""
    with hub_folder(store) as folder:
        found = shared_password(folder)
        assert found == shared_password(folder)
        assert len(found) >= 12
        assert ((folder / "password").stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)


def test_two_stores_do_not_share_a_password(tmp_path: Path) -> None:
    """Knowing one demo's password opens no other."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with hub_folder(tmp_path / "a") as one, hub_folder(tmp_path / "b") as other:
        assert shared_password(one) != shared_password(other)


def test_the_hubs_database_is_made_anew_and_homes_stay(store: Path) -> None:
    """Groups and users of a start are those of the organisation file; work is not lost."""
    with hub_folder(store) as folder:
        (folder / "homes").mkdir()
        (folder / "jupyterhub.sqlite").touch()
    with hub_folder(store) as folder:
        assert not (folder / "jupyterhub.sqlite").exists()
        assert (folder / "homes").is_dir()


def test_one_hub_per_store(store: Path) -> None:
    """A second one would be refused its gateway anyway; it is said before anything starts."""
    with hub_folder(store):
        done = insight_up(store)
    assert done.returncode == 1
    assert (
        done.stderr
        == f"insight: Cannot start a hub on {store}: one is running on it already. Use that one, or stop it first.\n"
    )


def test_without_a_network_there_is_one_sentence_and_nothing_half_installed(
    store: Path, tmp_path: Path
) -> None:
    """The next start with a network begins afresh."""
    done = insight_up(store, XDG_CACHE_HOME=str(tmp_path), npm_config_registry="http://127.0.0.1:1/")
    progress, sentence = done.stderr.splitlines()
    assert done.returncode == 1
    assert progress.startswith("Installing the hub's proxy into ")
    assert sentence == (
        "insight: Cannot install the hub's proxy: npm cannot reach its package registry (ECONNREFUSED). "
        "Connect to the network and start again."
    )
    assert list((tmp_path / "insight").iterdir()) == []


def test_a_store_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    """No store is made by starting a hub."""
    done = insight_up(tmp_path / "none")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "no store.json" in done.stderr
    assert not (tmp_path / "none").exists()


def test_every_mistake_of_the_organisation_file_is_said(store: Path, tmp_path: Path) -> None:
    """Among them the ids of cases that cannot be names of servers."""
    case = {
        "title": "x",
        "organisation": "FR",
        "members": ["bob"],
        "purposes": ["network"],
        "end": "2030-01-01",
    }
    subprocess.run(["cp", "-r", str(store), str(tmp_path / "store")], check=True)
    write_yaml(tmp_path / "store" / "organisation.yml", {"cases": {"op/../a": case, "OP B": case}})
    done = insight_up(tmp_path / "store")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert all(said in done.stderr for said in ("cases.'op/../a'", "cases.'OP B'", "unknown 'bob'"))
