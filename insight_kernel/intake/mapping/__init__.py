"""Mappings: how the rows, objects or forms of a source become entities, written as a file and not as code."""
