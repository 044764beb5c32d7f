"""Suites of cases that measure how faithful briefings are to what they cite."""
