"""The invented world on which everything can be tried."""
