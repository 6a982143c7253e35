"""The only door to data: authenticate, decide, read, label, audit, answer."""
