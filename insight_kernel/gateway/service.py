"""The gateway: authenticate, decide, read, label, audit, answer - in this order, for every request."""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any

import pyarrow as pa

from insight_kernel.audit.chain import entries
from insight_kernel.audit.log import AuditLog, request_hash
from insight_kernel.errors import NotAvailable
from insight_kernel.gateway import questions, requests
from insight_kernel.gateway.clock import Clock
from insight_kernel.gateway.floating import FloatingLabels, pack
from insight_kernel.gateway.found import Found
from insight_kernel.gateway.parsing import BadRequestError
from insight_kernel.gateway.people import People
from insight_kernel.gateway.recovery import settle
from insight_kernel.gateway.sessions import Session, Sessions
from insight_kernel.model.organisation import Organisation
from insight_kernel.model.schema import Vocabulary, vocabulary
from insight_kernel.policy.join import Summary, summarise
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
}
_OPERATIONS = {"get": "consultation", "neighbours": "consultation"}


@dataclass(frozen=True)
class Answer:
    """An answer ready to be sent: its rows with the label in their metadata, and the audit entry's number."""

    table: pa.Table
    entry: int


class Gateway:
    """The service behind both sockets."""

    def __init__(self, store: Store) -> None:
        self.store = store
        clear_leftovers(store.folder)
        self.people = People(store.folder.organisation)
        # the log is opened before others read it, because it refuses one that could not even be read
        self.audit = AuditLog(store.folder.audit_log)
        self.clock = Clock(entries(store.folder.audit_log))
        self.floating = FloatingLabels(entries(store.folder.audit_log))
        self.sessions = Sessions()
        self.vocabulary = vocabulary()
        self.writing = Lock()  # one writer at a time
        settle(self.audit, entries(store.folder.audit_log), store.change())

    def close(self) -> None:
        """Finish writing and give the files back."""
        self.audit.close()
        self.store.close()

    def answer(self, name: str, question: requests.Question, session: Session, body: bytes) -> Answer:
        """Answer one question; nothing is returned before its audit entry is on the disk."""
        people, version = self.people.current()
        day = self.clock.today()
        subject, ask = session.subject(people, day), session.ask(day)
        base = self._entry(name, session, body)
        try:
            with self.store.window(subject, ask, people, version) as window:
                found = QUESTIONS[name][1](window, question, self.vocabulary)
                summary = summarise([window.labels[n] for n in sorted(found.join.labels)], subject, ask)
        except (NotAvailable, BadRequestError) as error:
            self.audit.append({**base, "decision": "refused", "reason": _reason(error)})
            raise
        new = self.floating.new(session.workspace, found.join)
        counts = {"rows": found.table.num_rows, "labels": sorted(new.labels), "records": pack(new.records)}
        entry = self.audit.append({**base, **counts, "decision": "answered"})
        self.floating.add(session.workspace, new)
        return Answer(self._labelled(found, summary, session), entry)

    def refuse(self, name: str, session: Session, body: bytes, error: BadRequestError) -> None:
        """Log that a request was not well formed: by its hash and size, never by what it said."""
        fields = {"decision": "refused", "reason": error.code, "size": len(body)}
        self.audit.append({**self._entry(name, session, body), **fields})

    def label(self, session: Session, body: bytes) -> Summary:
        """Return the floating label of the session's workspace, as its member may read it."""
        people, _ = self.people.current()
        day = self.clock.today()
        labels = self.store.labels()
        self.audit.append({**self._entry("label", session, body), "decision": "answered"})
        found = [labels[n] for n in sorted(self.floating.of(session.workspace).labels)]
        return summarise(found, session.subject(people, day), session.ask(day))

    def organisation(self) -> Organisation:
        """Return the organisation file in force."""
        return self.people.current()[0]

    def _entry(self, name: str, session: Session, body: bytes) -> dict[str, Any]:
        return {
            "operation": _OPERATIONS.get(name, "search"),
            "request": name,
            "user": session.user,
            "recipient": session.recipient,
            "workspace": session.workspace,
            "case": session.case,
            "purpose": session.purpose,
            "request_hash": request_hash(body),
            "policy": POLICY_VERSION,
        }

    def _labelled(self, found: Found, summary: Summary, session: Session) -> pa.Table:
        label = {**summary.as_dict(), "workspace": session.workspace}
        text = json.dumps({"version": 1, "label": label, "truncated": found.truncated}, sort_keys=True)
        signature = hmac.new(self.store.folder.key, text.encode(), hashlib.sha256).hexdigest()
        return found.table.replace_schema_metadata({"insight": text, "insight-signature": signature})


def _reason(error: Exception) -> str:
    return error.code if isinstance(error, BadRequestError) else "not_available"
