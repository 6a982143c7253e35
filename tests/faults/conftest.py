"""Stores as the tests of the gateway serve them: in copies, one for each test."""

from tests.gateway.conftest import store

__all__ = ["store"]
