# Everything here works on a machine with Python 3.11+ and make; `make help` lists the targets.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash

PYTHON ?= python3
SITE ?= site
VENV := .venv
BIN := $(VENV)/bin
HUIZONG := $(BIN)/huizong --site
# Tests wait for servers and databases now and then: one worker more than there are processors.
WORKERS = $(shell $(PYTHON) -c "import os; print((os.cpu_count() or 1) + 1)")
# Nights, children and tests are many processes: without what is compiled, each compiles all anew.
export PYTHONDONTWRITEBYTECODE :=
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps

.PHONY: help setup nightly faults test format lint types layers tests agreement histories kills unattended s3 mess survive fuzz bench bench-checks bench-province validate-deploy dashboards lock serve clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- environments: exact versions with hashes from the lock files -----------------------------

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("huizong needs Python 3.11 or newer") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(BIN)/python
	@echo "setting up: installing the locked packages (a few minutes the first time)"
	$(INSTALL) --require-hashes --requirement requirements.lock
	$(INSTALL) --no-build-isolation --editable .
	$(BIN)/python -m compileall -q schemas expectations warehouse flows
	$(BIN)/python -m flows.prefect_database
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@echo "setting up: installing the locked tools for the tests"
	$(INSTALL) --require-hashes --requirement requirements-dev.lock
	@touch $@

setup: $(VENV)/.run ## set up the environment without running anything

# --- the main job ------------------------------------------------------------------------------

$(SITE)/huizong.toml: | $(VENV)/.run
	$(BIN)/huizong init --site $(SITE)
	$(BIN)/huizong sample --site $(SITE) >/dev/null

nightly: $(VENV)/.run $(SITE)/huizong.toml ## run the night: sample returns in, municipal tables and discrepancy lists out
	@$(BIN)/huizong nightly --site $(SITE)

faults: $(VENV)/.run $(SITE)/huizong.toml ## put returns with known faults into the inbox and run the night
	$(BIN)/huizong sample --site $(SITE) --faults
	@$(BIN)/huizong nightly --site $(SITE)

serve: $(VENV)/.run $(SITE)/huizong.toml ## run every night at 02:30, with a page on port 4200
	$(BIN)/huizong serve --site $(SITE)

# --- checks --------------------------------------------------------------------------------------

test: $(VENV)/.dev ## run all checks: format, lint, types, layers, tests
	@$(MAKE) --no-print-directory --jobs 2 format lint layers types tests  # types beside tests

format: $(VENV)/.dev ## check the formatting
	$(BIN)/ruff format --check .

lint: $(VENV)/.dev ## check the style
	$(BIN)/ruff check .

types: $(VENV)/.dev ## check the types, strictly
	$(BIN)/mypy

layers: $(VENV)/.dev ## check who imports whom
	$(BIN)/lint-imports

tests: $(VENV)/.dev ## run the tests
	$(BIN)/pytest --numprocesses $(WORKERS) --dist loadscope --no-loadscope-reorder

agreement: $(VENV)/.dev ## compare the check sheets of 500 damaged workbooks with the suites (needs LibreOffice)
	$(BIN)/python -m tests.agreement 500

survive: $(VENV)/.dev ## read every workbook in DIR: what becomes of it, how long it takes, in build/survive.csv
	@$(BIN)/python -m tests.survive "$(DIR)"

fuzz: $(VENV)/.dev ## the same for hostile workbooks, beginnings of workbooks and 2,000 that are changed at random
	@$(BIN)/python -m tests.survive.fuzz 2000

bench: $(VENV)/.dev ## measure reading, checking, loading, dashboards and whole nights, into build/bench.json; ONLY=small_night
	@$(BIN)/python -m tests.bench $(ONLY)

histories: $(VENV)/.dev ## try 30 random histories: every past night as it was, on both databases
	HISTORIES=30 $(BIN)/pytest tests/warehouse/test_histories.py

kills: $(VENV)/.dev ## kill 40 nights at random and one at every step, fill disks, stop databases (as root)
	KILLS=40 PREFECT_LOGGING_LEVEL=WARNING $(BIN)/pytest --capture=no \
	  $(addprefix tests/flows/kills/,test_kills.py at_length.py two.py uploads.py letters.py)

unattended: $(VENV)/.dev ## see a night start by itself on a Prefect server with a worker, and one on a Dask cluster
	PREFECT_LOGGING_LEVEL=WARNING $(BIN)/pytest tests/flows/unattended.py

S3 := build/s3

# A folder and no environment: what is in it goes before what .venv has, in the same versions.
$(S3)/.ready: tests/flows/channels/s3.lock | $(BIN)/python
	$(INSTALL) --require-hashes --upgrade --target $(S3) --requirement tests/flows/channels/s3.lock
	@touch $@

s3: $(VENV)/.dev $(S3)/.ready ## take returns out of a bucket, from a server of S3 on this machine
	PYTHONPATH=$(S3) $(BIN)/pytest tests/flows/channels/bucket.py

mess: $(VENV)/.dev ## read 2,000 workbooks with every kind of mess and compare with what is true
	$(BIN)/python -m tests.mess 2000

bench-checks: $(VENV)/.dev ## put 20 x 200 known faults into clean returns and count what is found and told
	$(BIN)/python -m tests.bench_checks 200

bench-province: $(VENV)/.dev ## nights of a province: MUNICIPALITIES=1 of 11, SHARE=0.05 of the registers, SERVER=url
	$(BIN)/python -m tests.bench_province $(MUNICIPALITIES) $(SHARE) $(SERVER)

MUNICIPALITIES ?= 1
SHARE ?= 0.05

validate-deploy: $(VENV)/.dev ## check units, compose file, image and proxy with their own validators (Debian's and PyPI's)
	$(BIN)/python -m tests.validate_deploy

SUPERSET := build/superset

# An environment of its own: Superset's libraries are not those of huizong.
$(SUPERSET)/.ready: deploy/dashboards/superset.lock tests/dashboards/browser.lock
	$(PYTHON) -m venv $(SUPERSET)
	$(SUPERSET)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement deploy/dashboards/superset.lock
	$(SUPERSET)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement tests/dashboards/browser.lock
	@touch $@

dashboards: $(VENV)/.dev $(SUPERSET)/.ready ## show the dashboard in a real Superset, into build/dashboard.png (needs Chromium)
	$(BIN)/python -m tests.dashboards $(SUPERSET)/bin "$$(command -v chromium)" build/dashboard.png

# --- keeping house -------------------------------------------------------------------------------

lock: ## write the lock files anew (needs uv)
	uv pip compile pyproject.toml $(LOCK) --output-file requirements.lock
	uv pip compile pyproject.toml --extra scale $(LOCK) --constraints requirements.lock --output-file requirements-scale.lock
	uv pip compile pyproject.toml --extra scale --group dev $(LOCK) --constraints requirements-scale.lock --output-file requirements-dev.lock
	uv pip compile --group s3 $(LOCK) --constraints requirements-dev.lock --output-file tests/flows/channels/s3.lock
	uv pip compile --group superset $(LOCK) --output-file deploy/dashboards/superset.lock
	uv pip compile --group browser $(LOCK) --constraints deploy/dashboards/superset.lock --output-file tests/dashboards/browser.lock

LOCK := --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet

clean: ## remove the environment and the caches, not the site
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
