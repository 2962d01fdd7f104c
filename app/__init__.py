"""The employment service of graduates."""
