"""Who may see what: the only implementation of the rules."""
