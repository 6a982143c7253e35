"""The officer's page: search the log; the form is sent, never filled in from a URL, and each search is an entry."""

from dataclasses import fields

from insight_kernel.errors import BadInput, Refused
from insight_kernel.gateway.page.forms import Form
from insight_kernel.gateway.page.login import Visit
from insight_kernel.gateway.page.proposals import Said
from insight_kernel.gateway.page.rendering import Renderer
from insight_kernel.gateway.service import Gateway
from insight_kernel.gateway.sought import Sought, search

_SHOWN = 200
_OWN = ("time", "n", "operation", "request", "decision", "user", "by", "workspace", "reason")
"""What has a column of its own; of the rest only words and numbers are shown."""
_LEFT_OUT = {*_OWN, "previous", "labels", "records", "acts", "request_hash", "policy", "case", "purpose"}


class LogPages:
    """The pages about the log of one service."""

    def __init__(self, gateway: Gateway, renderer: Renderer) -> None:
        self._gateway, self._renderer = gateway, renderer

    def form(self, visit: Visit) -> str:
        """Return the empty form, to an officer."""
        if not self._gateway.in_force.now().holds(visit.user, "officer"):
            raise Refused("search the log", "it is for data-protection officers only", "Ask one.")
        return self._page(visit, {}, None)

    def found(self, visit: Visit, form: Form) -> Said:
        """Return what an officer looked for, or the form again with what is wrong."""
        sought = Sought(**{each.name: form.get(each.name, "").strip() or None for each in fields(Sought)})
        try:
            entries = search(self._gateway, sought, visit.user, _SHOWN)
        except BadInput as error:
            return self._page(visit, form, None, str(error)), 422
        rows = [
            {**{name: entry.get(name, "") for name in _OWN}, "rest": _rest(entry)}
            for entry in reversed(entries)
        ]
        return self._page(visit, form, rows), 200

    def _page(self, visit: Visit, typed: Form, rows: list[dict[str, object]] | None, error: str = "") -> str:
        return self._renderer.page(
            "log.html", visit, "log", typed=typed, rows=rows, error=error, most=_SHOWN,
            last=self._gateway.vouching.last, missing=self._gateway.vouching.faults(),
        )  # fmt: skip


def _rest(entry: dict[str, object]) -> str:
    kept = {name: value for name, value in sorted(entry.items()) if name not in _LEFT_OUT}
    return "; ".join(
        f"{name} {_said(value)}" for name, value in kept.items() if value not in (None, [], {}, "")
    )


def _said(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
