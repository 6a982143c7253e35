"""The command line: prints what it should, and says in one line what is wrong."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from insight_kernel.cli import main
from tests.build import entity, profile, raw_label, write_lines, write_yaml


def insight(*words: object) -> Result:
    """Run a command."""
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one person of Greece, hidden from Morocco."""
    folder = tmp_path_factory.mktemp("commands")
    write_lines(folder / "people.ftm.jsonl", [entity("a", "Person", name="Lena Sample", nationality="gr")])
    write_yaml(folder / "profile.yml", profile(source="gr-people", owner="GR", excluded=["MA"]))
    assert insight("load", folder, "--store", folder / "store").exit_code == 0
    return folder / "store"


def test_the_table_lists_every_reason_in_order() -> None:
    """The page of the rules is made from the list that decides."""
    rules = json.loads(insight("policy", "table", "--json").output)["rules"]
    assert [rule["Reason"] for rule in rules] == [
        "unreadable-label", "expired", "purpose", "clearance", "recipient", "file", "special", "consent",
    ]  # fmt: skip
    assert all(rule["What must hold"].endswith(".") for rule in rules)


def test_check_names_place_and_rule_of_every_problem(tmp_path: Path) -> None:
    """An owner sees what is wrong with his labels before he delivers."""
    lines = [json.dumps(raw_label()), json.dumps(raw_label(level="secret", owner=None)), "not json"]
    (tmp_path / "labels.jsonl").write_text("\n".join(lines))
    found = insight("policy", "check", tmp_path / "labels.jsonl", "--json")
    assert found.exit_code == 1
    assert json.loads(found.output) == {
        "labels": 3,
        "unreadable": [
            {
                "place": "line 2",
                "problems": [
                    "owner: an organisation code",
                    "level: one of official, restricted, confidential",
                ],
            },
            {"place": "line 3", "problems": ["label: must be an object"]},
        ],
    }


@pytest.mark.parametrize(("user", "visible", "reason"), [("ana", True, None), ("ben", False, "recipient")])
def test_explain_says_why_and_never_the_value(
    store: Path, user: str, visible: bool, reason: str | None
) -> None:
    """Each value's decision with its reason; the value itself is not repeated."""
    hits = json.loads(
        insight(
            "search", "Lena Sample", "--store", store, "--as", "ana", "--purpose", "network", "--json"
        ).stdout
    )
    answer = insight(
        "policy",
        "explain",
        hits["results"][0]["id"],
        "--store",
        store,
        "--as",
        user,
        "--purpose",
        "network",
        "--json",
    )
    rows = json.loads(answer.output)["statements"]
    assert {(row["visible"], row["reason"]) for row in rows} == {(visible, reason)}
    assert {row["property"] for row in rows} == {"name", "nationality", "personStatus"}
    assert "Lena" not in answer.output


def test_two_users_get_two_right_answers(store: Path) -> None:
    """Greece's person exists for Paris and not for Rabat."""
    found = {
        user: json.loads(
            insight("search", "Lena", "--store", store, "--as", user, "--purpose", "network", "--json").stdout
        )["results"]
        for user in ("ana", "ben")
    }
    assert ([hit["caption"] for hit in found["ana"]], found["ben"]) == (["Lena Sample"], [])


def test_the_audit_can_be_checked_and_read(store: Path) -> None:
    """The chain is whole, and reading it is itself an entry."""
    assert json.loads(insight("audit", "verify", "--store", store, "--json").output)["whole"] is True
    entries = json.loads(insight("audit", "show", "--store", store, "--last", "2", "--json").output)[
        "entries"
    ]
    assert entries[-1]["request"] == "audit"


def test_a_changed_log_is_found_and_named(store: Path, tmp_path: Path) -> None:
    """An edit in the middle is named by its entry, and the exit code says so."""
    copy = tmp_path / "store"
    subprocess.run(["cp", "-r", str(store), str(copy)], check=True)
    log = copy / "audit" / "log.jsonl"
    log.write_bytes(log.read_bytes().replace(b'"owner":"GR"', b'"owner":"FR"', 1))
    answer = insight("audit", "verify", "--store", copy)
    assert answer.exit_code == 1
    assert "entry 3 does not follow entry 2" in answer.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["search", "x", "--store", "/nowhere", "--as", "ana", "--purpose", "network"], "no store.json"),
        (["audit", "verify", "--store", "/nowhere"], "there is no log"),
        (["policy", "decide", "/dev/null"], ""),
    ],
)
def test_what_is_wrong_is_one_line(words: list[str], said: str) -> None:
    """An expected error is one line on standard error and exit code 1, never a traceback."""
    answer = insight(*words)
    assert answer.exit_code == (1 if said else 0)
    assert said in answer.output
    assert answer.output.count("\n") <= 1


def test_wrong_usage_has_its_own_exit_code() -> None:
    """2 is for words the command line does not know."""
    assert insight("serach", "x").exit_code == 2
    assert insight("load").exit_code == 2
    assert insight("load", "/tmp", "--source", "mine").exit_code == 2
    assert insight("demo", "--json").exit_code == 2


def test_help_starts_no_heavy_library() -> None:
    """`insight --help` stays quick because nothing that answers questions is imported for it."""
    heavy = ("pandas", "pyarrow", "duckdb", "matplotlib", "fastapi", "networkx", "papermill")
    code = f"import sys, insight_kernel.cli; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_gateway_starts_without_what_few_questions_need() -> None:
    """Everybody waits while a killed one comes back: what checks notebooks and templates is imported when used."""
    code = "import sys, insight_kernel.gateway.__main__; print('jsonschema' in sys.modules, 'nbformat' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
