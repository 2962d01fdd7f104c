"""Payments of subsidies in bulk: a file for the bank, and the bank's results, each row a move of its own."""
