# Needs make and Python 3.11 or newer, and nothing else; uses uv where it finds it.
.DEFAULT_GOAL := help
.PHONY: help run demo test test-fast check fix migration docs bench lock install

PYTHON_IN_VENV := .venv/bin/python
ARGS ?=
# Where bytecode is not kept, each of a hundred processes compiles everything anew.
unexport PYTHONDONTWRITEBYTECODE

help: # The targets, with a line each
	@echo "make TARGET"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s  %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: install ## Serve the API with a sandbox province, on DATABASE_URL or an embedded PostgreSQL
	@exec $(PYTHON_IN_VENV) -m app serve

demo: install ## Walk the journey of an agreement against the running server
	@exec $(PYTHON_IN_VENV) -m app demo

test: install ## Run the whole suite; ARGS="-k name" narrows it
	$(PYTHON_IN_VENV) -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

test-fast: install ## Run what takes no more than a moment each
	$(PYTHON_IN_VENV) -m pytest -n auto --dist loadfile --no-loadscope-reorder -m "not slow" $(ARGS)

check: install ## Lint, format, types, import directions, and drift of what is generated
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(PYTHON_IN_VENV) -m app openapi --check
	$(PYTHON_IN_VENV) -m app diagrams --check
	$(PYTHON_IN_VENV) -m app permissions --check

fix: install ## Mend what ruff can mend, and format
	.venv/bin/ruff check --fix
	.venv/bin/ruff format

migration: install ## Write a migration from the models: make migration m="what changes"
	@[ -n "$$m" ] || { echo 'Say what changes: make migration m="..."' >&2; exit 2; }
	$(PYTHON_IN_VENV) -m app migration "$$m"

docs: install ## Write openapi.json, the diagrams of the workflows and who may do what again
	$(PYTHON_IN_VENV) -m app openapi
	$(PYTHON_IN_VENV) -m app diagrams
	$(PYTHON_IN_VENV) -m app permissions

bench: install ## Measure requests against a bare asyncpg floor
	$(PYTHON_IN_VENV) -m benchmarks $(ARGS)

# After a change of versions in pyproject.toml. The locks hold names, versions and hashes, and no addresses.
COMPILE := uv pip compile pyproject.toml --universal --generate-hashes --python-version 3.11 --only-binary :all: \
	--no-header --no-annotate --no-emit-index-url --quiet --upgrade
lock:
	$(COMPILE) -o requirements.lock
	$(COMPILE) --group dev -c requirements.lock -o requirements-dev.lock

# .venv is built anew whenever it was not made from exactly this lock; the copy inside is written last.
# A home that cannot be written to has no room for caches. pip reads long indexes, one after the other: two of them take half as long.
install:
	@cmp -s requirements-dev.lock .venv/requirements.lock || { \
		set -e; \
		for python in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11) none; do \
			$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; \
		done; \
		[ $$python != none ] || { echo "No Python 3.11 or newer found. Name one: make PYTHON=..." >&2; exit 1; }; \
		[ -w "$$HOME" ] || export PIP_NO_CACHE_DIR=1 UV_NO_CACHE=1; \
		echo "Setting up .venv with $$($$python --version) ..."; \
		rm -rf .venv; \
		if command -v uv >/dev/null; then \
			export UV_PYTHON_DOWNLOADS=never; \
			uv venv --quiet --python "$$(command -v $$python)" .venv; \
			uv pip install --quiet --python $(PYTHON_IN_VENV) --require-hashes --no-deps --only-binary :all: \
				-r requirements-dev.lock; \
		else \
			$$python -m venv .venv; \
			awk '/^[^ ]/ { half = !half } { print > ".venv/half-" half }' requirements-dev.lock; \
			for half in 0 1; do \
				$(PYTHON_IN_VENV) -m pip install -qq --disable-pip-version-check --require-hashes --no-deps \
					--only-binary=:all: --no-compile -r .venv/half-$$half & installing="$$installing $$!"; \
			done; \
			for one in $$installing; do wait $$one; done; \
		fi; \
		cp requirements-dev.lock .venv/requirements.lock; \
	}
