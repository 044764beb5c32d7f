"""How good stories, origins, selection, readability, disagreements and dates are, on labelled data.

    python -m benchmarks.quality [PART ...] [--data ../shared/data]        (`make quality`)
    python -m benchmarks.quality dates --data TRAFILATURA/tests            (see its module)

Each part yields figures: a value with its 95 % interval, the baseline's beside it, and the least it
is to be. Prints them, writes ``benchmarks/quality.json`` and renews the table in
``docs/quality.md``; with parts named, the figures of the others stay as they are. Exit code 1 when
a figure is short of what is asked.
"""
