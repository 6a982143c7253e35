"""In the profile governed files come in through intake and leave by release, and not through a user's own server."""

import json
from collections.abc import Iterator

import httpx
import pytest

from tests.governed import GovernedHub, needs_sandbox
from tests.sandbox.conftest import ANA

pytestmark = needs_sandbox()
NOTEBOOK = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


@pytest.fixture(scope="module")
def server(governed: GovernedHub) -> Iterator[httpx.Client]:
    """A client of ana's server that has all her rights there."""
    account, name = ANA
    token = governed.token(account, name)
    with governed.client(account, headers={"Authorization": f"token {token}"}) as client:
        client.base_url = client.base_url.copy_with(path=f"/user/{account}/{name}/")
        yield client


@pytest.mark.case("A73")
def test_a_file_cannot_be_downloaded(server: httpx.Client) -> None:
    """Neither as it is, nor made into something else."""
    assert server.get("/api/contents/first_steps.ipynb").status_code == httpx.codes.OK
    for path in ("/files/first_steps.ipynb", "/nbconvert/html/first_steps.ipynb", "/view/first_steps.ipynb"):
        assert server.get(path).status_code == httpx.codes.NOT_FOUND


@pytest.mark.case("A73")
@pytest.mark.parametrize(
    "model",
    [
        {"type": "notebook", "format": "json", "content": NOTEBOOK},
        {"type": "file", "format": "text", "content": "a,b"},
        {"type": "file", "format": "base64", "content": "YQ=="},
        {"type": "file", "format": "base64", "content": "YQ==", "chunk": 1},
    ],
    ids=["a notebook", "a text", "bytes", "a part of a large file"],
)
def test_a_file_cannot_be_uploaded(server: httpx.Client, model: dict[str, object]) -> None:
    """A file that brings its content is refused, and the sentence says how files come in."""
    answer = server.put("/api/contents/brought.ipynb", json=model)
    assert answer.status_code == httpx.codes.FORBIDDEN
    assert "through intake" in answer.text
    assert server.get("/api/contents/brought.ipynb").status_code == httpx.codes.NOT_FOUND


@pytest.mark.case("A73")
def test_what_is_there_is_worked_on(server: httpx.Client) -> None:
    """A new notebook, saving it, a copy, another name."""
    made = server.post("/api/contents", json={"type": "notebook"}).json()["path"]
    saved = server.put(
        f"/api/contents/{made}", json={"type": "notebook", "format": "json", "content": NOTEBOOK}
    )
    copied = server.post("/api/contents", json={"copy_from": made})
    named = server.patch(f"/api/contents/{made}", json={"path": "mine.ipynb"})
    assert [answer.status_code for answer in (saved, copied, named)] == [200, 201, 200]
    assert json.loads(server.get("/api/contents/mine.ipynb").text)["content"]["cells"] == []
