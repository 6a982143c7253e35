"""Land and borders of the world, shipped with the package; ``NOTICE`` tells their source and licence."""
