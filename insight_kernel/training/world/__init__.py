"""The invented world: files as countries would deliver them, and the truth beside them."""

from insight_kernel.training.world.place import place_world
from insight_kernel.training.world.write import World, check_size, write_world

__all__ = ["World", "check_size", "place_world", "write_world"]
