"""What a notebook holds: a workspace, through which everything is asked for one case and one purpose."""

import inspect
from collections.abc import Iterable, Iterator, Sequence
from types import FrameType
from typing import TYPE_CHECKING, Any, Literal, overload

import duckdb
import pandas as pd

from insight_kernel.client.asking import Asker
from insight_kernel.client.embedded import EmbeddedGateway
from insight_kernel.client.entity import Entity
from insight_kernel.client.frames import to_frame
from insight_kernel.client.linked import graph_of, timeline_of
from insight_kernel.client.notes import Draft, read, write
from insight_kernel.client.paging import PAGE, all_pages, pages, together
from insight_kernel.client.releases import Releases
from insight_kernel.client.renditions import Renditions, order
from insight_kernel.client.report import Report, run
from insight_kernel.errors import BadInput

if TYPE_CHECKING:
    import networkx as nx

Values = str | Sequence[str]


class Workspace:
    """A workspace of one case and one purpose; made by `insight.open`.

    Every answer is decided, labelled and logged by the gateway. Frames are ordinary pandas frames, ordered by
    id unless said otherwise.
    """

    def __init__(self, asker: Asker, held: EmbeddedGateway | None = None, **named: str | None) -> None:
        self._asker, self._held = asker, held
        self._me = asker.json("me", **named)

    def __repr__(self) -> str:
        me = self._me
        return f"<Workspace {me['workspace']}: {me['user']}, case {me['case']}, purpose {me['purpose']}>"

    def __enter__(self) -> "Workspace":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def user(self) -> str:
        """Return whose workspace it is."""
        return str(self._me["user"])

    @property
    def case(self) -> str:
        """Return the case."""
        return str(self._me["case"])

    @property
    def purpose(self) -> str:
        """Return the purpose."""
        return str(self._me["purpose"])

    @property
    def label(self) -> dict[str, Any]:
        """Return the floating label so far (owners, level, purposes, ...); it never goes down."""
        return self._asker.json("label")

    def can_release(self, to: Sequence[str]) -> Releases:
        """Return whether everything this workspace was sent may go to each of these organisations, and if not why.

        Examples
        --------
        `ws.can_release(to=["FR", "MA"]).granted` is true when it may go to both.
        """
        return Releases(self._asker.json("can_release", to=list(to)))

    def note(
        self,
        target: str,
        text: str,
        *,
        section: str | None = None,
        assessment: bool = False,
        grade: str | None = None,
    ) -> Draft:
        """Write a draft about an entity or a report (by its id); it carries everything this workspace was sent.

        It lives ninety days. It becomes a note, under the labels of the records it cites alone, when you and a
        reviewer state so on the page; the next reports on the entity show it. `assessment` marks a judgement; `section`
        names a part of a report, for example `"recommendations"`.

        Examples
        --------
        `ws.note(person.id, "Same address as in the second report.")`
        """
        return write(self._asker, target, text, section=section, assessment=assessment, grade=grade)

    def notes(self, target: str) -> pd.DataFrame:
        """Return the notes about an entity or a report that you may see, and this workspace's own drafts.

        Returns
        -------
        DataFrame
            `id, made, text, author, reviewer, draft, assessment, grade, section`, oldest first.
        """
        return read(self._asker, target)

    def sources(self) -> pd.DataFrame:
        """Return what is connected: source, title, owner, visible records, latest delivery, grade."""
        return to_frame(self._asker.table("sources"))

    def quality(self) -> pd.DataFrame:
        """Return what each source is worth, so that more data are not taken for better.

        Returns
        -------
        DataFrame
            `source, title, owner, schema, records, entities`, then shares between 0 and 1: `filled` (of the featured
            properties), `copies` (entities that an earlier one of the source resembles), `not_graded` (statements);
            then days of delivery: `median`, the middle record's, with its `age` in days, and `newest`. A row without
            a schema is about all of the source. Only what you may see is counted, and nothing sensitive.
        """
        frame = to_frame(self._asker.table("quality"))
        ages = pd.Timestamp.now("UTC").tz_localize(None).normalize() - pd.to_datetime(frame["median"])
        frame.insert(len(frame.columns) - 1, "age", ages.dt.days)
        return frame

    @overload
    def find(
        self, schema: str, *, limit: int | None = ..., as_entities: Literal[False] = ..., **filters: Values
    ) -> pd.DataFrame: ...
    @overload
    def find(
        self, schema: str, *, limit: int | None = ..., as_entities: Literal[True], **filters: Values
    ) -> list[Entity]: ...
    def find(
        self, schema: str, *, limit: int | None = None, as_entities: bool = False, **filters: Values
    ) -> pd.DataFrame | list[Entity]:
        """Return entities of a schema whose properties have the given values (one of them, for a list).

        Parameters
        ----------
        schema
            A schema of the vocabulary; its descendants are found too.
        limit
            At most so many, in order of id; the banner says when something was cut off.
        as_entities
            Return `Entity` objects instead of a frame.
        filters
            Property = value, or a list of values.

        Returns
        -------
        DataFrame
            `id, caption, schema`, then the properties; several values are a tuple, the caption's value first.
        """
        asked = {"schema": schema, "filters": _listed(filters)}
        if limit is not None:
            frame = to_frame(self._asker.table("find", **asked, limit=limit))
        else:
            tables = all_pages(self._asker, **asked)
            frame = to_frame(together(tables))
            if len(tables) > 1:
                frame.attrs["insight"] = self.label  # of what was sent in several answers
        return self.entities(frame["id"]) if as_entities else frame

    def pages(self, schema: str, *, size: int = PAGE, **filters: Values) -> Iterator[pd.DataFrame]:
        """Yield what `find` returns in frames of at most `size` entities, each asked for when it is wanted.

        What an owner hides meanwhile is not in the next page. When the rules or the organisation change meanwhile,
        `StartAgain` is raised.

        Examples
        --------
        `for frame in ws.pages("Payment", size=1_000): ...`
        """
        asked = {"schema": schema, "filters": _listed(filters)}
        return map(to_frame, pages(self._asker, size, **asked))

    def search(self, text: str, *, schema: str = "Thing", limit: int = 20) -> pd.DataFrame:
        """Return entities by name or number, best first: `id, caption, schema, score` (0 to 1), `why, source`."""
        return to_frame(self._asker.table("search", text=text, schema=schema, limit=limit))

    def count(self, schema: str, **filters: Values) -> int:
        """Return how many entities pass the filters, of those that exist for you."""
        return int(self._asker.table("count", schema=schema, filters=_listed(filters))["count"][0].as_py())

    def aggregate(self, schema: str, by: str, *, limit: int = 1_000, **filters: Values) -> pd.DataFrame:
        """Return `value, n`: how many entities have each value of a property, largest first, then by value."""
        return to_frame(
            self._asker.table("aggregate", schema=schema, by=by, filters=_listed(filters), limit=limit)
        )

    def entity(self, id: str) -> Entity:  # noqa: A002  # the promised name
        """Return one entity with the source, grade and label of each value; `NotAvailable` if there is none for you."""
        return self.entities([id])[0]

    def entities(self, ids: Iterable[str]) -> list[Entity]:
        """Return several entities by id, ordered by id; those that do not exist for you are left out."""
        asked = sorted(ids)
        if not asked:
            return []
        frame = to_frame(self._asker.table("get", ids=asked))
        groups = frame.groupby("id", sort=True)
        return [
            Entity(str(id_), rows["schema"].iloc[0], rows["caption"].iloc[0], self.like(rows, frame), self)
            for id_, rows in groups
        ]

    def neighbours(self, ids: Sequence[str], depth: int = 1) -> pd.DataFrame:
        """Return links around entities: `source, target, link, schema, caption, owners, level`, and of both ends."""
        return to_frame(self._asker.table("neighbours", ids=list(ids), depth=depth))

    def network(self, around: Sequence[str], depth: int = 2) -> "nx.MultiDiGraph[str]":
        """Return the links around entities as a graph; its nodes and edges say what they are, and whose."""
        graph = graph_of(self.neighbours(around, depth))
        for entity in self.entities(set(around) - set(graph)):
            graph.add_node(entity.id, caption=entity.caption, schema=entity.schema)
        return graph

    def timeline(self, id: str) -> pd.DataFrame:  # noqa: A002
        """Return what is dated around an entity: `start, end, caption, kind, id`, earliest first."""
        return timeline_of(self, id)

    @overload
    def report(self, name: str, *, recipients: None = None, **parameters: Any) -> Report: ...
    @overload
    def report(self, name: str, *, recipients: Sequence[str], **parameters: Any) -> Renditions: ...
    def report(
        self, name: str, *, recipients: Sequence[str] | None = None, **parameters: Any
    ) -> Report | Renditions:
        """Run a report template, with this workspace's rights or once for each recipient.

        Without recipients the report is a draft of this workspace, kept below `reports/` of the working folder,
        and what is returned says where page and notebook are. For recipients - codes of organisations or groups -
        runs are made outside it, with what this workspace and each recipient may both see; they are opened and
        released on the page of INSIGHT, and carry besides all that this workspace has read, because parameters
        may. Entities are named by id.

        Examples
        --------
        `ws.report("subject_profile", subject=id)` is a draft; `ws.report("subject_profile", subject=id,
        recipients=["FR", "MA"])` makes two renditions.
        """
        if recipients is None:
            return run(self._asker, name, parameters)
        return order(self._asker, self._held, name, parameters, recipients)

    def sql(self, query: str) -> pd.DataFrame:
        """Run DuckDB in this kernel over frames of yours, by the names of their variables.

        Nothing is asked of the gateway: only what you already hold is there.
        """
        caller = inspect.currentframe()
        held = _frames_named_in(query, caller.f_back if caller else None)
        with duckdb.connect(config={"enable_external_access": "false"}) as connection:
            for name, frame in held.items():
                connection.register(
                    name, frame.map(lambda cell: list(cell) if isinstance(cell, tuple) else cell)
                )
            try:
                found = connection.execute(query).df()
            except duckdb.Error as error:
                raise BadInput("run this SQL", str(error).partition("\n")[0], "Mend the query.") from None
        return self.like(found, *held.values())

    def like(self, frame: pd.DataFrame, *origins: pd.DataFrame) -> pd.DataFrame:
        """Return the frame with the label of the frame it was made from; of several, the workspace's own."""
        labelled = [origin for origin in origins if "insight" in origin.attrs]
        if len(labelled) == 1:
            frame.attrs["insight"] = labelled[0].attrs["insight"]
        elif labelled:
            frame.attrs["insight"] = self.label
        return frame

    def close(self) -> None:
        """Let the gateway go; a workspace can also stand in a `with`."""
        if self._held is not None:
            self._held.close()


def _listed(filters: dict[str, Values]) -> dict[str, list[str]]:
    """Return the filters as the gateway takes them: a list of values for each property."""
    return {name: [value] if isinstance(value, str) else list(value) for name, value in filters.items()}


def _frames_named_in(query: str, caller: FrameType | None) -> dict[str, pd.DataFrame]:
    names = {**caller.f_globals, **caller.f_locals} if caller else {}
    return {name: value for name, value in names.items() if isinstance(value, pd.DataFrame) and name in query}
