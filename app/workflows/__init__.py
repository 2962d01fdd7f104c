"""The procedures: a table each, read by one engine and shown by one desk; `procedures` has them all."""
