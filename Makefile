# Les commandes du projet. La première prépare .venv ; les suivantes ne réinstallent rien tant que le verrou
# (requirements/*.txt) ne change pas.

PYTHON ?= python3
TERRITORY ?= cchb
OUT ?= .
DEM ?=
RAW ?= data/raw
MIRROR ?=
DATE ?= $(shell date +%F)

VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help diagnostic data dem test check bench edition docs lock clean setup-run setup-dev

help: ## Cette aide
	@echo "Usage : make CIBLE [TERRITORY=cchb]"
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-12s %s\n", $$1, $$2}'

diagnostic: setup-run ## Le diagnostic d'un territoire : make diagnostic TERRITORY=cchb
	@$(BIN)/python -m terrdiag diagnostic "$(TERRITORY)" --out "$(OUT)" $(foreach file,$(wildcard $(DEM)),--dem "$(file)")

data: setup-run ## Télécharge les fichiers officiels, refait l'édition que lit « make diagnostic » : make data
	@$(BIN)/python -m terrdiag data update $(if $(MIRROR),--mirror "$(MIRROR)")

dem: setup-run ## Télécharge le modèle d'altitude d'un territoire : make dem TERRITORY=cchb
	@$(BIN)/python -m terrdiag data dem "$(TERRITORY)"

test: setup-dev ## Tous les tests (ceux du navigateur demandent Chromium)
	@$(BIN)/python tests/find_browser.py
	@$(BIN)/python -m pytest

check: setup-dev ## Format, règles, types, ordre des pièces
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: setup-dev ## Temps et tailles, comparés au même travail fait à la main
	@$(BIN)/python benchmarks/compare.py

edition: setup-dev ## L'édition embarquée, à partir des fichiers officiels : make edition RAW=dossier
	@$(BIN)/python -m terrdiag edition build --raw "$(RAW)" --out src/terrdiag/edition/embedded --date "$(DATE)"

docs: setup-dev ## Les fiches d'indicateurs et le schéma des études, tirés du code
	@$(BIN)/python docs/generate.py

lock: ## Les verrous de dépendances, recalculés (demande uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --group pyproject.toml:build pyproject.toml -o requirements/run.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --all-extras --group pyproject.toml:build --group pyproject.toml:test --group pyproject.toml:check \
	  --group pyproject.toml:bench -c requirements/run.txt pyproject.toml -o requirements/dev.txt

clean: ## Efface l'environnement et les caches, jamais les résultats
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Un marqueur par verrou : tant que son empreinte est celle du verrou, il n'y a rien à installer.
setup-run: REQUIREMENTS := requirements/run.txt
setup-dev: REQUIREMENTS := requirements/dev.txt
setup-run setup-dev:
	@$(PYTHON) tools/setup_venv.py $(VENV) $(REQUIREMENTS)
