"""Parameterised templates become notebooks and offline pages."""
