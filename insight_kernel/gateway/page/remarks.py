"""Writing beside a report on the page: what will stand there is told back before it does."""

from insight_kernel.errors import InsightError
from insight_kernel.gateway.page.acting import Acting, Plan
from insight_kernel.gateway.page.forms import Form
from insight_kernel.gateway.page.login import Visit
from insight_kernel.gateway.page.proposals import Done, Said
from insight_kernel.gateway.page.reports import ReportPages
from insight_kernel.gateway.refusals import status_of
from insight_kernel.gateway.releases import find_run
from insight_kernel.gateway.remarks import READERS, Remark, check, write
from insight_kernel.gateway.runs import Run
from insight_kernel.gateway.service import Gateway


class RemarkForms:
    """The form for remarks of one service; it stands on the page of each report."""

    def __init__(self, gateway: Gateway, reports: ReportPages, acting: Acting) -> None:
        self._gateway, self._reports, self._acting = gateway, reports, acting

    def propose(self, visit: Visit, form: Form, id_: str) -> Said:
        """Propose a remark beside a report, or show the form again."""
        run, remark = find_run(self._gateway, id_, visit.user), _typed(form)

        def again(error: InsightError) -> Said:
            return self._reports.report(visit, id_, form, str(error)), status_of(error)

        try:
            check(self._gateway, run, visit.user, remark)
        except InsightError as error:
            return again(error)
        return self._acting.offer(visit, _plan(run, remark), lambda: self._written(visit, id_, remark), again)

    def _written(self, visit: Visit, id_: str, remark: Remark) -> Done:
        run = find_run(self._gateway, id_, visit.user)
        return Done(write(self._gateway, run, visit.user, remark), f"reports/{id_}")


def _typed(form: Form) -> Remark:
    said = {name: form.get(name, "") for name in ("section", "text", "readers", "level")}
    return Remark(**said, assessment="assessment" in form)


def _plan(run: Run, remark: Remark) -> Plan:
    kind = "judgement" if remark.assessment else "fact"
    lines = [
        f"Beside the section {remark.section} of the report {run.template} of {run.case} stands, as a {kind}:",
        remark.text,
        f"It is {remark.level}, and read by {READERS[remark.readers]}; by nobody who may not open the report.",
        f"It is gone with the report on {run.until}, and is not part of what is released.",
    ]
    return Plan("Write the remark", lines, "It takes effect at once.", "Write it", f"reports/{run.id}")
