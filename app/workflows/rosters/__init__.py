"""Rosters (生源信息): imports in chunks with a report for each row, entries and their correction."""
