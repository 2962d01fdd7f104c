"""What is printed: which characters can be, how a page is drawn, what stands on it. Knows no database and no HTTP."""
