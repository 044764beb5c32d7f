"""Briefings over HTTP: an API for programs, and pages for people who read.

server      the process: store, engine, listener, and the thread that looks after the jobs
app         everything below as one application
security    who may ask: host, origin, token, size; and the headers of every answer
tokens      access tokens as they are kept, and the sessions of a browser
asking      a request for a briefing -> a job
drafts      a text and its sources -> what the checks say of each sentence
api         /api/v1: JSON, its forms (forms), its failures (problems), its figures (metrics)
stream      what happens to a job, as it happens
pages       the list, the reading page, a new briefing, its progress
"""
