"""One Linux host: what runs users' code in an account and namespaces of its own, without a network."""
