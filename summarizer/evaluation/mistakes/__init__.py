"""Mistakes made on purpose in a sentence that its sources carry, one kind at a time."""
