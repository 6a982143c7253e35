"""Reading files of any format into text, parts and metadata; usable without a store, and in a kernel."""
