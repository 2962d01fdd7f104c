"""An embedded PostgreSQL for development, tests and demonstration: a real server of our own, on a socket of its own.

Never for people's data: the server that comes with a package lags behind PostgreSQL's security releases.
"""

from app.devdb.binaries import find_binaries
from app.devdb.cluster import Cluster
from app.devdb.refusal import ClusterError

__all__ = ["Cluster", "ClusterError", "find_binaries"]
