# Every verb of the repository; each works from a fresh clone with Python 3.11+, pip and no compiler.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALL := $(PIP) install --quiet --only-binary :all: --require-hashes
COMPILE := env CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes \
	--strip-extras --allow-unsafe --no-emit-index-url --no-emit-trusted-host \
	--no-emit-find-links --no-emit-options --all-build-deps

.DEFAULT_GOAL := help
.PHONY: help demo test accept bench docs lock clean

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /  make \1\t/' | expand -t 18

demo: $(VENV)/runtime.stamp  ## make a small film, index and report it; ARGS=--serve shows it
	$(BIN)/personae demo $(ARGS)

test: $(VENV)/dev.stamp  ## style, types, layers and all quick tests
	@$(BIN)/python -m tools.system_packages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict src
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q -rs -n 2 --dist loadfile

accept: $(VENV)/dev.stamp  ## the whole product against its promises (slow)
	@$(BIN)/python -m tools.system_packages
	$(BIN)/python -m pytest -q -m slow
	$(BIN)/python tests/accept/run.py

bench: $(VENV)/dev.stamp  ## speed and scale on this machine
	for script in benchmarks/*.py; do $(BIN)/python $$script || exit 1; done

docs: $(VENV)/dev.stamp  ## write the generated pages of docs/reference again
	$(BIN)/python -m tools.docs.cli_reference
	$(BIN)/python -m tools.docs.errors_reference
	$(BIN)/python -m tools.docs.settings_reference
	$(BIN)/python -m tools.docs.rest_reference

lock: $(VENV)/dev.stamp  ## resolve the two lock files again (needs a package index)
	$(COMPILE) --upgrade -o requirements.lock pyproject.toml
	$(COMPILE) --upgrade --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml

clean:  ## remove what the other verbs made
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else \
		"Python 3.11 or newer is needed; name one: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

# The project is installed as a line that points at src/, so a change needs no new installation.
$(VENV)/runtime.stamp: requirements.lock pyproject.toml | $(BIN)/python
	$(INSTALL) -r requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(VENV)/runtime.stamp
	$(INSTALL) -r requirements-dev.lock
	@touch $@
