"""Pictures: graph, map, timeline and chart, static and self-contained."""
