"""An open store: its database, labels and caches, and the window each reader looks through."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Protocol

import pyarrow as pa

from insight_kernel.model.label import Label
from insight_kernel.model.subject import Ask, Subject
from insight_kernel.policy.allowed import AllowedCache, Known, Stored
from insight_kernel.policy.join import Join, Parts, Standing
from insight_kernel.store import sql, sql_acts
from insight_kernel.store.commit import Committed, Delivery, commit
from insight_kernel.store.database import Database
from insight_kernel.store.existence import ExistenceCache
from insight_kernel.store.folder import StoreFolder
from insight_kernel.store.labels import Labels
from insight_kernel.store.originals import clear_originals
from insight_kernel.store.purge import Purged, purge
from insight_kernel.store.quarantine import Quarantine
from insight_kernel.store.read import Window
from insight_kernel.store.relabel import Change, Relabelled, Selection, carried, narrow, relabel
from insight_kernel.store.rewrite import rewrite_if_unclean, sort_if_needed
from insight_kernel.store.standing import standings
from insight_kernel.store.titles import TitleCache

_TEXTS = 500  # in memory at once


class Cache(Protocol):
    """What is remembered of records; one that is not in `Store.caches` is not told when they are gone."""

    @property
    def changes(self) -> frozenset[int]:
        """Return the changes after each of which something was computed that is remembered."""
        ...

    def forget(self, change: int) -> None:
        """Forget what was computed before a change."""
        ...


class Store:
    """One store, opened by the process that serves it."""

    def __init__(self, folder: StoreFolder) -> None:
        self.folder = folder
        self._database = Database(folder)
        self.quarantine = Quarantine(folder / "quarantine")
        self._labels, self._titles = Labels(), TitleCache()
        self._allowed = AllowedCache()
        self._existing = ExistenceCache()
        self.caches: tuple[Cache, ...] = (self._existing,)

    def close(self) -> None:
        """Give the files back."""
        self._database.close()

    @contextmanager
    def window(self, subject: Subject, ask: Ask, known: Known, version: object) -> Iterator[Window]:
        """Look at one moment of the store as this subject; `version` names what is known of people."""
        with self._database.snapshot() as snapshot:
            stored = self._labels.at(snapshot)
            versions = {"organisations": version, "labels": len(stored.labels)}
            allowed = self._allowed.get(subject, ask, stored, known, versions)
            yield Window(snapshot, allowed, stored.labels, self._titles.at(snapshot), self._existing)

    def labels(self) -> Stored:
        """Return all labels and their scopes, by number."""
        with self._database.snapshot() as snapshot:
            return self._labels.at(snapshot)

    def labels_of(self, selection: Selection) -> list[Label]:
        """Return the readable labels that the selected records carry now, in order of number."""
        with self._database.snapshot() as snapshot:
            stored = self._labels.at(snapshot).labels
            numbers = carried(snapshot, selection)
        return [label for n in numbers if isinstance(label := stored[n], Label)]

    def sources_of(self, owner: str) -> list[tuple[str, str, int]]:
        """Return name, title and number of records of each source of an owner, by name."""
        with self._database.snapshot() as snapshot:
            return snapshot.rows(sql.OWN_SOURCES, owner=owner)

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

    def acts(self) -> int:
        """Return the number of the last act of the audit log that was applied."""
        with self._database.snapshot() as snapshot:
            return snapshot.state.acts

    def standing(self, *parts: Join) -> Standing:
        """Return what joins, made at whatever times, are together as their records stand now."""
        return self.standings([parts])[0]

    def standings(self, joins: Sequence[Parts]) -> list[Standing]:
        """Return the same for each of several."""
        with self._database.snapshot() as snapshot:
            return standings(snapshot, joins, self._labels.at(snapshot).labels)

    def relabel(self, act: int, selection: Selection, change: Change) -> Relabelled:
        """Give the statements of some records of one owner the labels that `change` makes of theirs."""
        return relabel(self._database, act, selection, change)

    def narrow(self, act: int, selection: Selection) -> Relabelled:
        """Let consents be about these records alone: labels by which owners are asked get a scope of each record."""
        return narrow(self._database, act, selection)

    def purge(self, act: int, day: date) -> Purged:
        """Remove every value that expired on or before `day`, from originals and quarantine too; readers go on."""
        self.quarantine.purge(day)
        done = purge(self._database, act, day)
        clear_originals(self._database, self.folder)
        for cache in self.caches:
            cache.forget(self.change())
        return done

    def rewrite_if_unclean(self) -> bool:
        """Leave nothing of what was purged in any file, also where a purge was cut short; readers go on.

        Return whether the database was written anew, which is done when something was purged since the last time.
        """
        clear_originals(self._database, self.folder)
        return rewrite_if_unclean(self._database)

    def join_of_records(self, ids: Sequence[str]) -> Join:
        """Return the join of everything these records hold now; those that are not there are left out."""
        with self._database.snapshot() as snapshot:
            rows, acts = snapshot.rows(sql_acts.OF_RECORDS, ids=list(ids)), snapshot.state.acts
        return Join(frozenset(label for _, label in rows), frozenset(record for record, _ in rows), acts)

    def records_of(self, numbers: Sequence[int]) -> list[tuple[str, str, str, list[int]]]:
        """Return id, owner, source and labels of records by number; those that are not there any more are left out."""
        with self._database.snapshot() as snapshot:
            return snapshot.rows(sql_acts.RECORDS, numbers=list(numbers))

    def filled(self, owner: str, source: str, type_: str) -> tuple[int, dict[str, int]]:
        """Return how many things of a schema a source delivered, and how many have a value of each property.

        For the owner's completeness report only: nobody's rights are looked at.
        """
        bound = {"owner": owner, "source": source, "type": type_}
        with self._database.snapshot() as snapshot:
            things: int = snapshot.rows(sql_acts.THINGS, **bound)[0][0]
            return things, dict(snapshot.rows(sql_acts.FILLED, **bound))

    def holdings(self, labels: Sequence[int]) -> list[tuple[str, str, int, int]]:
        """Return owner, source, label number and how many records carry it now, for some labels."""
        with self._database.snapshot() as snapshot:
            return snapshot.rows(sql_acts.HOLDINGS, labels=list(labels))

    def fresh(self, records: pa.Table) -> set[str]:
        """Return the ids of those staged records that a commit would find new."""
        with self._database.snapshot() as snapshot:
            return {id_ for (id_,) in snapshot.rows_among(records, sql.FRESH_IDS)}

    def copies(self, owner: str, source: str, content_hash: str) -> list[tuple[int, Label]]:
        """Return the documents of a source that have the same bytes, each with the label of what says so."""
        with self._database.snapshot() as snapshot:
            stored = self._labels.at(snapshot).labels
            rows = snapshot.rows(sql.COPIES, owner=owner, source=source, value=content_hash)
        return [(eid, label) for eid, n in rows if isinstance(label := stored[n], Label)]

    def texts(self, owner: str, source: str) -> Iterator[tuple[int, Label, str]]:
        """Yield the texts of a source's documents, each with its document and label, as they are read."""
        with self._database.snapshot() as snapshot:
            stored = self._labels.at(snapshot).labels
            for batch in snapshot.batches(sql.TEXTS, rows=_TEXTS, owner=owner, source=source):
                for eid, n, text in zip(*batch.to_pydict().values(), strict=True):
                    if isinstance(label := stored[n], Label):
                        yield eid, label, text

    def commit(self, delivery: Delivery) -> Committed:
        """Write a delivered file, whole or not at all."""
        done = commit(self._database, delivery)
        if done.duplicates:  # the file may hold again what is gone
            clear_originals(self._database, self.folder)
        return done

    def sort_if_needed(self, *, always: bool = False) -> bool:
        """Put the rows in order again when enough have been added."""
        return sort_if_needed(self._database, always=always)
