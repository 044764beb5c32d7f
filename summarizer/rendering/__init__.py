"""Briefings, editions and checked drafts in the formats that people and programs read."""
