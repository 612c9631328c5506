# HYTKI Match: `make chat` and `make test` do all set-up themselves.
#
#   make chat [PORT=8501]   install, build the index if needed, start the web chat
#   make test               install, then lint, types and all tests
#   make fast               the tests without browser and real corpus (seconds)
#   make check              check the corpus tables
#   make pages              write the evaluation page, transcript, picture and figures in the README
#   make screenshots        write docs/screenshots/: every state of the web chat
#   make times              measure the set-up in a fresh clone of what is committed (minutes)
#   make clean              remove the virtual environment and the built index

PYTHON ?= python3
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin
# Exact and first: a looser torch may bring several gigabytes of GPU libraries. PyTorch's own index
# has builds without them; where it cannot be reached, pip goes on without it, and without a word.
TORCH := torch==2.13.0
TORCH_INDEX := --extra-index-url https://download.pytorch.org/whl/cpu --retries 1 --timeout 15 --quiet
# Newer than what comes with Python 3.11, for dependency groups.
PIP := pip>=25.1
INSTALL := PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check

# Two test processes, each with whole files: what a file's tests share is made once. More would wait
# for each other, as encoding takes two cores.
TOGETHER := --numprocesses 2 --dist loadfile

# Checks accessibility in the browser tests; an npm package, so it stands beside the Python ones.
AXE := axe-core@4.14.1

.PHONY: chat test fast lint check pages screenshots times clean browser axe postgresql
.DELETE_ON_ERROR:

chat: $(VENV)/ready
	@$(BIN)/hytki-match build
	@$(BIN)/python -m hytki_match.web.serve --port $(PORT)

test: lint browser axe postgresql
	@$(BIN)/hytki-match check
	@$(BIN)/python -m pytest $(TOGETHER)

fast: $(VENV)/ready-dev
	@$(BIN)/python -m pytest -m "not slow" $(TOGETHER)

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
	@$(INSTALL) --no-deps $(TORCH_INDEX) $(TORCH)
	@$(INSTALL) $(TORCH) --editable .
	@touch $@

$(VENV)/ready-dev: $(VENV)/ready
	@$(INSTALL) $(TORCH) --group dev
	@touch $@

pages: browser
	@$(BIN)/hytki-match build
	@$(BIN)/hytki-match evaluate --baselines --page docs/evaluation.md
	@$(BIN)/python docs/make/transcript.py
	@$(BIN)/python docs/make/screenshot.py
	@$(BIN)/python docs/make/readme.py

screenshots: browser
	@$(BIN)/hytki-match build
	@$(BIN)/python docs/make/screenshots.py

times: browser
	@$(BIN)/python docs/make/set_up.py
	@$(BIN)/python docs/make/readme.py

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

# The adviser's cases are tested on a PostgreSQL of our own too, by the same rule.
postgresql: $(VENV)/ready-dev
	@command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	    echo "Installing PostgreSQL for the tests of cases …"; \
	    apt-get update -qq >/dev/null && \
	    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql >/dev/null; \
	  else \
	    echo "No PostgreSQL here: its tests will be skipped."; \
	  fi; }

# The same for the accessibility tests and npm.
axe: $(VENV)/ready-dev
	@test -f $(VENV)/axe/node_modules/axe-core/axe.min.js || { \
	  command -v npm >/dev/null 2>&1 || { \
	    [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 && apt-get update -qq >/dev/null && \
	    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq npm >/dev/null; }; \
	  command -v npm >/dev/null 2>&1 && \
	    npm install --silent --no-audit --no-fund --prefix $(VENV)/axe $(AXE) || \
	    echo "No npm here: the accessibility tests will be skipped."; }

clean:
	rm -rf $(VENV) index/versions index/current index/.lock
