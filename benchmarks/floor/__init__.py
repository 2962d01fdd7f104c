"""The floor: the same answers by hand, on nothing but uvicorn and asyncpg: what a service must cost at the least.

It runs the very statements of the API, prepared; rules are ifs, for the requests of this benchmark alone. It checks no
input and knows no refusal.
"""

from benchmarks.floor.asgi import Floor

__all__ = ["Floor"]
