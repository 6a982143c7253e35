"""The hub's configuration: pure functions, and the file JupyterHub reads, which only calls them."""
