# Every target makes .venv by itself when it is missing or older than pyproject.toml: to run
# radiotui with what that needs, all else with the tools of the developers too.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNNING := $(VENV)/.running
READY := $(VENV)/.ready

.PHONY: run demo test coverage check check-style check-types check-imports check-house format bench soak shots docs clean

run: $(RUNNING)
	$(BIN)/radiotui

demo: $(RUNNING)
	$(BIN)/radiotui --demo

# The few long tests of whole programs begin first: at the end one of them would run alone.
# By-ear labs mostly wait, and each has a sound server and stations of its own. A steady tone is
# listened to alone: it loads the computer by itself.
test: $(READY)
	$(BIN)/python -m pytest -q -n 5 --dist loadfile --no-loadscope-reorder tests/e2e tests/services tests/ui tests/unit
	$(BIN)/python -m pytest -q -n 4 --dist loadfile --ignore tests/lab/test_steady.py tests/lab
	$(BIN)/python -m pytest -q tests/lab/test_steady.py

# Two runs, because what watches the loop in tests/ui lets Python 3.11 trace one thread only. Tracing
# takes more than half as much time again, so this is no part of the tests.
coverage: $(READY)
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --cov --cov-report= --cov-fail-under=0 tests/unit tests/services tests/e2e
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --cov --cov-append tests/ui

# Four targets of their own: make -j 2 check uses two processors.
check: check-style check-types check-imports check-house

check-style: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

check-types: $(READY)
	$(BIN)/mypy

check-imports: $(READY)
	$(BIN)/lint-imports

check-house: $(READY)
	$(BIN)/python -m pytest -q tests/arch

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY)
	$(BIN)/python -m bench

# Half an hour with a station that drops its listeners; make soak MINUTES=2 is a short one.
MINUTES ?= 30
soak: $(READY)
	$(BIN)/python -m bench soak --minutes $(MINUTES)

shots: $(READY)
	$(BIN)/python assets/make_shots.py

# The picture of docs/architecture.md, from the imports.
docs: $(READY)
	$(BIN)/python docs/draw_architecture.py

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# pip tells what it does: without that a minute passes in silence. Most of its time it compiles
# modules of which running needs few: Python does that itself with those that are used.
define install
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
  { echo "radiotui needs Python 3.11 or newer: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
@echo "Installing $(2) into $(VENV). This is done once, and takes about a minute."
$(PYTHON) -m venv $(VENV)
$(BIN)/python -m pip install --no-compile --disable-pip-version-check --editable '$(1)'
endef

$(RUNNING): pyproject.toml
	$(call install,.,what radiotui needs)
	@touch $@

$(READY): pyproject.toml
	$(call install,.[dev],what radiotui and its tests need)
	@touch $@ $(RUNNING)
