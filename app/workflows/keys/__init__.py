"""Keys change: sealed values are sealed anew, blind indexes computed anew."""
