"""The data directory: a store of another version, a foreign folder and prepared sockets are refused in one line."""

import json
import stat
from pathlib import Path

import pytest

from insight_kernel.errors import BadInput, Refused
from insight_kernel.runtime import runtime_folder
from insight_kernel.store.folder import FORMAT, open_folder


@pytest.mark.parametrize("found", [FORMAT - 1, FORMAT + 1, str(FORMAT), None])
def test_a_store_of_another_version_is_refused_with_a_remedy(tmp_path: Path, found: object) -> None:
    """Neither an older nor a newer form is guessed at; the line names the store, both forms and what to do."""
    store = open_folder(tmp_path / "store", create=True)
    store.marker.write_text(json.dumps({"format": found, "invented": None}))
    with pytest.raises(BadInput, match=r"this version reads 2\. Use the version that made it"):
        open_folder(store.root)


@pytest.mark.parametrize("content", [b"", b"[]", b"not json"])
def test_an_unreadable_marker_is_refused(tmp_path: Path, content: bytes) -> None:
    """A store whose marker is damaged is not opened as if it were new."""
    store = open_folder(tmp_path / "store", create=True)
    store.marker.write_bytes(content)
    with pytest.raises(BadInput, match=r"store\.json cannot be read\. Restore it"):
        open_folder(store.root, create=True)


def test_a_folder_of_somebody_elses_files_does_not_become_a_store(tmp_path: Path) -> None:
    """A slip in `--store` writes nothing between other files."""
    (tmp_path / "holiday.jpg").write_bytes(b"")
    with pytest.raises(BadInput, match="the folder is not empty"):
        open_folder(tmp_path, create=True)
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.jpg"]


def test_only_the_owner_can_enter_a_store(tmp_path: Path) -> None:
    """Folders are closed to others, the key of the ids too."""
    store = open_folder(tmp_path / "store", create=True)
    assert stat.S_IMODE(store.root.stat().st_mode) == 0o700
    assert stat.S_IMODE((store.root / "keys" / "ids").stat().st_mode) == 0o600
    assert len(store.key) == 32


def test_sockets_are_not_put_where_others_can_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who prepared the folder could stand in for the gateway: it is refused, with the remedy."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    runtime_folder(tmp_path / "store").parent.chmod(0o777)
    with pytest.raises(Refused, match=r"others may write there\. Remove it, or set XDG_RUNTIME_DIR"):
        runtime_folder(tmp_path / "store")
