"""What is kept between runs, in one SQLite file or one PostgreSQL database.

Article snapshots, what every source said last, the memory of stories already told, editions, the
ledger of deliveries, briefings and jobs. The durable engine of `summarizer.jobs` keeps its own
tables in the same place, so that a backup of a SQLite store is a copy of one file.
"""
