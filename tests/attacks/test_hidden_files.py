"""Hidden files: what is attached to one, made of one or told by one answers as if it had never come."""

import io
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from tests.build import profile, write_yaml
from tests.servers import Server, gateway, read_table

SECRET = "Quillfeather"
"""Stands in the hidden file's name, its text, its attachment's name and its picture's comment."""
BEN: dict[str, Any] = {"user": "ben", "purpose": "network"}
ANA: dict[str, Any] = {"user": "ana", "purpose": "network"}
SCHEMATA = (
    "Document",
    "Thing",
    "Email",
    "Image",
    "ImageHash",
    "Package",
    "Folder",
    "PlainText",
    "Table",
    "Similar",
)


def picture() -> bytes:
    """Return a picture that says more than it shows."""
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", SECRET)
    out = io.BytesIO()
    Image.radial_gradient("L").save(out, "PNG", pnginfo=told)
    return out.getvalue()


def seizure(text: str) -> bytes:
    """Return an archive with a mail that has a picture and a table attached."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.org", "b@example.org", text
    mail.set_content(f"See the picture of {text}.")
    mail.add_attachment(picture(), maintype="image", subtype="png", filename=f"{text}.png")
    mail.add_attachment(
        f"name,plate\n{text},XY-1\n".encode(), maintype="text", subtype="csv", filename=f"{text}.csv"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(f"{text}.eml", mail.as_bytes())
    return out.getvalue()


def load(server: Server, folder: Path, name: str, content: bytes, **label: Any) -> None:
    file = folder / name
    file.write_bytes(content)
    said = write_yaml(folder / f"{name}.yml", profile(source="seizures", **label))
    [*_, loaded, _] = server.load([file], said)
    assert loaded["event"] == "loaded", loaded


def questions(ids: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for schema in SCHEMATA:
        yield "find", {"schema": schema}
        yield "count", {"schema": schema}
        yield "aggregate", {"schema": schema, "by": "fileName" if schema != "ImageHash" else "hash"}
    for text in ("harbour", SECRET, f"{SECRET}.png", "picture"):
        yield "search", {"text": text}
    yield "get", {"ids": ids}
    yield "neighbours", {"ids": ids, "depth": 3}
    yield "sources", {}
    yield "quality", {}


def answers(server: Server, ids: list[str]) -> list[tuple[object, ...]]:
    token = server.session(**BEN)
    found = [(name, server.post(name, body, token)) for name, body in questions(ids)]
    return [(name, answer.status_code, read_table(answer).to_pylist() if answer.is_success else "")
            for name, answer in found]  # fmt: skip


def documents(server: Server, asked: dict[str, Any]) -> dict[str, str]:
    """Return the ids of the documents a reader sees, by their names."""
    found = server.asker(**asked).table("find", schema="Document")
    return {name: id_ for id_, names in zip(found["id"].to_pylist(), found["fileName"].to_pylist(), strict=True)
            for name in names}  # fmt: skip


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folders in which programs leave what they make: for a while, or to be faster the next time."""
    return tmp_path_factory.mktemp("shared")


@pytest.fixture(scope="module")
def seen(
    tmp_path_factory: pytest.TempPathFactory, shared: Path
) -> Iterator[tuple[Server, list[tuple[object, ...]]]]:
    """A gateway that was then given a hidden archive; and what a reader was answered before."""
    folder = tmp_path_factory.mktemp("files")
    kept = {name: str(shared) for name in ("TMPDIR", "HOME", "XDG_CACHE_HOME")}
    with gateway(folder / "store", **kept) as server:
        load(server, folder, "harbour.zip", seizure("harbour"))
        before = answers(server, sorted(documents(server, BEN).values()))
        load(server, folder, f"{SECRET}.zip", seizure(SECRET), excluded=["MA"])
        yield server, before


Seen = tuple[Server, list[tuple[object, ...]]]


@pytest.mark.case("A23")
def test_a_hidden_file_and_all_that_lies_in_it_change_no_answer(seen: Seen) -> None:
    """Its name, its parts, its pictures' hashes, its likeness to a visible one: nothing of it is in any."""
    server, before = seen
    assert answers(server, sorted(documents(server, BEN).values())) == before


@pytest.mark.case("A23")
@pytest.mark.case("L13")
def test_parts_of_a_hidden_file_are_as_absent_as_what_never_was(seen: Seen) -> None:
    """Status and bytes, but for the number of the refusal, for the file, the mail in it, and each thing attached."""
    server, _ = seen
    visible = documents(server, BEN)
    hidden = {name: id_ for name, id_ in documents(server, ANA).items() if name not in visible}
    assert set(hidden) == {f"{SECRET}{ending}" for ending in (".zip", ".eml", ".png", ".csv")}
    token = server.session(**BEN)
    for question in ("get", "neighbours"):
        said = {
            name: server.post(question, {"ids": [id_]}, token)
            for name, id_ in {**hidden, "": "0" * 16}.items()
        }
        refused = {(answer.status_code, without_number(answer.json())) for answer in said.values()}
        assert len(refused) == 1
        assert next(iter(refused))[0] == 404


@pytest.mark.case("L13")
def test_nothing_made_of_a_file_lies_in_a_shared_folder(seen: Seen, shared: Path) -> None:
    """Neither a thumbnail nor a page nor a text, in no folder for temporary files, of caches, or of the account."""
    assert [path for path in shared.rglob("*") if path.is_file()] == []


def without_number(body: dict[str, Any]) -> str:
    return str({name: value for name, value in body.items() if name != "error_id"})
