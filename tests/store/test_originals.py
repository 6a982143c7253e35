"""Delivered files without what was purged: emptied in place, or gone with the last of their items."""

import hashlib
import json
from pathlib import Path

import pytest

from insight_kernel.intake.formats.ftm import read_ftm
from insight_kernel.intake.items import Bad
from insight_kernel.store import originals
from insight_kernel.store.opened import Store
from insight_kernel.store.originals import emptied, is_whole, keep_original
from insight_kernel.store.relabel import Selection
from tests.build import DAY, deliver, entity, profile
from tests.store.conftest import KEYS
from tests.store.test_purge import withdraw, withdraw_sensitive
from tests.store.whole import rows

SAID = profile(source="list", keys=KEYS)
ALL = [entity(f"q{n}", "Person", name=f"Quartz {n}", ethnicity="x") for n in range(3)]


def keep(store: Store, entities: list[dict[str, object]], said: dict[str, object] = SAID) -> Path:
    """Deliver a file and keep it as the gateway does: before it is committed; return where it is kept."""
    text = "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in entities).encode()
    kept = store.folder / "originals" / hashlib.sha256(text).hexdigest()
    if not is_whole(kept):
        keep_original(kept, text)
    deliver(store, entities, said)
    return kept


def take_back(store: Store, act: int, *places: int, owner: str = "FR") -> None:
    """Withdraw the items that were first delivered at these lines, and purge."""
    found = rows(
        store,
        "SELECT place, id FROM record WHERE source = 'list' AND owner = '" + owner + "' ORDER BY record",
    )
    chosen = tuple(str(name) for place, name in found if int(str(place).split()[1]) in places)
    store.relabel(act, Selection(owner, ids=chosen), withdraw)
    store.purge(act + 1, DAY)


def left(kept: Path) -> list[str]:
    """Return the places of a file at which an item stands, read as intake reads it."""
    return [item.place for item in read_ftm(kept) if not isinstance(item, Bad)]


def test_what_is_left_stands_where_it_stood(empty: Store) -> None:
    """The line of an item that is gone is empty; the others keep their numbers, and a note says what was done."""
    kept = keep(empty, ALL)
    take_back(empty, 7, 2)
    assert left(kept) == ["line 1", "line 3"]
    assert b"Quartz 1" not in kept.read_bytes()
    note = json.loads(kept.with_name(f"{kept.name}.redacted").read_bytes())
    assert note == {"act": 8, "places": ["line 2"]}


def test_the_last_item_takes_the_file_with_it(empty: Store) -> None:
    """Of a file all of which is gone neither content nor note stays."""
    kept = keep(empty, ALL)
    take_back(empty, 7, 2)
    take_back(empty, 9, 1, 3)
    assert list((empty.folder / "originals").iterdir()) == []
    assert not kept.exists()


def test_an_item_delivered_again_leaves_every_file_it_stands_in(empty: Store) -> None:
    """A later file that repeats it, also twice, is emptied there too."""
    first, second = keep(empty, ALL), keep(empty, [ALL[1], ALL[1], entity("n", "Person", name="New")])
    take_back(empty, 7, 2)
    assert left(first) == ["line 1", "line 3"]
    assert left(second) == ["line 3"]


def test_an_item_gone_that_is_delivered_again_does_not_stay_in_the_new_file(empty: Store) -> None:
    """The item is not taken in, and the file that brought it back is emptied of it at once."""
    keep(empty, ALL)
    take_back(empty, 7, 2)
    again = keep(empty, [entity("n", "Person", name="New"), ALL[1]])
    assert left(again) == ["line 1"]


def test_a_file_that_is_gone_is_gone_when_delivered_again(empty: Store) -> None:
    """The very same file brings nothing back."""
    keep(empty, ALL[:1])
    take_back(empty, 7, 1)
    assert not keep(empty, ALL[:1]).exists()


def test_another_owner_keeps_the_same_file(empty: Store) -> None:
    """The same bytes delivered by two owners stay until both have taken their items back."""
    german = profile(source="list", keys=KEYS, owner="DE")
    kept = keep(empty, ALL)
    assert keep(empty, ALL, german) == kept
    take_back(empty, 7, 1, 2, 3)
    assert left(kept) == ["line 1", "line 2", "line 3"]
    take_back(empty, 9, 2, owner="DE")
    assert left(kept) == ["line 1", "line 3"]


def test_another_owners_file_is_kept_whole(empty: Store) -> None:
    """Who delivers the same bytes after an item was taken out of them has his file whole; the first one's stays out."""
    german = profile(source="list", keys=KEYS, owner="DE")
    kept = keep(empty, ALL)
    take_back(empty, 7, 2)
    assert keep(empty, ALL) == kept
    assert left(kept) == ["line 1", "line 3"]
    keep(empty, ALL, german)
    assert left(kept) == ["line 1", "line 2", "line 3"]
    take_back(empty, 9, 2, owner="DE")
    assert left(kept) == ["line 1", "line 3"]


def test_a_part_of_an_item_takes_the_item_out_of_its_file(empty: Store) -> None:
    """Where some of an item's values expired, its line would hold them: the rest stands in the store alone."""
    kept = keep(empty, ALL)
    empty.relabel(7, Selection("FR", source="list"), withdraw_sensitive)
    empty.purge(8, DAY)
    assert not kept.exists()
    assert rows(empty, "SELECT count(*) FROM record") == [(3,)]


@pytest.mark.case("F18")
@pytest.mark.parametrize("step", [0, 1])
def test_a_purge_cut_short_before_the_files_is_finished_later(
    empty: Store, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """Whatever was not done to a file is done the next time the store is made clean."""
    kept, write = keep(empty, ALL), originals.replace_file
    done: list[Path] = []

    def failing(path: Path, data: bytes) -> None:
        if len(done) == step:
            raise OSError("killed")
        done.append(path)
        write(path, data)

    monkeypatch.setattr(originals, "replace_file", failing)
    with pytest.raises(OSError, match="killed"):
        take_back(empty, 7, 2)
    monkeypatch.setattr(originals, "replace_file", write)
    empty.rewrite_if_unclean()
    assert left(kept) == ["line 1", "line 3"]
    assert json.loads(kept.with_name(f"{kept.name}.redacted").read_bytes())["places"] == ["line 2"]


@pytest.mark.parametrize(
    ("content", "places", "expected"),
    [
        (b"a\nb\nc\n", ["line 2"], b"a\n\nc\n"),
        (b"a\r\nb\r\nc", ["line 1", "line 3"], b"\r\nb\r\n"),
        (b"a\rb\nc", ["line 2"], b"a\rb\n"),  # a line ends where the reader of lines ends it
        (b"h\n1\n2\n", ["row 1"], b"h\n\n2\n"),
        (b'h\n"1\n1"\n2', ["row 1", "row 2"], b"h\n\n"),
        (b"\xef\xbb\xbfh,i\n1,2\n\n3,4\n", ["row 3"], b"\xef\xbb\xbfh,i\n1,2\n\n\n"),
        (b'h\nx"y\n"1"2\n3\n', ["row 3"], b'h\nx"y\n"1"2\n\n'),  # a row that is no row counts as one
        ("h\né\nü\n".encode(), ["row 1"], "h\n\nü\n".encode()),
    ],
)
def test_places_are_those_of_intake(content: bytes, places: list[str], expected: bytes) -> None:
    """Lines and rows are counted as they were when the file was read."""
    assert emptied(content, places) == expected
