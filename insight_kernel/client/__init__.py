"""What a notebook holds: a workspace and the frames it returns."""
