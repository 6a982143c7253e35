"""Remarks: what a person writes beside a report, on the page, for whoever may read both the report and the remark.

A remark carries everything its report was made from, and a label of its author's choice. It ends with the report.
"""

from dataclasses import dataclass, replace
from typing import Any

from insight_kernel.errors import BadInput
from insight_kernel.gateway.drafts import Draft
from insight_kernel.gateway.runs import Run
from insight_kernel.gateway.service import Gateway
from insight_kernel.leaving import NOTEBOOK
from insight_kernel.leaving.notebook import read_notebook
from insight_kernel.model.label import LEVELS, Label
from insight_kernel.model.subject import Ask
from insight_kernel.policy.decide import decide

READERS = {
    "all": "everybody who may open the report",
    "case": "members of its case",
    "own": "my organisation",
}
_LONGEST = 20_000


@dataclass(frozen=True)
class Remark:
    """What somebody wants to write: where, what, whether it is a judgement, and for whom."""

    section: str
    text: str
    assessment: bool
    readers: str
    level: str


def sections(gateway: Gateway, run: Run) -> list[str]:
    """Return the headings of a report, in its order."""
    path = gateway.store.folder / "runs" / run.id / NOTEBOOK
    if not path.is_file():
        return []
    cells = read_notebook(path.read_bytes())["cells"]
    texts = ("".join(cell["source"]) for cell in cells if cell.get("cell_type") == "markdown")
    return [line.lstrip("# ") for text in texts for line in text.splitlines() if line.startswith("#")]


def remarks_on(gateway: Gateway, run: Run, user: str) -> list[dict[str, Any]]:
    """Return the remarks beside a report, and the notes on it, that a user may read today, oldest first."""
    known, day = gateway.known(), gateway.clock.today()
    subject = known.people.subject(user)
    notes, _ = gateway.notes.about(run.id, "", subject, Ask(run.purpose, run.necessity, day))
    seen = [one for one in gateway.drafts.remarks(run.id) if one.seen_by(subject, day, gateway.store, known)]
    remarks = [
        {"author": one.author, "made": one.made.isoformat("T", "seconds"), "text": text, "section": one.section,
         "assessment": one.assessment, "reviewer": None, "level": one.label.level, "readers": _readers(one)}
        for one in seen if (text := gateway.drafts.text(one)) is not None
    ]  # fmt: skip
    return sorted([*notes, *remarks], key=lambda each: str(each["made"]))


def check(gateway: Gateway, run: Run, user: str, remark: Remark) -> Label:
    """Return the label a remark will carry.

    Raises
    ------
    BadInput
        When something is missing or too long, the section is none of the report, or its author could not read it.
    """
    if not remark.text.strip() or len(remark.text) > _LONGEST:
        raise _bad("its text is missing or too long", f"Write up to {_LONGEST:,} characters.")
    if remark.section not in sections(gateway, run):
        raise _bad("its section is none of this report", "Choose one.")
    if remark.readers not in READERS or remark.level not in LEVELS:
        raise _bad("it was not said who may read it", "Choose one of the possibilities.")
    label, known = _label(gateway, run, user, remark), gateway.known()
    ask = Ask(run.purpose, run.necessity, gateway.clock.today())
    if not decide(known.people.subject(user), known.label(label), ask).visible:
        raise _bad("you could not read it yourself", "Choose a lower level, or other readers.")
    return label


def write(gateway: Gateway, run: Run, user: str, remark: Remark) -> int:
    """Keep a remark and return its entry of the log; raise as `check` does."""
    label = check(gateway, run, user, remark)
    said = {
        "target": run.id,
        "section": remark.section,
        "assessment": remark.assessment,
        "grade": None,
        "remark": True,
    }
    session, parts = replace(run.session(), user=user), gateway.floating.of(run.workspace)
    _, entry = gateway.drafts.write(gateway.audit, session, label, parts, remark.text, said)
    return entry


def _readers(remark: Draft) -> str:
    """Return the readers its author chose, as he was offered them."""
    chosen = "own" if remark.label.only is not None else "case" if remark.label.files else "all"
    return READERS[chosen]


def _bad(wrong: str, remedy: str) -> BadInput:
    return BadInput("write the remark", wrong, remedy)


def _label(gateway: Gateway, run: Run, user: str, remark: Remark) -> Label:
    owner = gateway.organisation().users[user].organisation
    files = frozenset({run.case}) if remark.readers == "case" else frozenset[str]()
    only = frozenset[str]() if remark.readers == "own" else None
    purposes = frozenset({run.purpose, "oversight"})
    return Label(owner, purposes, run.until, level=remark.level, only=only, files=files)
