"""The command line, one file per command: parse, build, call one function, print."""
