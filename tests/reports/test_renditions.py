"""Renditions: one run for each recipient, with what requester and recipient may both see, and nothing of others."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from insight_kernel.cli import main
from insight_kernel.client.embedded import EmbeddedGateway
from insight_kernel.commands.report import report
from insight_kernel.errors import InsightError
from insight_kernel.leaving.notebook import read_notebook, refuse_leftovers
from insight_kernel.reports.record import Run, read_run
from insight_kernel.reports.releasing import list_runs, release_run, show_run
from insight_kernel.reports.run import run_renditions
from tests.reports.conftest import Line, id_of, person, store_of

FAR = "2031-01-01"
SOURCES: dict[str, tuple[dict[str, object], list[Line]]] = {
    "shared": ({"owner": "FR"}, [person("ada", name=["Ada Shared"], alias=["MARKSHARED"])]),
    "paris": ({"owner": "FR", "only": ["FR"]}, [person("ada", alias=["MARKPARIS"]), person("bo", name=["Bo Paris"])]),
    "asked": ({"owner": "MA", "handling": ["H2"]}, [person("ada", alias=["MARKASKED"])]),
    "rabat": ({"owner": "MA", "only": ["MA"]}, [person("ada", alias=["MARKRABAT"])]),
    "ends": ({"owner": "DE", "expires": "2030-01-01"}, [person("ada", alias=["MARKENDS"])]),
    "evidence": (
        {"owner": "DE", "handling": ["H1", "H3"], "conditions": "Ask the court in Hamburg.", "expires": FAR},
        [person("ada", alias=["MARKEVIDENCE"])],
    ),
}  # fmt: skip
SEEN = {"FR": {"MARKSHARED", "MARKPARIS", "MARKEVIDENCE"}, "MA": {"MARKSHARED", "MARKASKED", "MARKEVIDENCE"}}
UNTIL = "2030-06-01"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A store in which one person is known to several owners, under labels that differ."""
    with store_of(tmp_path_factory.mktemp("renditions"), SOURCES, keys="shared") as found:
        yield found


@pytest.fixture(scope="module")
def renditions(store: Path) -> dict[str, Run]:
    """Ana's renditions of that person for Paris and Rabat, made on the command line."""
    subject = id_of(store, "Ada Shared")
    with EmbeddedGateway(store) as served:
        served.operate("audit/export")  # makes a checkpoint
    asked = ["-p", f"subject={subject}", "--for", "FR", "MA", "--until", UNTIL, "--for", "FR"]
    done = insight(store, "run", "subject_profile", *asked, "--as", "ana", "--purpose", "network")
    assert done.exit_code == 0, done.output
    lines = [line.split() for line in done.stdout.splitlines()]
    assert [line[0] for line in lines] == ["FR", "MA"]
    return {line[0]: read_run(store / "runs" / line[1]) for line in lines}


def insight(store: Path, *words: str) -> Result:
    """Run a command about reports."""
    return CliRunner().invoke(main, ["report", *words, "--store", str(store)])


class Text(HTMLParser):
    """The text of a page as a reader sees it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.shown = ""
        self.feed(page)

    def handle_data(self, data: str) -> None:
        self.shown += data + "\n"


def files(run: Run) -> tuple[str, str]:
    """The page and the notebook of a run."""
    assert run.html is not None, run.error
    assert run.notebook is not None
    return run.html.read_text(encoding="utf-8"), run.notebook.read_text(encoding="utf-8")


@pytest.mark.parametrize("recipient", ["FR", "MA"])
def test_a_rendition_holds_what_both_may_see_for_as_long_as_it_is_valid(
    renditions: dict[str, Run], recipient: str
) -> None:
    """Not what only the other side sees, what needs consent, or what expires before it is over."""
    for text in files(renditions[recipient]):
        assert set(re.findall(r"MARK[A-Z]+", text)) == SEEN[recipient]


@pytest.mark.case("A83")
def test_a_rendition_for_wider_rights_shows_the_requester_nothing_new(
    renditions: dict[str, Run], store: Path
) -> None:
    """Rabat may see more of this person than Ana; no value of its rendition is one she may not see."""
    with_own = set(re.findall(r"MARK[A-Z]+", files(renditions["MA"])[1]))
    assert id_of(store, "MARKRABAT", user="ben")
    assert all(id_of(store, value) for value in with_own)
    assert "MARKRABAT" not in with_own


@pytest.mark.parametrize(("recipient", "other"), [("FR", "MA"), ("MA", "FR")])
def test_its_header_names_its_own_recipient_conditions_and_last_day(
    renditions: dict[str, Run], recipient: str, other: str
) -> None:
    """Never another recipient, nor that there are others; the duty to delete stands in it."""
    page, notebook = files(renditions[recipient])
    shown = Text(page).shown
    assert f"{recipient} only, once it is released" in shown
    assert f"valid until {UNTIL}: on that day it is to be deleted" in shown
    assert f"expires {UNTIL}: then to be deleted" in shown
    assert re.search(
        r"then to be deleted · audit log: \d+ entries on 20\d\d-[0-9: -]+ UTC, [0-9a-f]{16}\n", shown
    )
    assert "H1: not to be used as evidence" in shown
    assert "Ask the court in Hamburg." in shown
    for text in (shown, notebook):
        assert f"{other} only" not in text
        assert renditions[other].id not in text
    assert json.loads(notebook)["cells"]


@pytest.mark.case("A53")
@pytest.mark.parametrize("recipient", ["FR", "MA"])
def test_nothing_of_the_machine_is_in_a_notebook_as_it_is_made(
    renditions: dict[str, Run], recipient: str
) -> None:
    """No path, no time of execution: it passes the last look as it is."""
    _, notebook = files(renditions[recipient])
    refuse_leftovers(read_notebook(notebook.encode()))
    assert "/" not in json.dumps(json.loads(notebook)["metadata"])


@pytest.mark.case("A45")
def test_each_rendition_goes_to_its_own_recipient_only(renditions: dict[str, Run], store: Path) -> None:
    """Refused to the other with one line, frozen for its own; the list says to whom it went."""
    for recipient, other in (("FR", "MA"), ("MA", "FR")):
        run = renditions[recipient].id
        refused = insight(store, "release", run, "--to", other)
        assert (refused.exit_code, refused.stderr.count("\n")) == (1, 1)
        assert "other reasons that cannot be shown" in refused.stderr
        assert f"--for {other}" in refused.stderr
        done = release_run(run, recipient, store=store)
        page = Path(done.folder or "", "report.html").read_text(encoding="utf-8")
        assert set(re.findall(r"MARK[A-Z]+", page)) == SEEN[recipient]
        assert page.index("and to nobody else") < page.index("Subject profile</p>")
        assert list(show_run(run, store)["released"]) == [recipient]
    assert {run["recipient"] for run in list_runs(store)} >= {"FR", "MA"}
    assert "released to FR" in insight(store, "list", "--runs").stdout


@pytest.mark.case("A84")
def test_a_subject_that_does_not_exist_for_both_ends_that_rendition(store: Path) -> None:
    """Ana knows him, Rabat must not: nothing is delivered there, not even a title; the other one is made."""
    subject = id_of(store, "Bo Paris")
    asked = ["-p", f"subject={subject}", "--as", "ana", "--purpose", "network", "--for", "FR", "MA"]
    done = insight(store, "run", "subject_profile", *asked)
    assert done.exit_code == 1
    own, other = (line.split() for line in done.stdout.splitlines())
    assert (own[2], other[2]) == ("done", "refused")
    assert "not_available." in other
    assert [path.name for path in (store / "runs" / other[1]).iterdir()] == ["run.json"]
    assert insight(store, "release", other[1], "--to", "MA").exit_code == 1


@pytest.mark.parametrize(
    "words",
    [
        "x --for FR MA --for DE",
        "--for FR MA x --for DE",
        "--for FR --for MA --for DE x",
        "x --for FR MA DE -p a=B",
    ],
)
def test_several_organisations_may_follow_one_for(words: str) -> None:
    """Before or after the template's name; what does not look like a code ends the list."""
    params = report.commands["run"].make_context("run", words.split()).params
    assert (params["name"], params["recipients"]) == ("x", ("FR", "MA", "DE"))


@pytest.mark.parametrize("recipients", [["FR", "XX"], ["X-ACMEBANK"], ["MA", "JP"]])
def test_one_recipient_that_cannot_receive_refuses_all(store: Path, recipients: list[str]) -> None:
    """Unknown, without a profile, or not for this purpose: nothing is started, nothing written."""
    before = sorted((store / "runs").iterdir())
    subject = id_of(store, "Ada Shared")
    with pytest.raises(InsightError):
        run_renditions(
            "subject_profile", {"subject": subject}, recipients, store=store, user="ana", purpose="network",
            progress=False,
        )  # fmt: skip
    assert sorted((store / "runs").iterdir()) == before
