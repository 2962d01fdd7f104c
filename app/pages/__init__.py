"""Pages for people who have no account: for a telephone, in Chinese or English, without a script."""
