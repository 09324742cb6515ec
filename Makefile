# make up     run the demonstration, or your own collection: make up CONFIG=config/repo-harvest.toml
# make test   prove everything: style, types, the direction of imports, every test
#
# Both work in .venv, which they make, and fill with exactly the packages (by hash) that requirements/ lists.
# What was installed is remembered by the content of those files, so that a second run installs nothing.

PYTHON ?= python3
CONFIG ?= config/demo.toml
UV ?= uv
UPGRADE ?=

VENV := .venv
BIN := $(VENV)/bin
NPM := npm --silent --no-audit --no-fund --no-update-notifier
PIP := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check --no-input
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate $(UPGRADE) pyproject.toml requirements/build.in

# Names of stamps: one for this Python in this folder, one for each list of requirements.
sum = $(shell { $(1); } 2>&1 | cksum | cut -d " " -f 1)
MADE := $(VENV)/made-$(call sum,pwd; $(PYTHON) -c 'import sys; print(sys.version + sys.base_prefix)')
RUN := $(VENV)/ready-run-$(call sum,cat requirements/run.txt pyproject.toml)
TEST := $(VENV)/ready-test-$(call sum,cat requirements/*.txt requirements/debian.sh requirements/node/* pyproject.toml)

.DEFAULT_GOAL := help
.PHONY: help up test lock clean

help:
	@echo "make up      run the demonstration; CONFIG=FILE for another config file, PYTHON=python3.12 for another Python"
	@echo "make test    check style, types and imports, and run every test"
	@echo "make lock    write the lists of requirements anew, with uv and npm; UPGRADE=--upgrade for newer versions"
	@echo "make clean   remove .venv and caches; var/, where the records are, stays"

up: $(RUN)
	@exec $(BIN)/repo-harvest --config "$(CONFIG)" up

test: $(TEST)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest

# The project is installed in place: a changed file of ours needs no new installation.
define install
	@echo "Installing into $(VENV) what requirements/$(1).txt lists; this takes a minute the first time"
	@rm -f $(VENV)/ready-*
	@$(PIP) install --require-hashes --requirement requirements/$(1).txt \
		&& $(PIP) install --no-deps --no-build-isolation --editable . \
		|| { echo "Not installed, for the reason above. Packages come from PyPI, or the mirror that pip is set up for." >&2; exit 1; }
endef

$(RUN): $(MADE)
	$(call install,run)
	@touch $@

$(TEST): $(MADE)
	@requirements/debian.sh
	$(call install,test)
	@mkdir -p $(VENV)/node && cp requirements/node/*.json $(VENV)/node/ && cd $(VENV)/node && $(NPM) ci --ignore-scripts
	@touch $@ $(RUN)

$(MADE):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Python 3.11 or newer is needed, and $(PYTHON) is: $$($(PYTHON) --version 2>&1)" >&2; \
		echo "Install one, or name the one you have: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

# The requirements of the tests contain those of a run, in the same versions. No list says where packages come from.
lock:
	@command -v $(UV) >/dev/null || { echo "uv is needed: pip install uv, or name it: make lock UV=/path/to/uv" >&2; exit 1; }
	$(COMPILE) --output-file requirements/run.txt
	$(COMPILE) --extra postgres --group test --constraint requirements/run.txt --output-file requirements/test.txt
	cd requirements/node && rm -f npm-shrinkwrap.json && $(NPM) install --package-lock-only --ignore-scripts \
		--omit-lockfile-registry-resolved && node shrink.js package-lock.json npm-shrinkwrap.json && rm package-lock.json

clean:
	@rm -rf $(VENV) build dist *.egg-info .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
