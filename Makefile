# make run    start the marketplace on this machine      make test     the whole suite
# make check  formatter, linters, types, contracts       make format   repair what can be repaired
# make bench  measure money and lists of orders          make soak     1,000 orders while webhooks are lost
# make quality  measure pages (needs node, npm and java)

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
INSTALL := $(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes
TEST_PROCESSES ?= auto

MAKEFLAGS += --no-print-directory --no-builtin-rules
.DEFAULT_GOAL := help
QUALITY := tests/browser/quality
.PHONY: help run test check format bench soak quality chromium

help:
	@sed -n 's/^# //p' Makefile

run: $(VENV)/.installed
	@$(RUN) -m marketplace.launcher

test: $(VENV)/.installed-dev chromium
	$(RUN) -m pytest --numprocesses $(TEST_PROCESSES) --maxprocesses 4 --dist loadfile $(ARGS)

check: $(VENV)/.installed-dev
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(RUN) -m mypy
	$(VENV)/bin/lint-imports
	$(RUN) -m djlint templates --check --lint --quiet
	$(RUN) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	set -a; . deploy/check.env; $(RUN) manage.py check --deploy --fail-level WARNING

format: $(VENV)/.installed-dev
	$(RUN) -m ruff check --fix --quiet .
	$(RUN) -m ruff format --quiet .
	$(RUN) -m djlint templates --reformat --quiet

bench: $(VENV)/.installed-dev
	$(RUN) -m benchmarks

soak: $(VENV)/.installed-dev
	$(RUN) -m benchmarks soak

quality: $(VENV)/.installed-dev $(QUALITY)/node_modules/.installed chromium
	$(RUN) -m pytest $(QUALITY)/measure.py $(ARGS)

$(QUALITY)/node_modules/.installed: $(QUALITY)/package-lock.json
	npm ci --prefix $(QUALITY) --ignore-scripts --no-audit --no-fund
	@touch $@

# Debian's own package, where we may install it; the tests say so if there is none.
chromium:
	@sh tests/support/install_chromium.sh

# A stamp is newer than the list whose packages are installed.
$(VENV)/.installed: requirements.txt | $(VENV)/.made
	@echo "Installing packages into $(VENV) ..."
	@$(INSTALL) -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt | $(VENV)/.made
	@echo "Installing packages and tools into $(VENV) ..."
	@$(INSTALL) -r requirements-dev.txt
	@touch $@ $(VENV)/.installed

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	    { echo "Python 3.11 or newer is needed and $(PYTHON) is not; name one: make PYTHON=/path/to/python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	    { echo "Python's venv module is missing (Debian: apt-get install python3-venv)" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@
