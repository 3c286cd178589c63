# Threshold. `make` lists the targets; docs/how-to/configure.md has the settings.
# Needs Python 3.11 or newer and make; everything else is installed into .venv and node_modules.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' && echo $$p && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
# The Node.js of the wheel, the same for everybody.
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm
CATALOGUES := $(wildcard locale/*/LC_MESSAGES/django.po)
ASSETS := $(shell find assets -type f 2>/dev/null) package.json
SOURCES := config crm intake notifications jobs vault bench tests manage.py
PYTEST_WORKERS ?= 2

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run demo archive backup restore test check bench faults screenshots html messages lock clean check-python browser

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(BIN)/.local static-built/.built locale/.built ## Start everything at http://127.0.0.1:8000 (PORT=…, DATA_DIR=…); Ctrl-C stops it
	@exec $(BIN)/python -m config.run

demo: $(BIN)/.local ## Add demo data to the running Threshold, or print its sign-ins again
	@exec $(BIN)/python -m config.run.demo

archive: $(BIN)/.local ## Keep the log of writes in BACKUP_DIR=…, all the time; Ctrl-C stops it
	@exec $(BIN)/python -m config.backups archive

backup: $(BIN)/.local ## Copy the whole database to BACKUP_DIR=… and check the copy (every night)
	@exec $(BIN)/python -m config.backups backup

restore: $(BIN)/.local ## Go back to UNTIL='2026-11-23 02:15:00+00:00' from BACKUP_DIR=…, or to the last that was kept
	@exec $(BIN)/python -m config.backups restore

test: $(BIN)/.dev static-built/.built locale/.built browser ## Run the test suite, browser tests and short faults included (PYTEST_WORKERS=2)
	@exec $(BIN)/python -m pytest -n $(PYTEST_WORKERS)

check: $(BIN)/.dev static-built/.built locale/.built ## Lint, types, architecture, migrations, production settings, compose file
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	$(BIN)/python -m pytest -q tests/config/test_production.py tests/config/test_processes.py tests/config/test_migrations.py

bench: $(BIN)/.dev static-built/.built locale/.built ## Measure the speed; prints a table and writes bench/results.json
	@exec $(BIN)/python -m bench

faults: $(BIN)/.dev static-built/.built locale/.built ## Break it on purpose, the long versions, and print the figures
	@exec env FAULTS=long $(BIN)/python -m pytest -s tests/faults

screenshots: $(BIN)/.dev static-built/.built locale/.built browser ## Photograph every page into screenshots/
	@exec $(BIN)/python -m pytest -q -m screenshots --override-ini addopts= tests/browser

html: $(BIN)/.dev static-built/.built locale/.built browser ## Validate the HTML of every page with the Nu checker (needs Java)
	@command -v java >/dev/null || { echo "The Nu checker needs Java (Debian: default-jre-headless)."; exit 1; }
	@$(NPM) install --silent --no-save --ignore-scripts --prefix test-results/vnu vnu-jar@26.9.27
	@exec $(BIN)/python -m pytest -q -m html --override-ini addopts= tests/browser

messages: $(BIN)/.dev ## Bring the catalogues of the public words up to date with the source
	@exec $(BIN)/python -m config.catalogues extract

lock: $(BIN)/.dev ## Compile requirements/*.in into pinned, hashed lists
	$(PIP) install --quiet uv
	for list in base local dev; do $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		--output-file requirements/$$list.txt requirements/$$list.in $(LOCK_OPTIONS) || exit 1; done

clean: ## Remove what can be made again; data in .data stays
	rm -rf .venv node_modules static-built staticfiles screenshots test-results
	rm -f locale/.built locale/*/LC_MESSAGES/django.mo
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- what the targets stand on: each is made once and again when its list changes ---

check-python:
	@test -n "$(PYTHON)" || { echo "Threshold needs Python 3.11 or newer; none was found."; exit 1; }

$(BIN)/python: | check-python
	@echo "Creating the virtual environment in .venv with $(PYTHON)"
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "Python cannot make virtual environments here: install its venv module (Debian: python3-venv)."; exit 1; }

$(BIN)/.local: requirements/local.txt | $(BIN)/python
	@echo "Installing Python packages (a minute or two, the first time only)"
	@$(PIP) install --quiet --require-hashes --requirement requirements/local.txt
	@touch $@

$(BIN)/.dev: requirements/dev.txt | $(BIN)/python
	@echo "Installing Python packages and test tools (a minute or two, the first time only)"
	@$(PIP) install --quiet --require-hashes --requirement requirements/dev.txt
	@touch $(BIN)/.local $@

node_modules/.installed: package-lock.json | $(BIN)/.local
	@echo "Installing npm packages"
	@$(NPM) ci --no-audit --no-fund
	@touch $@

static-built/.built: $(ASSETS) node_modules/.installed
	@echo "Building styles and scripts"
	@mkdir -p static-built
	@$(NPM) run --silent build
	@touch $@

locale/.built: $(CATALOGUES) $(BIN)/.local
	@$(BIN)/python -m config.catalogues build
	@touch $@

browser: $(BIN)/.dev
	@exec $(BIN)/python -m tests.browser.chromium
