"""An open store: its database, labels and caches, and the window each reader looks through."""

from collections.abc import Iterator
from contextlib import contextmanager

from insight_kernel.model.label import Label, Unreadable
from insight_kernel.model.subject import Ask, Subject
from insight_kernel.policy.allowed import AllowedCache, Known
from insight_kernel.store import sql
from insight_kernel.store.commit import Committed, Delivery, commit, sort_if_needed
from insight_kernel.store.database import Database
from insight_kernel.store.existence import ExistenceCache
from insight_kernel.store.folder import StoreFolder
from insight_kernel.store.labels import Labels
from insight_kernel.store.read import Window


class Store:
    """One store, opened by the process that serves it."""

    def __init__(self, folder: StoreFolder) -> None:
        self.folder = folder
        self._database = Database(folder)
        self._labels = Labels()
        self._allowed = AllowedCache()
        self._existing = ExistenceCache()

    def close(self) -> None:
        """Give the files back."""
        self._database.close()

    @contextmanager
    def window(self, subject: Subject, ask: Ask, known: Known, version: object) -> Iterator[Window]:
        """Look at one moment of the store as this subject; `version` names what is known of people."""
        with self._database.snapshot() as snapshot:
            labels = self._labels.at(snapshot)
            versions = {"organisations": version, "labels": len(labels)}
            allowed = self._allowed.get(subject, ask, labels, [""] * len(labels), known, versions)
            yield Window(snapshot, allowed, labels, self._existing)

    def labels(self) -> tuple[Label | Unreadable, ...]:
        """Return all labels by number."""
        with self._database.snapshot() as snapshot:
            return self._labels.at(snapshot)

    def label_use(self, eid: int) -> list[tuple[str, str, str, int, int]]:
        """Return property, source, owner, label number and count of an entity's statements, whoever may see them.

        For explanations to the owner of the store's files only; no value is returned.
        """
        with self._database.snapshot() as snapshot:
            return snapshot.rows(sql.LABEL_USE, eid=eid)

    def change(self) -> int:
        """Return the number of the latest change."""
        with self._database.snapshot() as snapshot:
            return snapshot.state.change

    def commit(self, delivery: Delivery) -> Committed:
        """Write a delivered file, whole or not at all."""
        return commit(self._database, delivery)

    def sort_if_needed(self, *, always: bool = False) -> bool:
        """Put the rows in order again when enough have been added."""
        return sort_if_needed(self._database, always=always)
