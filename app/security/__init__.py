"""Secrets and proofs, as pure functions and small objects: no database, no HTTP, no clock of their own.

What must be remembered (a challenge spent, a code tried, a session ended) is remembered by the caller.
"""
