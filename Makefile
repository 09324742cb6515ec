# make up     run the demonstration, or your own collection: make up CONFIG=config/repo-harvest.toml
# make test   prove everything: style, types, the direction of imports, every test
# make docs   build the site of the documentation in build/site
#
# All work in .venv, which they make, and fill with exactly the packages (by hash) that requirements/ lists.
# What was installed is remembered by the content of those files, so that a second run installs nothing.
# The tests also run a browser, and harvesters that are not in Python: make test installs what requirements/debian.txt names.

PYTHON ?= python3
CONFIG ?= config/demo.toml
UV ?= uv
UPGRADE ?=

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check --no-input
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate $(UPGRADE) pyproject.toml requirements/build.in
NPM := npm --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts --no-audit --no-fund --loglevel=error
# Leaves out of npm's lock what is for people and holds addresses.
BARE = const fs = require("fs"), file = "npm-shrinkwrap.json", told = ["funding", "deprecated"]; fs.writeFileSync(file, \
	JSON.stringify(JSON.parse(fs.readFileSync(file)), (key, value) => told.includes(key) ? undefined : value, 2) + "\n")

# Names of stamps: one for this Python in this folder, one for each list of requirements.
sum = $(shell { $(1); } 2>&1 | cksum | cut -d " " -f 1)
MADE := $(VENV)/made-$(call sum,pwd; $(PYTHON) -c 'import sys; print(sys.version + sys.base_prefix)')
RUN := $(VENV)/ready-run-$(call sum,cat requirements/run.txt pyproject.toml)
DOCS := $(VENV)/ready-docs-$(call sum,cat requirements/run.txt requirements/docs.txt pyproject.toml)
TEST := $(VENV)/ready-test-$(call sum,cat requirements/run.txt requirements/docs.txt requirements/test.txt pyproject.toml)
NODE := $(VENV)/node/ready-$(call sum,cat requirements/node/*.json)

# Tests wait for each other's processes a good part of their time: one more of them than there are cores.
WORKERS = $(shell $(BIN)/python -c 'import os; print(min(4, 1 + (os.cpu_count() or 1)))')

.DEFAULT_GOAL := help
.PHONY: help up test docs debian lock clean

help:
	@echo "make up      run the demonstration; CONFIG=FILE for another config file, PYTHON=python3.12 for another Python"
	@echo "make test    check style, types and imports, and run every test"
	@echo "make docs    build the site of the documentation in build/site, to be opened or served from there"
	@echo "make lock    write the locks in requirements/ anew, with uv and npm; UPGRADE=--upgrade for newer versions"
	@echo "make clean   remove .venv and caches; var/, where the records are, stays"

up: $(RUN)
	@exec $(BIN)/repo-harvest --config "$(CONFIG)" up

test: debian $(TEST) $(NODE)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m compileall -q repo_harvest tests # the tests start hundreds of processes, which then need not
	@$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal

docs: $(DOCS)
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs --quiet build --strict --config-file docs/mkdocs.yml --site-dir "$(CURDIR)/build/site"
	@echo "The site is in build/site"

# The project is installed in place: a changed file of ours needs no new installation.
define install
	@echo "Installing into $(VENV) what requirements/$(1).txt lists; this takes a minute the first time"
	@rm -f $(VENV)/ready-*
	@$(2) $(PIP) install --require-hashes --requirement requirements/$(1).txt \
		&& $(PIP) install --no-deps --no-build-isolation --editable . \
		|| { echo "Not installed, for the reason above. Packages come from PyPI, or the mirror that pip is set up for." >&2; exit 1; }
endef

# One package of the list, before the others. pyoai and pyspark are published as source only: the setuptools of the list
# builds them.
first = sed -n '/^$(1)==/,/[^\]$$/p' requirements/test.txt \
	| $(PIP) install --require-hashes --no-deps --no-build-isolation --use-pep517 --requirement /dev/stdin &&

$(RUN): $(MADE)
	$(call install,run)
	@touch $@

$(DOCS): $(MADE)
	$(call install,docs)
	@touch $@ $(RUN)

$(TEST): $(MADE)
	$(call install,test,$(call first,setuptools) $(call first,pyoai) $(call first,pyspark))
	@touch $@ $(RUN) $(DOCS)

$(NODE): $(MADE) | debian
	@echo "Installing into $(VENV)/node what requirements/node lists"
	@rm -rf $(VENV)/node && mkdir $(VENV)/node && cp requirements/node/*.json $(VENV)/node
	@cd $(VENV)/node && npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error >/dev/null \
		|| { echo "Not installed, for the reason above. Packages come from the registry that npm is set up for." >&2; exit 1; }
	@touch $@

# A program does as well as the package: npm comes with Node.js from elsewhere too. Spark wants a Java of 17 or newer.
debian:
	@missing=; sudo=; \
	for line in $$(sed 's/#.*//; s/ /:/' requirements/debian.txt); do \
		name=$${line%:*}; \
		[ "$$(dpkg-query --show --showformat '$${db:Status-Status}' $$name 2>/dev/null)" = installed ] \
			|| command -v $${line#*:} >/dev/null || missing="$$missing $$name"; \
	done; \
	[ -n "$$missing" ] || exit 0; \
	[ "$$(id -u)" -eq 0 ] || sudo=sudo; \
	apt="$$sudo env DEBIAN_FRONTEND=noninteractive apt-get --quiet --quiet -o DPkg::Lock::Timeout=300"; \
	if command -v apt-get >/dev/null && command -v $${sudo:-env} >/dev/null; then \
		echo "Installing$$missing, which the tests need"; \
		$$apt update && $$apt install --yes --no-install-recommends $$missing >/dev/null && exit 0; \
	fi; \
	echo "The tests need Debian packages that are missing:$$missing" >&2; \
	echo "On Debian and Ubuntu, as root: apt-get install$$missing" >&2; exit 1

$(MADE):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Python 3.11 or newer is needed, and $(PYTHON) is: $$($(PYTHON) --version 2>&1)" >&2; \
		echo "Install one, or name the one you have: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

# The requirements of the tests contain those of the documentation, and these those of a run, in the same versions.
lock:
	@command -v $(UV) >/dev/null || { echo "uv is needed: pip install uv, or name it: make lock UV=/path/to/uv" >&2; exit 1; }
	@command -v npm >/dev/null || { echo "npm is needed: it comes with Node.js" >&2; exit 1; }
	$(COMPILE) --output-file requirements/run.txt
	$(COMPILE) --extra postgres --constraint requirements/run.txt --output-file requirements/image.txt
	$(COMPILE) --group docs --constraint requirements/image.txt --output-file requirements/docs.txt
	$(COMPILE) --extra postgres --extra bulk --extra spark --group test --constraint requirements/image.txt \
		--constraint requirements/docs.txt --output-file requirements/test.txt
	cd requirements/node && $(NPM) $(if $(UPGRADE),update,install) && $(NPM) shrinkwrap && node -e '$(BARE)'

clean:
	@rm -rf $(VENV) build dist *.egg-info .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
