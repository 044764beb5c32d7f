"""Work that survives its process: workflows of checkpointed steps, and the queue of briefings.

engine     durable workflows: launch, start, wait, adopt, cancel
queue      the job that writes a briefing of given articles
"""
