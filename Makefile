# Everything a developer does with this repository. `make` alone says what there is.
#
# The targets make their own virtual environment, .venv, from a Python 3.11 or 3.12; nothing else has to be installed first.

.DEFAULT_GOAL := help
.PHONY: help requirements upgrade demo test test-all coverage test-platform test-mysql test-browser bench quality pii_check docs \
	migrations_check package extract_translations compile_translations clean

export VENV ?= .venv
PORT ?= 8000
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
PYTEST := $(BIN)/python -m pytest

# One process for each processor; who has nothing left to do takes over from the others, since a few tests take much longer than the rest.
PARALLEL := -n logical --dist worksteal

# More arguments for pytest: make test ARGS="-k windows -x", and ARGS="-n 0" for one process
ARGS ?=

help: ## What there is
	@awk 'BEGIN { FS = ":.*## " } /^[a-z_-]+:.*## / { printf "  %-22s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(INSTALLED): requirements/dev.txt setup.py scripts/venv.sh
	@scripts/venv.sh $(VENV) requirements/dev.txt
	@touch $@

requirements: $(INSTALLED) ## Install what development needs into .venv

demo: $(INSTALLED) ## Serve the sandbox with demo data on port 8000, or PORT
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py demo_data
	@printf '\nOpen http://localhost:%s/ and choose a person. Ctrl-C ends it.\n\n' $(PORT)
	@DJANGO_RUNSERVER_HIDE_WARNING=true $(BIN)/python manage.py runserver --noreload --skip-checks $(PORT)

test: $(INSTALLED) ## Run the tests on the sandbox
	@$(PYTEST) $(PARALLEL) --ignore=tests/platform --ignore=tests/browser $(ARGS) tests

test-all: $(INSTALLED) ## Run the tests and migrations on each supported Python and Django that is here (tox)
	@$(BIN)/tox -q -e 'py{311,312}-django{42,52},migrations-django{42,52}'

coverage: $(INSTALLED) ## Run the tests and say which lines they did not reach
	@$(BIN)/coverage run -m pytest --quiet --ignore=tests/platform --ignore=tests/browser $(ARGS) tests
	@$(BIN)/coverage report

test-platform: $(INSTALLED) ## Run contract and platform tests in a real LMS and Studio: EDX_PLATFORM=<checkout> [EDX_PYTHON=<its python>]
	@scripts/test-platform.sh $(ARGS)

test-mysql: $(INSTALLED) ## Run migrations and tests on MariaDB, or on the server at MYSQL_HOST
	@$(BIN)/python -c 'import MySQLdb' 2>/dev/null || { \
		scripts/apt-install.sh gcc libmariadb-dev pkg-config python3-dev && \
		$(BIN)/pip install -qq --disable-pip-version-check -r requirements/mysql.txt; }
	@scripts/with-mariadb.sh $(PYTEST) $(PARALLEL) --ignore=tests/platform --ignore=tests/browser \
		--ignore=tests/packaging $(ARGS) tests

test-browser: $(INSTALLED) ## Walk through the pages in Chromium, on the sandbox or at BASE_URL
	@command -v "$${CHROMIUM:-chromium}" >/dev/null || scripts/apt-install.sh chromium
	@scripts/with-sandbox.sh $(PYTEST) $(ARGS) tests/browser

bench: $(INSTALLED) ## Print the SQL statements and times beside stock CCX's: EDX_PLATFORM=<checkout> [EDX_PYTHON=<its python>]
	@scripts/bench.sh $(ARGS)

quality: $(INSTALLED) migrations_check pii_check ## Check style, layers, migrations and annotations
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

migrations_check: $(INSTALLED) ## Fail where a model and its migrations disagree
	@$(BIN)/python manage.py makemigrations --check --dry-run cohort_sessions

pii_check: $(INSTALLED) ## Check that every model says whether it holds personal data (OEP-30)
	@DJANGO_SETTINGS_MODULE=sandbox.settings.lms $(BIN)/code_annotations django_find_annotations \
		--config_file .pii_annotations.yml --app_name cohort_sessions --lint --report --coverage

docs: $(INSTALLED) ## Build docs/ into docs/_build/html, warnings being errors
	@$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

package: $(INSTALLED) ## Build the wheel and the source archive into dist/
	@$(BIN)/python -m build --quiet --outdir dist .
	@ls dist

extract_translations: $(INSTALLED) ## Collect the strings of code and templates into conf/locale/en
	@command -v xgettext >/dev/null || scripts/apt-install.sh gettext
	@cd cohort_sessions && ../$(BIN)/django-admin makemessages --verbosity 0 --locale en --no-obsolete --no-wrap --add-location file

compile_translations: $(INSTALLED) ## Compile the translations that are in conf/locale
	@command -v msgfmt >/dev/null || scripts/apt-install.sh gettext
	@cd cohort_sessions && ../$(BIN)/django-admin compilemessages --verbosity 0

# Only direct requirements are written by hand, in *.in. The options keep the pins free of the registry they came from.
COMPILE := $(BIN)/uv pip compile --quiet --upgrade --python-version 3.11 --no-annotate --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make upgrade"
upgrade: $(INSTALLED) ## Pin requirements/*.txt anew from requirements/*.in
	@for name in dev docs mysql quality; do \
		$(COMPILE) --output-file requirements/$$name.txt requirements/$$name.in || exit 1; \
	done
	@echo "Django~=4.2.0" | $(COMPILE) --output-file requirements/test-django42.txt requirements/test.in -
	@echo "Django~=5.2.0" | $(COMPILE) --output-file requirements/test-django52.txt requirements/test.in -

clean: ## Remove what the other targets made, .venv and the metadata it refers to excepted
	@rm -rf build dist htmlcov pii_report test-results docs/_build .coverage .cache .hypothesis .import_linter_cache .pytest_cache \
		.ruff_cache .tox
	@find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +
