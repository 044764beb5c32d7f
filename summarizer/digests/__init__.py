"""Scheduled digests: what is new in many sources, written and delivered once."""
