"""Language models: one protocol, one door to the network, and what may stand before the door.

Each of these is a `LanguageModel` around another one. From the outside in:

    WatchedModel     who watches hears of every call, cached ones included
    RecordedModel    a recording must hold every answer of the run, cached ones included
    CachedModel      what is already known costs nothing, so it must not need a budget
    BudgetedModel    one check and one reservation for a call, however often it is tried
    RetriedModel     a failed try gives its place back while it waits for the next one
    LimitedModel     every single try counts against the provider's limits
    LiveModel        the network

`factory` builds that from plain options; `ReplayedModel` and `ScriptedModel` stand in for it. None
of the outer ones loads litellm: a run that finds everything in the cache starts as fast as one
without a model.
"""
