"""The gateway: authenticate, decide, read, label, audit, answer - in this order, for every request."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from threading import RLock
from typing import Any

import pyarrow as pa

from insight_kernel.audit.chain import entries
from insight_kernel.audit.log import AuditLog
from insight_kernel.audit.sealing import Sealing
from insight_kernel.audit.witnesses import seen_outside
from insight_kernel.errors import NotAvailable, Refused, StartAgain, Unavailable
from insight_kernel.gateway import questions, requests
from insight_kernel.gateway.acts.kinds import kinds
from insight_kernel.gateway.acts.register import Acts
from insight_kernel.gateway.cleaning import Cleaning
from insight_kernel.gateway.clock import Clock
from insight_kernel.gateway.cursors import Cursors, ForeignCursorError, StaleCursorError, bound_to
from insight_kernel.gateway.door import Credential, Door
from insight_kernel.gateway.drafts import Drafts, case_label
from insight_kernel.gateway.floating import FloatingLabels, written
from insight_kernel.gateway.found import Found
from insight_kernel.gateway.homes import end_server
from insight_kernel.gateway.hub import Hub
from insight_kernel.gateway.in_force import InForce
from insight_kernel.gateway.joins import Joins
from insight_kernel.gateway.naming import as_named
from insight_kernel.gateway.notes import Notes
from insight_kernel.gateway.orders import Orders
from insight_kernel.gateway.parsing import BadRequestError
from insight_kernel.gateway.people import People
from insight_kernel.gateway.recovery import Recovery
from insight_kernel.gateway.refusals import DeniedError, Refusals
from insight_kernel.gateway.rooms import Rooms
from insight_kernel.gateway.runs import Runs, clear_unregistered, expire
from insight_kernel.gateway.sessions import Session, Sessions, named
from insight_kernel.gateway.signing import Signing
from insight_kernel.gateway.standing import fault
from insight_kernel.gateway.stopping import Stop
from insight_kernel.gateway.vouching import Vouching
from insight_kernel.gateway.workspaces import Necessity, Opened, Workspaces
from insight_kernel.model.ids import from_text
from insight_kernel.model.organisation import Organisation
from insight_kernel.model.schema import Vocabulary, vocabulary
from insight_kernel.model.subject import Ask, Subject
from insight_kernel.policy.allowed import Known
from insight_kernel.policy.join import Join, Parts, Summary, summarise
from insight_kernel.policy.release import Verdict
from insight_kernel.policy.table import rule_rows
from insight_kernel.store.folder import clear_leftovers
from insight_kernel.store.opened import Store
from insight_kernel.store.read import Window

POLICY_VERSION = hashlib.sha256(repr(rule_rows()).encode()).hexdigest()[
    :12
]  # of the rules as they are printed
Answerer = Callable[[Window, Any, Vocabulary], Found]

QUESTIONS: dict[str, tuple[type[requests.Question], Answerer]] = {
    "find": (requests.Find, questions.find),
    "get": (requests.Get, questions.get),
    "neighbours": (requests.Neighbours, questions.neighbours),
    "aggregate": (requests.Aggregate, questions.aggregate),
    "count": (requests.Count, questions.count),
    "search": (requests.Search, questions.search),
    "sources": (requests.Sources, questions.sources),
    "quality": (requests.Quality, questions.quality),
}
_ADMINISTRATORS = {"operator", "officer", "owner-keeper"}
_OPERATIONS = dict.fromkeys(("get", "neighbours", "quality"), "consultation")


@dataclass(frozen=True)
class Answer:
    """An answer ready to be sent: its rows with the label in their metadata, and the audit entry's number."""

    table: pa.Table
    entry: int


class Gateway:
    """The service behind both sockets."""

    def __init__(self, store: Store, hub: Hub | None = None) -> None:
        self.store, self.hub = store, hub
        clear_leftovers(store.folder)
        people = People(store.folder.organisation)
        # the log is opened before others read it, because it refuses one that could not even be read
        self.sealing = Sealing(store.folder / "keys" / "cases")
        self.audit = AuditLog(store.folder.audit_log, seen_outside(store.folder.root), self.sealing)
        self.refusals = Refusals(self.audit)
        self.clock, self.floating = Clock(), FloatingLabels()
        self.workspaces = Workspaces(hub.settings.uids if hub is not None else None)
        self.runs, self.orders = Runs(), Orders()
        self.drafts, self.writing = Drafts(store.folder), RLock()  # one writer at a time
        self.acts = Acts(self.audit, self.refusals, kinds(store, self.drafts), self.writing)
        self.in_force = InForce(people, self.acts, self.clock, self.audit, self.refusals)
        self.joins = Joins(store, self.in_force)
        self.cleaning = Cleaning(self.floating, self.joins)
        self.notes = Notes(self.drafts, self.acts, self.joins, self.clock)
        self.sessions, self.cursors = Sessions(), Cursors(store.folder.key)
        self.rooms = Rooms(self.workspaces, self.audit, self.refusals, hub, store.folder.key)
        self.door = Door(self.sessions, self.workspaces, self.rooms, self.refusals, hub, store.folder.key)
        self.vocabulary = vocabulary()
        self._people = people
        self._catch_up()
        self.signing = Signing(store.folder / "keys", self.clock.today())
        self.vouching = Vouching(store.folder.root, self.audit, self.refusals, self.clock.today())

    def _catch_up(self) -> None:
        """Read the log once, and do what it says was decided and the store does not hold yet."""
        recovery = Recovery()
        readers = (
            self.clock, self.floating, self.workspaces, self.rooms, self.cleaning, self.drafts, self.acts,
            self.in_force, self.runs, recovery,
        )  # fmt: skip
        for entry in self.log():
            for reader in readers:
                reader.take(entry)
        recovery.settle(self.audit, self.store.change())
        self.acts.settle()
        self.in_force.current()  # the first start of a store writes down which groups it began with
        clear_unregistered(self.store.folder, self.runs)
        expire(self.store.folder, self.runs, self.audit, self.clock.today())

    def log(self) -> Iterator[dict[str, Any]]:
        """Yield the entries of the log in order, their private texts opened as far as they are not erased."""
        return map(self.sealing.opened, entries(self.store.folder.audit_log))

    def close(self) -> None:
        """Finish writing and give the files back."""
        if self.hub is not None:
            self.hub.close()
        self.refusals.close()
        self.audit.close()
        self.vouching.close()
        self.store.close()

    def answer(
        self, name: str, question: requests.Question, session: Session, body: bytes, stop: Stop | None = None
    ) -> Answer:
        """Answer one question, unless it is stopped; nothing is returned before its audit entry is on the disk."""
        stop, answerer = stop or Stop(), QUESTIONS[name][1]
        self.acts.settle()
        (known, version), day = self.in_force.current(), self.clock.today()
        subject, ask = session.subject(known.people, day), session.ask(day)
        base = self.entry(name, session, body)
        if isinstance(question, requests.Find) and question.page is not None:
            answerer = partial(questions.find, after=self._after(question, session, base))
        try:
            with (
                self.store.window(subject, ask, known, version) as window,
                stop.by(window.snapshot.interrupt),
            ):
                found = answerer(window, question, self.vocabulary)
                labels = [known.label(window.labels[n]) for n in sorted(found.join.labels)]
                summary, acts = summarise(labels, subject, ask), window.snapshot.state.acts
        except (NotAvailable, BadRequestError) as error:
            self.audit.append({**base, "decision": "refused", "reason": _reason(error)})
            raise
        except (Unavailable, MemoryError):
            self.audit.append({**base, "decision": stop.reason or "failed", "rows": 0})
            raise
        sent = {**base, "rows": found.table.num_rows, "owners": summary.owners}
        entry = self._sent(session, replace(found.join, acts=acts), sent)
        return Answer(self._labelled(found, summary, session, **self._next(question, session, found)), entry)

    def _after(self, asked: requests.Find, session: Session, entry: dict[str, Any]) -> int | None:
        """Return the entity a page begins after; one that is foreign or stale reads the same, and raises the alarm."""
        if asked.page is None or asked.page.cursor is None:
            return None
        try:
            return self.cursors.read(asked.page.cursor, self._rules(), bound_to(session, asked))
        except ForeignCursorError:
            error = DeniedError(409, "foreign-cursor", "alarm", **named(session))
            self.refusals.record(error, "gateway")
            raise error from None
        except StaleCursorError:
            self.audit.append({**entry, "decision": "refused", "reason": "stale-cursor"})
            raise StartAgain("go on", "the rules or the organisation have changed", "Start again.") from None

    def _next(self, asked: requests.Question, session: Session, found: Found) -> dict[str, str | None]:
        """Return, of a page, the cursor by which the next one is asked for, or that there is none."""
        if not isinstance(asked, requests.Find) or asked.page is None:
            return {}
        bound = bound_to(session, asked)
        return {
            "cursor": None if found.last is None else self.cursors.write(found.last, self._rules(), bound)
        }

    def _rules(self) -> str:
        return f"{POLICY_VERSION} {self.in_force.rules()}"

    def _sent(self, session: Session, join: Join, fields: dict[str, Any]) -> int:
        """Let a workspace's label rise by what it is sent, once that is in the log; return the entry's number.

        Whoever is let in meanwhile either finds the label risen, or is found here, and nothing is sent.
        """
        new = self.floating.new(session.workspace, join)
        entry = self.audit.append({**fields, **written(new), "decision": "answered"})
        self.floating.add(session.workspace, new)
        if not self.workspaces.still(session):
            error = DeniedError(403, "room-changed", "full", **named(session))
            self.refusals.record(error, "gateway")
            raise error
        return entry

    def draft(self, session: Session, asked: requests.WriteDraft, body: bytes, origin: str) -> dict[str, Any]:
        """Keep what a kernel writes: it carries the workspace's label, whatever labels it is shown with."""
        self._check_labels(asked.labels, session, origin)
        self._check_target(session, asked.target, self.entry("draft", session, body))
        said = {name: getattr(asked, name) for name in ("target", "section", "assessment", "grade")}
        join = self.floating.of(session.workspace)
        label = case_label(self.organisation(), session)
        draft, _ = self.drafts.write(self.audit, session, label, join, asked.text, said)
        return {"draft": draft.id, "label": self.summary(session).as_dict()}

    def notes_about(self, session: Session, asked: requests.ReadNotes, body: bytes) -> list[dict[str, Any]]:
        """Return the notes about something that this session may see, and its workspace's own drafts."""
        base = self.entry("notes", session, body)
        self._check_target(session, asked.target, base)
        found, join = self.notes.about(asked.target, session.workspace, *self.asking(session))
        self._sent(session, join, {**base, "rows": len(found)})
        return found

    def _check_target(self, session: Session, target: str, entry: dict[str, Any]) -> None:
        """Raise `NotAvailable` for an entity or a run that is not there for this session; absent and hidden alike."""
        self.acts.settle()
        (known, version), day = self.in_force.current(), self.clock.today()
        subject, ask = session.subject(known.people, day), session.ask(day)
        number, run = from_text(target), self.runs.of(target, day)
        if run is not None and self.joins.satisfied(self.floating.of(run.workspace), subject, ask):
            return
        with self.store.window(subject, ask, known, version) as window:
            if number is not None and len(window.existing([number], sensitive=True)):
                return
        self.audit.append({**entry, "decision": "refused", "reason": "not_available"})
        raise NotAvailable("write or read notes", "not available", "Check the id.")

    def refuse(self, name: str, session: Session, body: bytes, error: BadRequestError) -> None:
        """Log that a request was not well formed: by its hash and size, never by what it said."""
        fields = {"decision": "refused", "reason": error.code, "size": len(body)}
        self.audit.append({**self.entry(name, session, body), **fields})

    def label(self, session: Session, body: bytes) -> Summary:
        """Return the floating label of the session's workspace, as its member may read it."""
        self.audit.append({**self.entry("label", session, body), "decision": "answered"})
        return self.summary(session)

    def summary(self, session: Session) -> Summary:
        """Return the summary of a workspace's floating label for its member."""
        subject, ask = self.asking(session)
        return self.joins.summary(self.floating.of(session.workspace), subject, ask)

    def can_release(
        self, session: Session, asked: requests.CanRelease, body: bytes, origin: str
    ) -> dict[str, Verdict]:
        """Return, for each organisation, whether all this workspace was sent may go to it.

        Labels shown add nothing and take nothing away; one that is forged, or another workspace's, is refused.
        """
        self._check_labels(asked.labels, session, origin)
        people = self.organisation()
        entry = {**self.entry("can_release", session, body), "to": asked.to}
        if any(people.recipient_subject(code).organisations is None for code in asked.to):
            error = BadRequestError(
                "to", "must be organisations that have a release profile; a group has none"
            )
            self.audit.append({**entry, "decision": "refused", "reason": error.code})
            raise error
        join = self.floating.of(session.workspace)
        found = {code: self.verdict(join, session, code) for code in asked.to}
        granted = [code for code, verdict in found.items() if verdict.granted]
        self.audit.append({**entry, "decision": "answered", "granted": granted})
        return found

    def _check_labels(self, labels: list[requests.SignedLabel], session: Session, origin: str) -> None:
        for shown in labels:
            reason = self.signing.fault(shown.insight, shown.key, shown.signature, session.workspace)
            if reason is not None:
                error = DeniedError(403, reason, "alarm", **named(session))
                self.refusals.record(error, origin)
                raise error

    def verdict(self, parts: Parts, session: Session, recipient: str) -> Verdict:
        """Return whether what was made from this join may go to an organisation, as this session may be told."""
        return self.joins.verdict(parts, recipient, *self.asking(session))

    def asking(self, session: Session) -> tuple[Subject, Ask]:
        """Return with which rights a session asks today, and for what."""
        day = self.clock.today()
        return session.subject(self.organisation(), day), session.ask(day)

    def enter(self, shown: Credential) -> Session:
        """Return the session of who asks, as people, case and purpose are now; raise `DeniedError` otherwise."""
        self.vouching.check()
        return self.door.enter(shown, self.organisation(), self.clock.today())

    def me(self, session: Session, asked: requests.Me, origin: str) -> dict[str, Any]:
        """Return whose workspace it is; what the request names otherwise than it is, is refused."""
        try:
            return as_named(session, asked, self.vouching.last)
        except DeniedError as error:
            self.refusals.record(error, origin)
            raise

    def server_of(self, account: str, server: str) -> dict[str, Any]:
        """Return the workspace a hub's server is, if its user may work in it today; refused otherwise."""
        opened = self.workspaces.at(account, server)
        day = self.clock.today()
        if opened is None or fault(opened.session(day), self.organisation(), day) is not None:
            remedy = "Open it on the page of INSIGHT first, for a case and a purpose of yours."
            raise Refused(f"start the server {server}", "there is no workspace of this name for you", remedy)
        found = {name: getattr(opened, name) for name in ("case", "purpose", "generation", "uid")}
        return {**found, "workspace": opened.session(day).workspace}

    def open_workspace(
        self, user: str, case: str, purpose: str, necessity: Necessity | None, *, by: str, replace: bool
    ) -> Opened:
        """Make a user's workspace, or replace it by an empty one once its old server has ended."""
        emptied = (lambda old: end_server(self.hub, old)) if replace else None
        with self.noticing(user, case):
            return self.workspaces.open(
                self.audit, self.organisation(), self.clock.today(), user=user, case=case, purpose=purpose,
                necessity=necessity, by=by, emptied=emptied,
            )  # fmt: skip

    @contextmanager
    def noticing(self, user: str, case: str | None) -> Iterator[None]:
        """Raise the alarm when somebody who administers people, machine or data is refused to work with data."""
        try:
            yield
        except Refused:
            if not _ADMINISTRATORS.isdisjoint(self.in_force.now().roles(user)):
                denied = DeniedError(403, "administrator-without-case", "alarm", user=user, case=case)
                self.refusals.record(denied, "gateway")
            raise

    def look_at_rooms(self) -> None:
        """Put out of every room who may not be in it any more, also while nobody asks."""
        self.rooms.look_at_all(self.organisation(), self.clock.today())

    def health(self) -> dict[str, Any]:
        """Return whether all is well, the mistakes of a refused organisation file, and the latest alarms."""
        faults = self._people.faults()
        return {
            "status": "degraded" if faults else "ok",
            "organisation": faults,
            "audit": self.vouching.faults(),
            "alarms": list(self.refusals.alarms),
        }

    def known(self) -> Known:
        """Return what decisions look up now: who is who, and the consents given."""
        return self.in_force.current()[0]

    def organisation(self) -> Organisation:
        """Return who is who, as far as it is in force."""
        return self.known().people

    def entry(self, name: str, session: Session, body: bytes) -> dict[str, Any]:
        """Return what every entry of the log says of a typed request."""
        emergency = self.in_force.emergency_of(session.user, *session.members)
        return {
            "operation": _OPERATIONS.get(name, "search"),
            "request": name,
            **named(session),
            "organisation": session.organisation,
            **self._of_members(session),
            "recipient": session.recipient,
            "request_hash": self.sealing.hashed(session.case, body),
            "policy": POLICY_VERSION,
            **({"emergency": emergency} if emergency else {}),
        }

    def _of_members(self, session: Session) -> dict[str, list[str]]:
        """Return, for a room, whose members it has: owners are told of each organisation that used their data."""
        if not session.members:
            return {}
        users = self.organisation().users
        found = {users[name].organisation for name in (session.user, *session.members) if name in users}
        return {"organisations": sorted(found)}

    def _labelled(self, found: Found, summary: Summary, session: Session, **more: str | None) -> pa.Table:
        label = {**summary.as_dict(), "workspace": session.workspace}
        said = {"version": 1, "label": label, "truncated": found.truncated, **more}
        text = json.dumps(said, sort_keys=True)
        return found.table.replace_schema_metadata(self.signing.signed(text))


def _reason(error: Exception) -> str:
    return error.code if isinstance(error, BadRequestError) else "not_available"
