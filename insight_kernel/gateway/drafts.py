"""Drafts: what a kernel writes through the gateway. It carries everything its workspace was ever sent, and its case.

The text lies in a file of its own for ninety days, or as long as a note made from it; the log names it by its hash.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from insight_kernel.audit.log import AuditLog
from insight_kernel.audit.sealing import ERASED, private
from insight_kernel.files import remove, replace_file
from insight_kernel.gateway.floating import read_join, written
from insight_kernel.gateway.sessions import Session, named
from insight_kernel.intake.profile import default_expiry
from insight_kernel.model.label import Label, read_label
from insight_kernel.model.organisation import Organisation
from insight_kernel.model.subject import Ask, Subject
from insight_kernel.policy.allowed import Known
from insight_kernel.policy.decide import decide
from insight_kernel.policy.join import Parts
from insight_kernel.policy.standing import decide_standing
from insight_kernel.store.folder import StoreFolder
from insight_kernel.store.opened import Store

LIFETIME = timedelta(days=90)
_SALT = 16  # random bytes before each text: its hash in the log tells nothing once the file is gone


@dataclass(frozen=True)
class Draft:
    """One draft.

    Attributes
    ----------
    id, text, made
        Which one, the SHA-256 of its file, and when it was written.
    author, workspace, case, purpose, necessity
        By whom, where and for what.
    target, section
        The entity or run it is about, and the part of a report.
    assessment, grade
        Whether it is a judgement rather than a fact, and its grade.
    parts, label
        Everything the workspace had been sent, and the label of its case; of a remark what its report was made
        from, and the label its author chose.
    remark
        Whether a person wrote it on the page, beside a report; otherwise code did, and it waits for two people.
    """

    id: str
    text: str
    made: datetime
    author: str
    workspace: str
    case: str
    purpose: str
    necessity: bool
    target: str
    section: str | None
    assessment: bool
    grade: str | None
    parts: Parts
    label: Label
    remark: bool = False

    def seen_by(self, subject: Subject, day: date, store: Store, known: Known) -> bool:
        """Tell whether somebody may read it."""
        ask = Ask(self.purpose, self.necessity, day)
        case = decide(subject, known.label(self.label), ask).visible
        return (
            case and decide_standing(subject, store.standing(*self.parts), store.labels(), known, ask).visible
        )


class Drafts:
    """The drafts of a store."""

    def __init__(self, folder: StoreFolder) -> None:
        self._folder = folder / "drafts"
        self._by_id: dict[str, Draft] = {}

    def take(self, entry: Mapping[str, Any]) -> None:
        """Read an entry of the log."""
        if "draft" in entry:
            self._by_id[entry["draft"]["id"]] = _read(entry)

    def find(self, id_: str) -> Draft | None:
        """Return a draft."""
        return self._by_id.get(id_)

    def about(self, target: str, workspace: str, now: datetime) -> list[Draft]:
        """Return a workspace's drafts about something that still live, oldest first."""
        found = (d for d in self._all(remarks=False) if (d.target, d.workspace) == (target, workspace))
        return [draft for draft in found if now < draft.made + LIFETIME]

    def remarks(self, target: str | None = None) -> list[Draft]:
        """Return the remarks beside a report, or all, oldest first."""
        return [draft for draft in self._all(remarks=True) if target in (None, draft.target)]

    def by(self, author: str, now: datetime) -> list[Draft]:
        """Return a person's drafts that still live, newest first."""
        mine = [d for d in self._all(remarks=False) if d.author == author and now < d.made + LIFETIME]
        return sorted(mine, key=lambda draft: draft.made, reverse=True)

    def text(self, draft: Draft) -> str | None:
        """Return a draft's text; None when it is gone, or is not what was written."""
        path = self._folder / draft.id
        if not path.is_file():
            return None
        data = path.read_bytes()
        return data[_SALT:].decode() if hashlib.sha256(data).hexdigest() == draft.text else None

    def write(
        self, audit: AuditLog, session: Session, label: Label, parts: Parts, text: str, said: Mapping[str, Any]
    ) -> tuple[Draft, int]:  # fmt: skip
        """Keep a new draft or remark, and return it with its entry of the log.

        `said` holds target, section, assessment, grade and whether it is a remark.
        """
        id_, data = secrets.token_hex(8), secrets.token_bytes(_SALT) + text.encode()
        replace_file(self._folder / id_, data)
        fields = {"id": id_, "text": hashlib.sha256(data).hexdigest(), "necessity": session.necessity,
                  **private(said, "section"),
                  "parts": [written(join) for join in parts],
                  "label": label.as_dict()}  # fmt: skip
        entry = {"operation": "combination", "request": "draft", **named(session), "draft": fields}
        number = audit.append(entry)
        self.take({**entry, "n": number, "time": datetime.now(UTC).isoformat()})
        return self._by_id[id_], number

    def _all(self, *, remarks: bool) -> list[Draft]:
        return [draft for draft in tuple(self._by_id.values()) if draft.remark == remarks]

    def forget(self, case: str) -> None:
        """Forget what people wrote of a case in words that stood in the log."""
        for draft in tuple(self._by_id.values()):
            if draft.case == case and draft.section is not None:
                self._by_id[draft.id] = replace(draft, section=ERASED)

    def clear(self, kept: frozenset[str], now: datetime) -> int:
        """Delete the texts of drafts that are over, unless they are kept as notes; return how many."""
        over = [
            path
            for path in sorted(self._folder.glob("*"))
            if path.name not in kept
            and ((draft := self._by_id.get(path.name)) is None or now >= draft.made + LIFETIME)
        ]
        for path in over:
            remove(path)
        return len(over)


def case_label(people: Organisation, session: Session) -> Label:
    """Return the label that everything written for a case carries besides what went into it."""
    case = people.cases[session.case]
    expires = default_expiry(case.end)  # after it has ended, as long as intake lets anything stay
    return Label(
        case.organisation, frozenset({session.purpose, "oversight"}), expires, files=frozenset({session.case})
    )


def _read(entry: Mapping[str, Any]) -> Draft:
    said = entry["draft"]
    parts = tuple(map(read_join, said["parts"]))
    label = read_label(said["label"])
    if not isinstance(label, Label):
        raise TypeError(f"entry {entry['n']} holds no label")
    return Draft(
        said["id"], said["text"], datetime.fromisoformat(entry["time"]), entry["user"], entry["workspace"],
        entry["case"], entry["purpose"], said["necessity"], said["target"], said["section"], said["assessment"],
        said["grade"], parts, label, said.get("remark", False),
    )  # fmt: skip
