"""The vocabulary every room shares: schemata, labels, subjects, records, statements."""
