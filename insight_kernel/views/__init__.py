"""Pictures of findings: plain data in, self-contained SVG out."""

from insight_kernel.views.graph import graph
from insight_kernel.views.map import world_map
from insight_kernel.views.picture import Picture

__all__ = ["Picture", "graph", "world_map"]
