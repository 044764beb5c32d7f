"""Briefings over HTTP: an API for programs, and pages for people.

server         the process: store, engine, listener, and the thread that settles jobs
app            everything below as one application
service        the configuration, and the state that the parts share
security       who may use it: host, origin, token, size; and the headers of every response
tokens         access tokens, stored as hashes, and the sessions of browsers
submissions    a request for a briefing -> a job; a draft and its sources -> a checked draft
api            /api/v1: JSON, its models (forms), its errors (problems), its metrics
stream         the events of a job, as they happen
pages          the list, the reading page, a new briefing, its progress
"""
