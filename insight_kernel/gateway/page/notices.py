"""What somebody should look at: that something of his is stale or about to expire - never what changed, or of whom.

Nothing is kept: a notice is there as long as what it tells of. It goes when a run is over or was made again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from insight_kernel.gateway.acts.notes import join_of_note
from insight_kernel.gateway.joins import Made
from insight_kernel.gateway.releases import made_of
from insight_kernel.gateway.retention import reminders
from insight_kernel.gateway.runs import Run
from insight_kernel.gateway.service import Gateway
from insight_kernel.leaving import PAGE
from insight_kernel.model.subject import Ask


@dataclass(frozen=True)
class Notice:
    """One sentence, and the page on which there is more; none where he may not open it any more."""

    text: str
    path: str | None


def notices(gateway: Gateway, user: str) -> list[Notice]:
    """Return what a person is told today."""
    now = gateway.in_force.now()
    if user not in now.people.users:
        return []
    keeps = now.organisation_of(user) if now.holds(user, "owner-keeper") else None
    found = _stale(gateway, user, [*_runs(gateway, user), *_received(gateway, keeps), *_notes(gateway, user)])
    return found + (_reminded(gateway, keeps) if keeps else [])


def _stale(gateway: Gateway, user: str, of_his: list[tuple[Made, Notice]]) -> list[Notice]:
    """Return the notices of what is stale; one of what he may not see any more leads nowhere."""
    marks = gateway.joins.stale([made for made, _ in of_his])
    found = [both for both, stale in zip(of_his, marks, strict=True) if stale]
    seen = gateway.joins.seen_by(gateway.organisation().subject(user), [made for made, _ in found])
    return [
        notice if sees else replace(notice, path=None)
        for (_, notice), sees in zip(found, seen, strict=True)
    ]  # fmt: skip


def _runs(gateway: Gateway, user: str) -> Iterator[tuple[Made, Notice]]:
    """Yield the runs he made, and those he released, unless they were made - and released - again since."""
    runs = gateway.runs.on(gateway.clock.today())
    latest, released = {_same(run): run for run in runs}, _released(runs)
    for run in runs:
        about, path = f"{run.template} of {run.case}, made on {run.made[:10]}", _path(run)
        if run.user == user and latest[_same(run)] is run:
            yield made_of(gateway, run), Notice(f"Your report {about}, is stale. Make it again.", path)
        to = [to for to, was in run.released.items() if was.by == user and released[_same(run), to] is run]
        if to:
            text = f"The report {about}, which you released to {', '.join(to)}, is stale."
            yield made_of(gateway, run), Notice(text, path)


def _received(gateway: Gateway, keeps: str | None) -> Iterator[tuple[Made, Notice]]:
    """Yield the runs that were released to a keeper's organisation: it holds copies of them."""
    runs = gateway.runs.on(gateway.clock.today())
    latest = _released(runs)
    for run in runs:
        if keeps is not None and latest.get((_same(run), keeps)) is run:
            about = f"The report {run.id}, released to {keeps} on {run.released[keeps].day}, is stale."
            yield (
                made_of(gateway, run),
                Notice(f"{about} Ask {run.organisation} for it again.", _path(run)),
            )


def _released(runs: Iterable[Run]) -> dict[tuple[tuple[str | None, ...], str], Run]:
    """Return the run each organisation was given last of each kind."""
    return {(_same(run), to): run for run in runs for to in run.released}


def _path(run: Run) -> str | None:
    """Return the page on which a run can be looked at; an export has none."""
    return f"reports/{run.id}" if PAGE in run.files else None


def _same(run: Run) -> tuple[str | None, ...]:
    """Return what two runs have in common of which the later was made in the place of the earlier."""
    return run.user, run.template, run.parameters, run.case, run.purpose, run.recipient


def _notes(gateway: Gateway, user: str) -> Iterator[tuple[Made, Notice]]:
    """Yield the notes he wrote that are still there, the latest about each thing."""
    found = {}
    for act in gateway.acts.of_kind("note"):
        draft = gateway.drafts.find(act.what["draft"])
        if act.by == user and draft is not None and gateway.drafts.text(draft) is not None:
            ask = Ask(draft.purpose, draft.necessity, gateway.clock.today())
            notice = Notice(f"Your note of {act.since[:10]} is stale.", f"decisions/{act.id}")
            found[draft.target, draft.section] = Made((join_of_note(act.what),), ask), notice
    yield from found.values()


def _reminded(gateway: Gateway, owner: str) -> list[Notice]:
    return [
        Notice(f"Of {soon.source}, {_counted(soon.records)} on {soon.expires}.", f"labels/{soon.source}")
        for soon in reminders(gateway, owner)
    ]


def _counted(records: int) -> str:
    return "1 record expires" if records == 1 else f"{records:,} records expire"
