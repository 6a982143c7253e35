"""What a larger world has around the story: towns full of people who have nothing to do with it."""

from insight_kernel.training.world.background.fill import LARGEST, Story, fill

__all__ = ["LARGEST", "Story", "fill"]
