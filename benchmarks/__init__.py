"""Measurements: quality against labelled data and speed against peers. Not part of the wheel."""
