# Everything a newcomer needs. `make` alone prints this list.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.PHONY: help demo test fuzz-api drill-kill drill-mass check contracts bench fmt tables lock clean

# Residents of the demonstration; ONCE=1 ends after the story instead of leaving the screens open.
RESIDENTS ?= 20000
ONCE ?=
# The first of the ports it uses.
FIRST_PORT ?= 21000
# Nodes killed by `make drill-kill`.
KILLS ?= 200
# Requests made up for each operation by `make fuzz-api`.
FUZZ_EXAMPLES ?= 1000
# Processes that run tests side by side.
JOBS ?= 2

bin := .venv/bin
ready := .venv/ready
python_code := src tests tools examples

help: ## Print this help
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-10s %s\n", $$1, $$2 }'
	@echo
	@echo "  make demo RESIDENTS=2000 ONCE=1    a small population; end after the story"
	@echo "  make demo FIRST_PORT=22000         beside another program that uses ports from 21000 on"
	@echo "  make test JOBS=4                   four tests at a time"

demo: $(ready) ## Start a whole federation on this machine and tell its story
	tools/system-packages.sh font
	$(bin)/jukinet devnet demo --residents $(RESIDENTS) --first-port $(FIRST_PORT) $(if $(ONCE),--once)

test: $(ready) contracts ## Run every test, the import contracts first
	tools/system-packages.sh
	$(bin)/pytest -n $(JOBS) --dist worksteal

fuzz-api: $(ready) ## Make up requests to the agency's API from its OpenAPI document: FUZZ_EXAMPLES for each operation
	JUKINET_FUZZ_EXAMPLES=$(FUZZ_EXAMPLES) $(bin)/pytest -q tests/integration/agency/test_api_fuzz.py

drill-kill: $(ready) ## Kill nodes at random while clerks record, then compare every change on every tier
	JUKINET_DRILL_KILLS=$(KILLS) $(bin)/pytest -q -s tests/federation/test_kill.py

drill-mass: $(ready) ## Change the addresses of a town of 50,000, killing the process, beside a bare UPDATE
	JUKINET_MASS_HOUSEHOLDS=25000 $(bin)/pytest -q -s tests/integration/municipal/test_mass_change_killed.py

check: $(ready) contracts ## Lint, format, types (mypy and basedpyright), contracts, architecture
	$(bin)/ruff check $(python_code)
	$(bin)/ruff format --check $(python_code)
	$(bin)/mypy
	$(bin)/basedpyright
	$(bin)/pytest -q tests/architecture

contracts: $(ready)
	$(bin)/lint-imports --no-cache --no-logo

bench: $(ready) ## Measure look-up, change feed, propagation, register and population against their raw baselines
	$(bin)/jukinet bench all

fmt: $(ready) tables ## Format the code, repair what the linter can, refresh the tables of the documents
	$(bin)/ruff check --fix $(python_code)
	$(bin)/ruff format $(python_code)

tables: $(ready) ## Write the tables of the documents from the code
	$(bin)/python tools/tables.py

lock: $(ready) ## Resolve the dependencies again and write requirements/locked.txt
	tools/lock.sh

clean: ## Remove the environment, caches and every local database
	rm -rf .venv var build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .coverage
	find $(python_code) -name __pycache__ -type d -prune -exec rm -rf {} +

# Built once; again only when the lock file, the project's metadata or the script changes.
$(ready): requirements/locked.txt pyproject.toml tools/environment.sh
	tools/environment.sh
