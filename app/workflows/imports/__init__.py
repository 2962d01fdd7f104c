"""Imports: a file is read row by row by a task, with a report for each row (domain.md §9), whatever its rows are about.

A kind of import is an `ImportDesk`, which is asked for it and shows its report, and a `Loading`, which does the work.
"""
