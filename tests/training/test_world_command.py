"""`insight world` writes a world whole or not at all, and says where it is."""

import json
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from insight_kernel.cli import main
from insight_kernel.training.world import place_world

COMMAND = [sys.executable, "-m", "insight_kernel.cli", "world"]
_PATIENCE = 30


def test_it_writes_what_owners_deliver_and_the_truth_beside_it(tmp_path: Path) -> None:
    """The last line says how to load it."""
    done = CliRunner().invoke(main, ["world", str(tmp_path / "w")])
    assert done.exit_code == 0
    assert "44 of eleven owners, 951 entities" in done.output
    assert (
        done.output.splitlines()[-1].split(maxsplit=1)[1]
        == f"insight load {tmp_path / 'w' / 'sources'} --store STORE"
    )
    assert sorted(path.name for path in (tmp_path / "w").iterdir()) == ["sources", "truth"]


def test_programs_get_json(tmp_path: Path) -> None:
    """With the counts by schema, and paths as they are on the disk."""
    done = CliRunner().invoke(main, ["world", str(tmp_path / "w"), "--size", "2", "--json"])
    said = json.loads(done.stdout)
    assert (said["size"], said["sources"]) == (2, 44)
    assert said["entities"] == sum(said["counts"].values()) > 1500
    assert Path(said["truth"]).is_file()


@pytest.mark.parametrize("size", ["0", "-1", "1001", "1000000000"])
def test_a_size_that_cannot_be_is_one_line(size: str, tmp_path: Path) -> None:
    """It names the sizes there are, and leaves nothing."""
    done = CliRunner().invoke(main, ["world", str(tmp_path / "w"), "--size", size])
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1
    assert "from 1 to 1000" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_what_is_there_already_is_left_alone(kind: str, tmp_path: Path) -> None:
    """A folder with something in it, or a file, is refused in one line."""
    target = tmp_path / "w"
    mine = target / "mine.txt" if kind == "folder" else target
    mine.parent.mkdir(exist_ok=True)
    mine.write_text("mine")
    done = CliRunner().invoke(main, ["world", str(target)])
    assert done.exit_code == 1
    assert (
        done.stderr
        == f"insight: Cannot write a world to {target}: there is something already. Name a new folder.\n"
    )
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [mine]
    assert mine.read_text() == "mine"


def test_a_demo_of_no_size_leaves_the_one_there_is(tmp_path: Path) -> None:
    """The size is looked at before anything gives way to a new demo."""
    (tmp_path / "demo.json").write_text('{"today": "2020-01-01", "size": 1}')
    (tmp_path / "store").mkdir()
    done = CliRunner().invoke(main, ["demo", "--no-hub", "--dir", str(tmp_path), "--size", "0"])
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["demo.json", "store"]


def test_an_empty_folder_will_do(tmp_path: Path) -> None:
    """It need not be removed first."""
    (tmp_path / "w").mkdir()
    world = place_world(tmp_path / "w", today=date(2026, 11, 21))
    assert all(source.is_relative_to(tmp_path / "w") and source.is_dir() for source in world.sources)


def test_a_failure_on_the_way_leaves_nothing(tmp_path: Path) -> None:
    """Whatever happens between two towns."""
    steps = iter(range(3))

    def step() -> None:
        if next(steps) == 2:
            raise OSError("no space left on device")

    with pytest.raises(OSError, match="no space"):
        place_world(tmp_path / "w", today=date(2026, 11, 21), size=9, step=step)
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_leaves_no_half_world(tmp_path: Path) -> None:
    """Interrupted in the middle of a large one, the command says so and takes away what it had begun."""
    started = time.monotonic()
    with subprocess.Popen(
        [*COMMAND, str(tmp_path / "w"), "--size", "1000"], stderr=subprocess.PIPE, text=True
    ) as run:
        while not list(tmp_path.glob(".part-*/.part-*/*")):
            assert run.poll() is None
            assert time.monotonic() - started < _PATIENCE
        run.send_signal(signal.SIGINT)
        _, said = run.communicate(timeout=_PATIENCE)
    assert run.returncode == 130
    assert said.endswith("insight: stopped.\n")
    assert list(tmp_path.iterdir()) == []
