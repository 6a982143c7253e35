"""An entity as its reader sees it: every value with its source, grade and label."""

import html
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from insight_kernel.client.frames import readable
from insight_kernel.model.schema import vocabulary

if TYPE_CHECKING:
    import networkx as nx

    from insight_kernel.client.workspace import Workspace

_WHY = ["property", "value", "source_title", "owner", "grade", "delivered", "level", "handling", "expires"]


@dataclass(frozen=True)
class Entity:
    """One entity; `statements` has a row per visible value, ordered by property and value."""

    id: str
    schema: str
    caption: str
    statements: pd.DataFrame = field(repr=False)
    _workspace: "Workspace" = field(repr=False)

    @property
    def properties(self) -> dict[str, list[str]]:
        """Return the distinct values by property."""
        grouped = self.statements.groupby("property", sort=True)["value"]
        return {str(name): list(dict.fromkeys(values)) for name, values in grouped}

    def why(self) -> pd.DataFrame:
        """Return where each value comes from: source, owner, grade, day of delivery, and what its label says."""
        return self._workspace.like(self.statements[_WHY], self.statements)

    def timeline(self) -> pd.DataFrame:
        """Return the dated statements of this entity and of what is linked with it: start, end, caption, kind."""
        return self._workspace.timeline(self.id)

    def network(self, depth: int = 1) -> "nx.MultiDiGraph[str]":
        """Return what is linked with this entity, `depth` steps far."""
        return self._workspace.network(around=[self.id], depth=depth)

    def _repr_html_(self) -> str:
        label = html.escape(vocabulary().get(self.schema).label)
        table = readable(self.why()).to_html(index=False, na_rep="")
        banner = html.escape(self.statements.insight.banner)
        return (
            f"<h4>{html.escape(self.caption)} <small>({label}, {self.id})</small></h4><p>{banner}</p>{table}"
        )
