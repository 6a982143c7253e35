"""What a notebook may import from INSIGHT."""
