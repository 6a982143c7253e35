"""The page: the service's own place, where persons state purposes and do acts of authority; no kernel reaches it."""
