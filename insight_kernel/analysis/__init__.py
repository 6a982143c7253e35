"""Pure functions on frames, graphs and hashes; usable without a store."""
