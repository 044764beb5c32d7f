"""A summary of a run for people and for machines, one format a module."""
