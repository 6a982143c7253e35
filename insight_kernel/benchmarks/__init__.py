"""Measuring what the promises cost: governed against raw, loading against its peer, in one run."""
