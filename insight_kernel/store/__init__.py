"""Labelled statements in DuckDB, read through the set of allowed labels only."""
