"""Formats of exchange: each is read into items and written from them, and says what it cannot carry."""
