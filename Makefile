# Every target sets itself up; a fresh machine needs Python 3.11 and make, nothing else.
PYTHON ?= python3.11
BIN    := .venv/bin
PIP    := $(BIN)/python -m pip install --disable-pip-version-check --constraint constraints.txt

.PHONY: brief test test-more check bench quality format clean

brief: .venv/.run  ## a cited briefing of the five articles in seeds/
	@$(BIN)/summarizer brief seeds

test: check  ## what CI runs: the gate and all tests
	@sh tests/install-chromium.sh
	@sh tests/install-postgres.sh
	$(BIN)/summarizer eval gate evals/suites
	$(BIN)/pytest -n auto --maxprocesses 4 --dist loadfile

test-more: .venv/.dev  ## by hand: installs as users make them, and other tools' frameworks
	$(BIN)/pytest -m more tests/more

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

# Once a checkout, with pip's progress on standard error; the core is about 130 MB.
.venv/.run: pyproject.toml constraints.txt
	@echo "setting up .venv, once" >&2
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PIP) --editable . >&2
	@touch $@

.venv/.dev: .venv/.run
	@echo "installing what the tests need into .venv, once" >&2
	@$(PIP) --quiet --editable '.[dev]'
	@touch $@
