"""What `make test-more` runs: the program as users install it, and inside other tools' frameworks.

Each test works in a fresh environment outside the repository, without constraints.
"""
