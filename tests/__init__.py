"""Tests as a specification; helpers lie here, tests in the folders that mirror the rooms."""
