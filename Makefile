# HYTKI Match: `make chat` and `make test` do all set-up themselves.
#
#   make chat [PORT=8501]   install, build the index if needed, start the web chat
#   make test               install, then lint, types and all tests
#   make fast               the tests without browser and real corpus (seconds)
#   make check              check the corpus tables
#   make clean              remove the virtual environment and the built index

PYTHON ?= python3
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin
# Exact and first: a looser torch may bring several gigabytes of GPU libraries.
TORCH := torch==2.13.0
# Newer than what comes with Python 3.11, for dependency groups.
PIP := pip>=25.1
INSTALL := PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: chat test fast lint check clean browser
.DELETE_ON_ERROR:

chat: $(VENV)/ready
	@$(BIN)/hytki-match build
	@$(BIN)/python -m hytki_match.web.serve --port $(PORT)

test: lint browser
	@$(BIN)/hytki-match check
	@$(BIN)/python -m pytest

fast: $(VENV)/ready-dev
	@$(BIN)/python -m pytest -m "not slow"

lint: $(VENV)/ready-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

check: $(VENV)/ready
	@$(BIN)/hytki-match check

$(VENV)/ready: pyproject.toml Makefile
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "HYTKI Match needs Python 3.11 or newer, and $(PYTHON) is" \
	       "$$($(PYTHON) --version 2>&1). Name a newer one: make chat PYTHON=python3.12" >&2; \
	  exit 1; }
	@echo "Installing into $(VENV) (some minutes the first time) …"
	@$(PYTHON) -m venv $(VENV)
	@$(INSTALL) "$(PIP)"
	@$(INSTALL) $(TORCH)
	@$(INSTALL) $(TORCH) --editable .
	@touch $@

$(VENV)/ready-dev: $(VENV)/ready
	@$(INSTALL) $(TORCH) --group dev
	@touch $@

# The browser tests need Chromium. Where it is missing and we may install it, we do; elsewhere
# these tests skip and say so, except in CI, where they fail.
browser: $(VENV)/ready-dev
	@command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	    echo "Installing Chromium for the browser tests …"; \
	    apt-get update -qq >/dev/null && \
	    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; \
	  else \
	    echo "No Chromium here: the browser tests will be skipped."; \
	  fi; }

clean:
	rm -rf $(VENV) index/versions index/current index/.lock
