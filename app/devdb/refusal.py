"""What goes wrong with the embedded PostgreSQL."""


class ClusterError(RuntimeError):
    """The server cannot run. The message is for the person at the terminal, and says what to do."""
