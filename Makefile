# Every target sets itself up; a fresh machine needs Python 3.11 and make, nothing else.
PYTHON ?= python3.11
BIN    := .venv/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: brief test check bench quality format clean

brief: .venv/.run  ## a cited briefing of the five articles in seeds/
	@$(BIN)/summarizer brief seeds

test: check  ## what CI runs
	@sh tests/install-chromium.sh
	@sh tests/install-postgres.sh
	$(BIN)/summarizer eval gate evals/suites
	$(BIN)/pytest

check: .venv/.dev  ## format, lint and types, without the tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: .venv/.dev  ## speed and memory beside peers, as ratios in one run
	$(BIN)/python -m benchmarks.speed

quality: .venv/.dev  ## stories, origins, disagreements, selection on labelled data
	$(BIN)/python -m benchmarks.quality

format: .venv/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis test-artefacts

.venv/.run: pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PIP) --editable .
	@touch $@

.venv/.dev: .venv/.run
	@$(PIP) --editable '.[dev]'
	@touch $@
