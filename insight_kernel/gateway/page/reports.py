"""The pages of reports: runs somebody may open today, what they look like, and their release."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from fastapi import Response

from insight_kernel.errors import InsightError, NotAvailable, Refused
from insight_kernel.gateway.acts.templates import registered
from insight_kernel.gateway.ordering import known_templates
from insight_kernel.gateway.page.acting import Acting, Plan
from insight_kernel.gateway.page.forms import Form
from insight_kernel.gateway.page.login import Visit
from insight_kernel.gateway.page.proposals import Done, Said
from insight_kernel.gateway.page.rendering import Renderer
from insight_kernel.gateway.page.wording import named
from insight_kernel.gateway.refusals import DeniedError, status_of
from insight_kernel.gateway.releases import find_run, is_stale, may_open, release, weigh
from insight_kernel.gateway.remarks import READERS, remarks_on, sections
from insight_kernel.gateway.runs import Run
from insight_kernel.gateway.service import Gateway
from insight_kernel.leaving import NOTEBOOK, PAGE

_TYPES = {PAGE: "text/html; charset=utf-8", NOTEBOOK: "application/x-ipynb+json"}
_ALONE = {
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "frame-ancestors 'none'"
}
"""What a report may do in a browser: be looked at. It runs nothing, asks for nothing and has an origin of its own."""


class ReportPages:
    """The report pages of one service."""

    def __init__(self, gateway: Gateway, renderer: Renderer, acting: Acting) -> None:
        self._gateway, self._renderer, self._acting = gateway, renderer, acting

    def reports(self, visit: Visit) -> str:
        """Return the runs a person's own rights open today."""
        self._note(visit, "runs")
        found = [
            (run, is_stale(self._gateway, run))
            for run in reversed(self._gateway.runs.on(self._gateway.clock.today()))
            if PAGE in run.files and may_open(self._gateway, run, visit.user)
        ]
        own = registered(self._gateway.acts.of_kind("template"))
        templates = [(one, own.get(one.name)) for one in known_templates(self._gateway)]
        orders = [one for one in self._gateway.orders.of_user(visit.user) if one.status != "done"]
        return self._renderer.page(
            "reports.html", visit, "reports", runs=found, templates=templates, orders=orders
        )

    def report(self, visit: Visit, id_: str, typed: Form | None = None, error: str = "") -> str:
        """Return one run: what it is, to whom it was released, and for a releaser the form that releases it."""
        run = self._report(visit, id_)
        self._note(visit, "run", run=id_)
        releaser = self._gateway.in_force.now().holds(visit.user, "releaser")
        return self._renderer.page(
            "report.html", visit, "reports", run=run, stale=is_stale(self._gateway, run), releaser=releaser,
            typed=typed or {}, error=error, remarks=remarks_on(self._gateway, run, visit.user),
            sections=sections(self._gateway, run), readers=READERS,
        )  # fmt: skip

    def opened(self, visit: Visit, id_: str) -> Response:
        """Return a run's page, to be looked at."""
        run = self._report(visit, id_)
        self._note(visit, "report", run=id_)
        return self._sent(visit, run, self._folder(run) / PAGE, run.files[PAGE])

    def released(self, visit: Visit, id_: str, to: str, file: str) -> Response:
        """Return a frozen file, to be kept and handed over."""
        run = self._report(visit, id_)
        frozen = run.released.get(to)
        if frozen is None or file not in frozen.files:
            raise NotAvailable(
                "download it", "there is no such release", "See the report's list of releases."
            )
        self._note(visit, "released-report", run=id_, to=to, file=file)
        answer = self._sent(visit, run, self._folder(run) / "released" / to / file, frozen.files[file])
        answer.headers["Content-Disposition"] = f'attachment; filename="{run.id}-{to}-{file}"'
        return answer

    def propose(self, visit: Visit, form: Form, id_: str) -> Said:
        """Propose a release that would be granted, or say what stands in its way."""
        to = form.get("to", "").strip()

        def again(error: InsightError) -> Said:
            return self.report(visit, id_, form, str(error)), status_of(error)

        self._check_releaser(visit, id_, to)
        try:
            granted = weigh(self._gateway, id_, to, visit.user).granted
            told = {} if granted else release(self._gateway, id_, to, visit.user)
        except NotAvailable:
            raise
        except InsightError as error:
            return again(error)
        run = find_run(self._gateway, id_, visit.user)
        if told:
            page = self._renderer.page("refused.html", visit, "reports", run=run, to=to, told=told)
            return page, 403
        return self._acting.offer(visit, self._plan(run, to), lambda: self._done(visit, id_, to), again)

    def _plan(self, run: Run, to: str) -> Plan:
        lines = [
            f"The report {run.template} of {run.case} goes to {named(to, self._gateway.organisation())}.",
            f"For one purpose: {run.purpose}.",
            f"Page and notebook are frozen as they are, with conditions, and the duty to delete on {run.until}.",
        ]
        return Plan(
            f"Release to {to}", lines, "It takes effect at once and cannot be taken back.", "Release it",
            f"reports/{run.id}", danger=True,
        )  # fmt: skip

    def _done(self, visit: Visit, id_: str, to: str) -> Done:
        told = release(self._gateway, id_, to, visit.user)
        if not told["granted"]:
            raise Refused("release it", "something has changed since you were asked", "See the report again.")
        run = find_run(self._gateway, id_, visit.user)
        return Done(run.released[to].entry, f"reports/{id_}")

    def _check_releaser(self, visit: Visit, id_: str, to: str) -> None:
        if not self._gateway.in_force.now().holds(visit.user, "releaser"):
            denied = DeniedError(403, "no-releaser", "full", user=visit.user, run=id_, to=to)
            self._gateway.refusals.record(denied, "page")
            raise Refused("release it", "you are not a releaser", "Ask one of your organisation.")

    def _sent(self, visit: Visit, run: Run, path: Path, registered: str) -> Response:
        """Return a file as it was registered, sealed off from this origin; a changed one raises an alarm."""
        data = path.read_bytes() if path.is_file() else b""
        if sha256(data).hexdigest() != registered:
            denied = DeniedError(403, "report-changed", "alarm", user=visit.user, run=run.id, file=path.name)
            self._gateway.refusals.record(denied, f"run {run.id}")
            raise Refused("show the report", "it is not the file that was registered", "Run it again.")
        return Response(data, media_type=_TYPES[path.name], headers=_ALONE)

    def _report(self, visit: Visit, id_: str) -> Run:
        """Return a run that is a report: an export has no page to look at."""
        run = find_run(self._gateway, id_, visit.user)
        if PAGE not in run.files:
            raise NotAvailable("open it", "it is no report", "See the list of reports.")
        return run

    def _folder(self, run: Run) -> Path:
        return self._gateway.store.folder / "runs" / run.id

    def _note(self, visit: Visit, request: str, **about: Any) -> None:
        entry: Mapping[str, Any] = {
            "operation": "consultation",
            "request": request,
            "user": visit.user,
            **about,
        }
        self._gateway.audit.append(entry)
