PYTHON ?= python3
PORT ?= 8501
BIN := .venv/bin
STAMP := .venv/.set-up
# Browser tests that wait, or only look: they may run side by side. The others go by real time.
PATIENT := $(patsubst %,tests/browser/test_%.py,axe axe_room chat_log device_states hostile_html hostile_pages keyboard kept languages links never outage presses translated)
REQUIREMENTS := requirements.txt requirements-dev.txt constraints.txt package.json package-lock.json
# The node that checks the scripts of pages/ui; the app itself needs none.
NODE := $(BIN)/node
# One that fails does not keep the others from being run; at the end it fails all the same.
KEEP_GOING := $(MAKE) --keep-going --no-print-directory

.PHONY: help setup demo browser test test-scripts test-unit test-patient test-others soak-room soak-talk lint lint-form lint-rules lint-types lint-scripts lint-script-types lint-docs check next-release format docs sizes pictures bench-arrival bench-journey bench-loss bench-relay bench-idle bench-room bench-offer fuzz flood siege compiled clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile

setup: $(STAMP) ## a virtual environment with everything; again only when requirements change

$(STAMP): $(REQUIREMENTS)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "Python 3.11 or newer is needed; name another one: make setup PYTHON=python3.12" >&2; exit 2; }
	@test -x $(BIN)/pip || $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "Python's venv module is missing; on Debian: apt-get install python3-venv" >&2; exit 2; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	@echo "Installing packages; this takes a minute or two."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt -c constraints.txt
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm ci --silent --no-audit --no-fund
	@touch $@

demo: setup ## a made-up day to try: make demo [PORT=8501] [RESET=1]
	@exec $(BIN)/python -m core.demo --port $(PORT) $(if $(RESET),--reset)

browser: setup
	@$(BIN)/python tests/browser/find_browser.py

test: setup browser ## every test, the ones in a real browser too; most of those one by one
	@$(KEEP_GOING) test-scripts test-unit test-patient test-others

test-scripts: setup
	$(NODE) --test --experimental-test-coverage --test-coverage-branches=80 --test-coverage-include="pages/ui/**" "tests/ui/*.test.js"

test-unit: setup
	$(BIN)/pytest -n auto --dist worksteal --ignore=tests/browser

test-patient: setup browser
	$(BIN)/pytest -n 3 --dist loadfile $(PATIENT)

test-others: setup browser
	$(BIN)/pytest --durations=12 $(PATIENT:%=--ignore=%) tests/browser

soak-room: setup ## 10,000 interleavings of everything people do in two rooms; half an hour
	ROOM_EXAMPLES=$(or $(EXAMPLES),10000) $(BIN)/pytest --timeout=0 -o log_cli=true -o log_cli_level=INFO -k nobody_who tests/core/media/rooms/test_room_machine.py

soak-talk: setup browser ## everything that may interrupt a talk, one after the other; six minutes (Linux, root)
	$(BIN)/pytest --timeout=0 -o log_cli=true -o log_cli_level=INFO -m "soak or not soak" tests/browser/test_resilience.py tests/browser/test_axe_room.py

lint: setup ## form, types, generated docs
	@$(KEEP_GOING) lint-form lint-rules lint-types lint-scripts lint-script-types lint-docs

lint-form: setup
	$(BIN)/ruff format --check .

lint-rules: setup
	$(BIN)/ruff check .

lint-types: setup
	$(BIN)/mypy

lint-scripts: setup
	$(NODE) node_modules/@biomejs/biome/bin/biome check --error-on-warnings

lint-script-types: setup
	$(NODE) node_modules/typescript/bin/tsc -p .

lint-docs: setup
	$(BIN)/python docs/generate.py --check

check: setup ## lint, and the tests that need no browser
	@$(KEEP_GOING) lint test-scripts test-unit

format: setup ## bring the code into form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(NODE) node_modules/@biomejs/biome/bin/biome check --write

next-release: setup ## which probes fail with the newest releases of the libraries whose insides we use
	$(BIN)/python -m tests.next_release

docs: setup ## write the generated docs again
	$(BIN)/python docs/generate.py

sizes: setup ## how long the files of core and pages are
	@$(BIN)/python -m docs.house

pictures: setup browser ## the README's pictures, retaken
	$(BIN)/python -m tests.browser.screens docs/pictures start-phone devices-tested-phone room-phone three-desk-desktop

compiled: setup ## machine code for the steps each packet takes; needs a C compiler and Python's headers
	@$(BIN)/python -m core.media.compiled

bench-arrival: setup browser ## measure the way from the link to the Startseite on a phone's line; five minutes
	$(BIN)/python -m bench.arrival

bench-journey: setup browser ## measure twenty journeys in a row
	$(BIN)/python -m bench.journey

bench-loss: setup browser ## measure a talk on a network that loses packets; eight minutes
	$(BIN)/python -m bench.loss

bench-relay: setup ## measure what a call costs, beside Janus and streamlit-webrtc's default; ten minutes (Linux)
	$(BIN)/python -m bench.relay $(if $(STEADY),--steady $(STEADY))

bench-idle: setup ## measure hundreds of visitors who only wait; six minutes
	$(BIN)/python -m bench.idle

bench-room: setup browser ## measure fifty calls: how soon, how surely, what is left over; eleven minutes
	$(BIN)/python -m bench.room $(if $(QUICK),--calls 5 --words 10 --screens 3)

bench-offer: setup ## measure what an offer costs, the worst that can be found too; a quarter of an hour
	$(BIN)/python -m bench.offer

fuzz: setup ## a million broken offers, checks, handshakes and packets: make fuzz [CASES=1000000]
	$(BIN)/python -m bench.fuzz $(if $(CASES),--cases $(CASES))

flood: setup ## measure a minute of attack, with the gate and without (Linux)
	$(BIN)/python -m bench.flood

siege: setup ## measure what strangers in a talk notice of one guest who attacks; forty minutes (Linux)
	$(BIN)/python -m bench.siege $(if $(ONLY),--only $(ONLY)) $(if $(SECONDS),--seconds $(SECONDS))

clean: ## remove what can be made again (never data/)
	rm -rf .venv node_modules .demo .mypy_cache .ruff_cache .pytest_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find core . -maxdepth 4 -name '*.so' -not -path './.venv/*' -delete
