# make run   install, fetch the speech weights, make the demonstration archive, serve it
# make check format, lint, types, layers, sizes, documentation     make test   everything
# Needs make and Python 3.11 or newer; everything else is put into .venv.

.DEFAULT_GOAL := help
SHELL := /bin/sh

HOME_DIR ?= .
HOST ?= 127.0.0.1
PORT ?= 8000
PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3 python; do \
	if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	then echo "$$name"; break; fi; done)

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev
ARCHIVE := $(BIN)/radio-archive
PIP := $(BIN)/python -m pip --disable-pip-version-check
TESTS ?= tests
JOBS ?= 2
BENCH ?= analysis search grown search_page names phrases prompt resume repeats transcription layout translation guards trust glossary soundmap voices media_store jobs workers
ASR ?=
SEARCH ?=

.PHONY: help install install-dev run demo serve check format test bench bench-asr bench-search relevance docs clean

help: ## Show the targets.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1	/'

install: $(STAMP) ## Put the project into .venv.

install-dev: $(DEV_STAMP) ## Put the project and the tools of its developers into .venv.

$(BIN)/python:
	@test -n "$(PYTHON)" || { \
	echo "radio_archive needs Python 3.11 or newer, and there is none on the path." >&2; \
	echo "Install one (Debian: apt install python3 python3-venv), or name it:" >&2; \
	echo "  make PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(STAMP): pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install --quiet --upgrade 'pip>=25.1'
	$(PIP) install --quiet --constraint constraints.txt --editable .
	@touch $@

$(DEV_STAMP): $(STAMP)
	$(PIP) install --quiet --constraint constraints.txt --group dev
	@touch $@

run: demo serve ## Install, fetch the weights, make the demonstration archive, serve it.

demo: $(STAMP) ## The demonstration archive, without serving it.
	$(ARCHIVE) models fetch base --home "$(HOME_DIR)"
	$(ARCHIVE) demo --home "$(HOME_DIR)"

serve: $(STAMP) ## Serve the archive of HOME_DIR on HOST and PORT.
	$(ARCHIVE) serve --with-worker --home "$(HOME_DIR)" --host "$(HOST)" --port "$(PORT)"

check: $(DEV_STAMP) ## Format, lint, types, layers, sizes, documentation.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_layers.py tests/test_size_limits.py tests/test_docs.py

format: $(DEV_STAMP) ## Put the source into its format.
	$(BIN)/ruff check --quiet --fix-only .
	$(BIN)/ruff format --quiet .

docs: $(DEV_STAMP) ## Write the pages of docs/ that come from the source.
	$(BIN)/python -m tools.write_command_docs
	$(BIN)/python -m tools.write_reference_docs

test: $(DEV_STAMP) ## All tests.
	$(BIN)/python -m pytest -q -n $(JOBS) --dist loadfile --no-loadscope-reorder $(TESTS)

bench: $(DEV_STAMP) ## Measure all that benchmarks/ can; results in benchmarks/out/.
	@mkdir -p benchmarks/out
	@for name in $(BENCH); do \
	echo "benchmarks/$$name.py"; \
	$(BIN)/python "benchmarks/$$name.py" > "benchmarks/out/$$name.txt" || exit 1; \
	cat "benchmarks/out/$$name.txt"; done

bench-asr: $(DEV_STAMP) ## Measure transcription beside its peers: make bench-asr ASR="--quick".
	@$(PIP) install --quiet --constraint constraints.txt --group bench
	$(BIN)/python benchmarks/asr.py $(ASR)

bench-search: $(DEV_STAMP) ## Measure search at size beside bare engines: make bench-search SEARCH="--sizes 1700000".
	$(BIN)/python benchmarks/search_scale.py $(SEARCH)

relevance: $(DEV_STAMP) ## Measure what search finds, per language and typing style, beside two plain engines.
	$(BIN)/python -m tests.relevance

clean: ## Remove the environment and all caches; media/ and index/ stay.
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist src/*.egg-info
	find src tests tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
