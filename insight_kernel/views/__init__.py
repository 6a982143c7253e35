"""Pictures of findings: plain data in, self-contained SVG out."""

from insight_kernel.views.chart import bars
from insight_kernel.views.graph import graph
from insight_kernel.views.map import world_map
from insight_kernel.views.picture import Picture
from insight_kernel.views.timeline import timeline

__all__ = ["Picture", "bars", "graph", "timeline", "world_map"]
