"""A person at the page, as a browser sends what he types."""

import html
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from tests.identity.conftest import Served

PAGE = "/services/insight/"


@dataclass(frozen=True)
class AtPage:
    """Somebody logged in to the page."""

    served: "Served"
    user: str
    client: httpx.Client

    def get(self, path: str = "", **asked: Any) -> httpx.Response:
        """Open a page."""
        return self.client.get(f"{PAGE}{path}", **asked)

    def send(self, path: str, headers: Mapping[str, str] | None = None, **typed: str) -> httpx.Response:
        """Send a form with the secret of this visit, unless another one is typed."""
        form = {"form": field(self.get("decisions"), "form"), **typed}
        return self.client.post(f"{PAGE}{path}", data=form, headers=dict(headers or {}))

    def confirm(self, proposed: httpx.Response) -> httpx.Response:
        """Confirm what a page says will happen."""
        assert proposed.status_code == httpx.codes.OK, proposed.text
        return self.send("confirm", number=field(proposed, "number"))

    def done(self, path: str, **typed: str) -> str:
        """Send a form, confirm it, and return the id of the act it became."""
        answer = self.confirm(self.send(path, **typed))
        assert answer.status_code == httpx.codes.OK, answer.text
        return answer.url.path.rpartition("/")[2]

    def decides(self, act: str, answer: str = "agree") -> str:
        """Decide about an act that waits."""
        return self.done("decide", act=act, answer=answer)

    def alarms(self) -> list[str]:
        """Return the alarms this person raised."""
        found = (
            e for e in self.served.entries() if e.get("user") == self.user and e.get("weight") == "alarm"
        )
        return [entry["reason"] for entry in found]


@contextmanager
def at_page(served: "Served", user: str) -> Iterator[AtPage]:
    """Let a person log in to the page."""
    with served.hub.browser(user) as client:
        yield AtPage(served, user, client)


def field(page: httpx.Response, name: str) -> str:
    """Return what a page holds ready in one of its fields."""
    found = re.search(rf'name="{name}"[^>]*? value="([^"]*)"', page.text)
    assert found is not None, page.text
    return html.unescape(found[1])


def acts(served: "Served", kind: str, **what: Any) -> list[dict[str, Any]]:
    """Return the entries of acts of a kind about something."""
    return [
        entry for entry in served.entries()
        if entry.get("act_id") and entry["kind"] == kind and what.items() <= entry.get("what", {}).items()
    ]  # fmt: skip
