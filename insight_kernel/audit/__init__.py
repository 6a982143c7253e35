"""What was done, by whom and why: an append-only chain."""
