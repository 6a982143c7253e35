"""From draft to note on the page: plain text, records cited, a reviewer who may read all of it, and who is told."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.identity.at_page import AtPage, acts, at_page
from tests.identity.conftest import Served, Someone
from tests.servers import read_table

WHY = "Invented, for a test."
TEXT = "Seen <b>twice</b> & once more.\n  {{ 7 * 7 }} <script>alert(1)</script>"
SHOWN = "Seen &lt;b&gt;twice&lt;/b&gt; &amp; once more.\n  {{ 7 * 7 }} &lt;script&gt;"


def draft(someone: Someone) -> tuple[str, dict[str, str]]:
    """Let somebody's code read persons and write a draft about one; return its id, and their records by name."""
    found = read_table(someone.ask())
    ids = dict(zip(found["caption"].to_pylist(), found["id"].to_pylist(), strict=True))
    records = {
        name: read_table(someone.ask("get", {"ids": [id_]}))["record"][0].as_py() for name, id_ in ids.items()
    }
    said = someone.ask("draft", {"target": ids["open"], "text": TEXT})
    return said.json()["draft"], records


def join(served: Served, someone: Someone, *users: str) -> None:
    """Make others members of somebody's case."""

    def add(people: dict[str, Any]) -> None:
        people["cases"][someone.case]["members"] += users
        for user in users:
            people["users"][user]["roles"] = ["reviewer"]

    served.change(add)


@pytest.mark.case("A51")
def test_a_draft_becomes_a_note_by_two(served: Served, enter: Callable[[str], AtPage]) -> None:
    """Shown as it was written, whatever it holds; the author cannot be the reviewer; what he cites stays typed."""
    someone, reviewer = served.someone("FR"), enter("FR")
    join(served, someone, reviewer.user)
    id_, records = draft(someone)
    with at_page(served, someone.user) as author:
        page = author.get("drafts").text
        assert SHOWN in page
        assert "<script" not in page
        wrong = author.send("drafts", draft=id_, records="never-was", reason="Xyzzy, said why")
        assert (wrong.status_code, "Xyzzy, said why" in wrong.text) == (404, True)
        act = author.done("drafts", draft=id_, records=records["open"], reason=WHY)
        assert author.send("decide", act=act, answer="agree").status_code == 403
        assert "It waits for a reviewer" in author.get("drafts").text
    assert SHOWN in reviewer.get(f"decisions/{act}").text
    reviewer.decides(act)
    [told] = someone.ask("notes", {"target": next(iter(target(someone)))}).json()["notes"]
    assert (told["id"], told["reviewer"]) == (id_, reviewer.user)


def test_who_is_told_of_a_note_reads_nothing_of_it(served: Served, enter: Callable[[str], AtPage]) -> None:
    """The officer sees that it was asked and by whom; neither text, nor records, nor whose labels were dropped."""
    someone, officer = served.someone("FR"), enter("officer")
    id_, records = draft(someone)
    with at_page(served, someone.user) as author:
        act = author.done("drafts", draft=id_, records=records["open"], reason=WHY)
        assert records["open"] in author.get(f"decisions/{act}").text
        assert "Labels of FR" in author.get(f"decisions/{act}").text
    page = officer.get(f"decisions/{act}").text
    assert someone.user in page
    for hidden in ("Seen", records["open"], "Labels of FR"):
        assert hidden not in page
    assert len(acts(served, "note", draft=id_)) == 1


def test_drafts_of_others_are_not_there(served: Served, enter: Callable[[str], AtPage]) -> None:
    """Not listed, and no note is made of them."""
    someone, other = served.someone("FR"), enter("FR")
    id_, records = draft(someone)
    assert id_ not in other.get("drafts").text
    assert other.send("drafts", draft=id_, records=records["open"], reason=WHY).status_code == 404


def target(someone: Someone) -> list[str]:
    """Return the id of the person everybody sees."""
    found = read_table(someone.ask("find", {"schema": "Person", "filters": {"name": ["open"]}}))
    return [str(id_) for id_ in found["id"].to_pylist()]
