"""What is stored between runs, in one SQLite file or one PostgreSQL database.

database         the open store, its transactions and locks
schema           its tables and migrations
snapshots        article texts, and the state of each source
editions         digests and their editions
deliveries       the ledger of what was sent to whom
story_history    what readers of a digest already know
jobs             jobs, their events, and briefings

The durable engine of `summarizer.jobs` has its own tables in the same place, so that a backup
of a SQLite store is a copy of one file.
"""
