"""Language models: one protocol, one module that calls the network, and wrappers around it.

Each of these is a `LanguageModel` around the next one, from the outside in:

    WatchedModel     reports every call, cached ones included
    RecordedModel    records every reply of the run, cached ones included
    CachedModel      a cached reply costs nothing, so it needs no budget
    BudgetedModel    checks and reserves once for a call, however often it is tried
    RetriedModel     a failed try frees its slot while it waits for the next one
    LimitedModel     each try counts against the provider's limits
    LiveModel        the network

`factory` builds them from a `ModelConfig`; `ReplayedModel` and `ScriptedModel` replace them. Only
`LiveModel` loads litellm: a run that finds every reply in the cache starts as fast as one without
a model.
"""
