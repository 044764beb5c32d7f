"""Work that outlives the process that began it: workflows of checkpointed steps, and their queues.

engine    the one door to dbos: launch, start, wait, adopt, cancel
packing   how arguments, results and failures are kept: JSON, never pickles
briefs    the workflow behind "write a briefing of these articles"
writers   the writer that a request asks for
"""
