"""Scheduled digests: what is new in many sources, told once and delivered once."""
