"""Acts of authority: what persons decide on the page or at the operator's command line, never code with a token."""
