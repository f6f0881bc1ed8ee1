# The commands of the project: `make run` opens the site, `make test` runs the tests. Nothing but Python is needed beforehand.
# Options: PYTHON=/path/to/python3.12  HOST=0.0.0.0  PORT=8001  ARGS="-k bench" (for test)
PYTHON ?=
HOST ?= 127.0.0.1
PORT ?= 8000
ARGS ?=
export PYTHON HOST PORT

BIN := .venv/bin
# Two test processes share two cores; a net that takes both for itself would slow the other down.
THREADS := OMP_NUM_THREADS=$${OMP_NUM_THREADS:-1}

# Containers often keep Python from storing what it has compiled. The tests start about a hundred processes, each of which
# would compile all modules of the site again.
COMPILED := PYTHONDONTWRITEBYTECODE=

# Prettier formats style sheets and scripts, and html-validate reads the pages in the tests. They need Node, the site does
# not: without Node these stay unchecked.
NODE := $(if $(shell command -v npx 2>/dev/null),yes)
ASSETS := "static/css/**/*.css" "static/js/**/*.js"

.PHONY: run test diffusion lint lint-python lint-templates lint-scripts format benchmarks admin screenshots clean

run: .venv/installed
	@$(BIN)/python manage.py serve

test: .venv/installed-dev $(if $(NODE),node_modules/installed)
	$(COMPILED) $(THREADS) $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: lint-python lint-templates lint-scripts

lint-python: .venv/installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

lint-templates: .venv/installed-dev
	$(BIN)/djangofmt --check templates

ifdef NODE
lint-scripts: node_modules/installed
	npx --no-install prettier --check $(ASSETS)
else
lint-scripts:
	@echo "Node is not here: style sheets and scripts are not checked."
endif

# First what changes lines, then what measures them.
format: .venv/installed-dev $(if $(NODE),node_modules/installed)
	$(BIN)/ruff check --fix --exit-zero --quiet
	$(BIN)/ruff format
	$(BIN)/djangofmt templates
	$(if $(NODE),npx --no-install prettier --write --log-level warn $(ASSETS),@echo "Node is not here: style sheets and scripts stay as they are.")

benchmarks: .venv/installed-dev
	$(BIN)/python -m benchmarks

admin: .venv/installed
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py createsuperuser

screenshots: .venv/installed-dev
	$(BIN)/python docs/screenshots.py $(ARGS)

clean:
	rm -rf .venv .pytest_cache .ruff_cache .mypy_cache .hypothesis node_modules

.venv/bin/python:
	@for each in $${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do \
	  if "$$each" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null; then found="$$each"; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "Arboretum needs Python 3.11 to 3.14, and $${PYTHON:-python3} is none of them." >&2; \
	  echo "Install one, or name it: make run PYTHON=/path/to/python3.12" >&2; \
	  exit 1; \
	fi; \
	if ! "$$found" -m venv --clear .venv; then \
	  rm -rf .venv; \
	  echo "$$found cannot make virtual environments. On Debian and Ubuntu: apt install python3-venv" >&2; \
	  exit 1; \
	fi

.venv/installed: requirements.txt requirements-extras.txt | .venv/bin/python
	@echo "Installing what the site needs (once; PyTorch is large)."
	@$(BIN)/python -m pip install $(if $(wildcard $@),--quiet) --disable-pip-version-check -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: -r requirements-extras.txt || \
	  echo "Optional parts are missing (requirements-extras.txt): tunes take longer to play, recordings cannot be transcribed, prints are not scored, HEIC pictures are not read, sculptures are no 3D models." >&2
	@touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed
	@echo "Installing what the tests and the linters need."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

# Species that paint from words need more packages, about 200 MB.
diffusion: .venv/installed-diffusion

.venv/installed-diffusion: requirements-diffusion.txt .venv/installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-diffusion.txt
	@touch $@

node_modules/installed: package.json package-lock.json
	@npm ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@
