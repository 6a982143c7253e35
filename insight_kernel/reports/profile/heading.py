"""Header of a profile, and how it was made: what a reader must know before and after the facts."""

import json
import os
from collections import defaultdict
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from insight_kernel.leaving.sheet import HANDLING
from insight_kernel.model.grade import SCALES
from insight_kernel.reports.blocks import Block, Cell, paragraph, table, together
from insight_kernel.reports.profile import words
from insight_kernel.reports.profile.dated import dated
from insight_kernel.reports.profile.material import Said, Seen

if TYPE_CHECKING:
    from insight_kernel.client.workspace import Workspace


def header(seen: Seen, workspace: "Workspace") -> Block:
    """Return title and header: what it is, under which rules it may be read, for whom and from what."""
    label, run = workspace.label, stated_run()
    rows: list[list[Cell]] = [
        ["Level", str(label["level"]).upper()], ["Handling", _handling(label)], ["Owners", ", ".join(label["owners"])],
        ["Purpose", workspace.purpose], ["Case", workspace.case], ["Period", _period(seen)],
        ["Author", workspace.user], ["Reviewers", "none yet"], ["Version", f"{run['id']} (draft, not reviewed)"],
        ["Expiry", _expiry(label, run.get("until"))], ["Recipient", _recipient(run, workspace.user)],
    ]  # fmt: skip
    cells = "".join(
        f"<tr><th scope='row'>{_text(name)}</th>{_text(value, 'td')}</tr>" for name, value in rows
    )
    subject, kind = _text(seen.subject.caption), _text(seen.subject.schema.label)
    title = f'<p class="kicker">Subject profile</p><h1 dir="auto">{subject}</h1>'
    title += f'<p class="kind">{kind}, {_text(seen.subject.id)}</p>'
    head = Block(
        f'<header>{title}<table class="head">{cells}</table></header>', f"Header of {seen.subject.id}"
    )
    return together(head, _sources(seen))


def _expiry(label: dict[str, Any], until: str | None) -> str:
    """Say when it is to be deleted, and when the first value in it would be gone."""
    first = str(label["expires"] or "none stated")
    if until is None:
        return first
    return f"valid until {until}: on that day it is to be deleted; first expiry of what stands in it: {first}"


def _recipient(run: dict[str, Any], user: str) -> str:
    """Say for whom it is: a rendition names its own recipient and no other."""
    if run.get("recipient"):
        return f"{run['recipient']} only, once it is released"
    return f"{user} only, unless a release says otherwise; to pass it on, ask for one"


def stated_run() -> dict[str, Any]:
    """Return id, template and version of the run this kernel works for, as its runner states them.

    A registered run also has `until`, the day on which it is gone, and a rendition its `recipient`.
    """
    found = os.environ.get("INSIGHT_RUN")
    outside = {"id": "not a registered run", "template": "opened by hand", "version": "unknown"}
    return json.loads(found) if found else outside


def made(seen: Seen, workspace: "Workspace") -> Block:
    """Return how the report was made, the grading scales in it, and the one scale of probability words."""
    run = stated_run()
    values = sum(len(thing.said) for thing in seen.things.values())
    texts = [
        f"Template {run['template']}, version {run['version']}; run {run['id']}; "
        f"made {datetime.now(UTC):%Y-%m-%d %H:%M} UTC with insight-kernel {_version()} "
        f"by {workspace.user}, case {workspace.case}, purpose {workspace.purpose}.",
        f"Computed from {values:,} values of {len(seen.things):,} things and links, all of them visible to "
        f"{_to_whom(run)} for this purpose on this day; nothing else went in. Another reader may see more or less.",
        "Every table and figure says beneath its title how it was made. Facts are shown as delivered and are not "
        "weighed against each other; a conclusion is as good as its weakest input.",
    ]
    return together(*map(paragraph, texts), _scales(seen), _likelihood())


def _to_whom(run: dict[str, Any]) -> str:
    return f"the author and to {run['recipient']}" if run.get("recipient") else "the author"


def _text(value: Cell, tag: str = "") -> str:
    inner = (
        value.html
        if isinstance(value, Block)
        else paragraph(value).html[len('<p dir="auto">') : -len("</p>")]
    )
    return f'<{tag} dir="auto">{inner}</{tag}>' if tag else inner


def _handling(label: dict[str, Any]) -> str:
    found = [HANDLING[code] for code in label["handling"]]
    found += [f"condition: {text}" for text in label["conditions"]]
    found += [f"contains {', '.join(label['special'])} data"] if label["special"] else []
    return "; ".join(found) or "no special handling stated by the owners"


def _period(seen: Seen) -> str:
    starts = sorted(start for start in dated(seen)["start"] if isinstance(start, str))
    return f"all dates on record, {starts[0]} to {starts[-1]}" if starts else "no dates on record"


def _sources(seen: Seen) -> Block:
    said: defaultdict[tuple[str, str], list[Said]] = defaultdict(list)
    for thing in seen.things.values():
        for one in thing.said:
            said[one.source, one.owner].append(one)
    rows: list[list[Cell]] = [
        [source, owner, f"{len(found):,}", max(s.delivered for s in found), words.grades(found)]
        for (source, owner), found in sorted(said.items())
    ]
    columns = ("Source", "Owner", "Values used", "Latest delivery", "Grades")
    return table("Sources and grades", columns, rows, made="Every source of a value in this report.")


def _scales(seen: Seen) -> Block:
    used = {s.grade.partition(" ")[0] for thing in seen.things.values() for s in thing.said}
    rows: list[list[Cell]] = [
        [name, f"{source[0]} (best) to {source[-1]}", f"{information[0]} (best) to {information[-1]}"]
        for name, (source, information) in SCALES.items() if name in used
    ]  # fmt: skip
    note = "Letters and digits mean different things on different scales; grades are not converted."
    if not rows:
        return paragraph("No value in this report is graded.", kind="empty")
    return table("Grading scales in this report", ("Scale", "Source", "Information"), rows, made=note)


def _likelihood() -> Block:
    rows = [list(pair) for pair in words.LIKELIHOOD]
    made = ("The only probability words to be used in an assessment: the yardstick of the United Kingdom's "
            "Professional Head of Intelligence Assessment.")  # fmt: skip
    return table("Words of probability", ("Word", "Means"), rows, made=made)


def _version() -> str:
    try:
        return version("insight-kernel")
    except PackageNotFoundError:
        return "of a checkout"
