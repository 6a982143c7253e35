"""Report templates: which there are, what each takes, and which version of a store's own may be run."""
