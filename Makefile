# make setup   install into .venv           make run    the demo county on http://127.0.0.1:8000
# make test    everything, real servers     make e2e    the browser tests alone
# make bench   measure                      make lock   refresh the lock files
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
SOURCES := pyproject.toml hatch_build.py $(shell find tracker/frontend/src tracker/translations -type f -not -name '*.mo' 2>/dev/null) \
           $(wildcard tracker/frontend/package*.json tracker/frontend/build.mjs)
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -q
TESTS ?= tests

.PHONY: setup run test e2e check bench lock screenshots clean

setup: .venv/.installed

.venv/.made:
	bash scripts/make-venv "$(PYTHON)"
	touch $@

.venv/.packages: .venv/.made requirements.lock
	$(PIP) install --require-hashes -r requirements.lock
	touch $@

.venv/.installed: .venv/.packages $(SOURCES)
	$(PIP) install --no-deps --no-build-isolation -e .
	touch $@

.venv/.test-packages: .venv/.installed requirements-dev.lock
	$(PIP) install --require-hashes -r requirements-dev.lock
	touch $@

run: setup
	$(BIN)/tracker run

check: .venv/.test-packages
	bash scripts/check

test: .venv/.test-packages
	bash scripts/system-packages
	$(BIN)/python -m pytest -n 2 --dist loadfile $(TESTS)

e2e: .venv/.test-packages
	bash scripts/system-packages
	$(BIN)/python -m pytest -n 2 --dist loadfile tests/browser

bench: .venv/.test-packages
	$(BIN)/python -m bench $(BENCH)

screenshots: .venv/.test-packages
	bash scripts/system-packages
	$(BIN)/python -m scripts.screenshots

lock: .venv/.test-packages
	$(BIN)/uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-annotate --no-header --no-emit-index-url --extra build -o requirements.lock pyproject.toml
	$(BIN)/uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-annotate --no-header --no-emit-index-url --extra build --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml

clean:
	rm -rf .venv tracker/static/dist tracker/frontend/node_modules
