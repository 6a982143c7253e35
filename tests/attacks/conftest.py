"""Stores as the tests of the gateway serve them: in copies, one for each test or one for those that only read."""

from tests.gateway.conftest import server, shared, store

__all__ = ["server", "shared", "store"]
