PYTHON ?= python3
PORT ?= 8501
BIN := .venv/bin
STAMP := .venv/.set-up
REQUIREMENTS := requirements.txt requirements-dev.txt constraints.txt

.PHONY: help setup demo browser test soak-room soak-talk lint check format docs pictures bench-journey bench-loss bench-relay bench-idle bench-room flood clean

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
	@touch $@

demo: setup ## a made-up day to try: make demo [PORT=8501] [RESET=1]
	@exec $(BIN)/python -m core.demo --port $(PORT) $(if $(RESET),--reset)

browser: setup
	@$(BIN)/python tests/browser/find_browser.py

test: setup browser ## every test, the ones in a real browser too; those one by one
	$(BIN)/pytest -n auto --dist worksteal --ignore=tests/browser
	$(BIN)/pytest --durations=12 tests/browser

soak-room: setup ## 10,000 interleavings of everything people do in two rooms; half an hour
	ROOM_EXAMPLES=10000 $(BIN)/pytest -o log_cli=true -o log_cli_level=INFO -k nobody_who tests/core/media/test_room_machine.py

soak-talk: setup browser ## everything that may interrupt a talk, one after the other; six minutes (Linux, root)
	$(BIN)/pytest -o log_cli=true -o log_cli_level=INFO -m "soak or not soak" tests/browser/test_resilience.py tests/browser/test_axe_room.py

lint: setup ## form, types, generated docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python docs/generate.py --check

check: lint ## lint, and the tests that need no browser
	$(BIN)/pytest -n auto --dist worksteal --ignore=tests/browser

format: setup ## bring the code into form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: setup ## write the generated docs again
	$(BIN)/python docs/generate.py

pictures: setup browser ## the README's pictures, taken anew
	$(BIN)/python -m tests.browser.screens docs/pictures start-phone devices-tested-phone room-phone desk-talk-desktop

bench-journey: setup browser ## measure twenty journeys in a row
	$(BIN)/python -m bench.journey

bench-loss: setup browser ## measure a talk on a network that loses packets; eight minutes
	$(BIN)/python -m bench.loss

bench-relay: setup ## measure what a call costs, beside Janus and streamlit-webrtc's default; ten minutes (Linux)
	$(BIN)/python -m bench.relay $(if $(STEADY),--steady $(STEADY))

bench-idle: setup ## measure a hundred visitors who only wait; three minutes
	$(BIN)/python -m bench.idle

bench-room: setup browser ## measure fifty calls: how soon, how surely, what is left over; eleven minutes
	$(BIN)/python -m bench.room $(if $(QUICK),--calls 5 --words 10 --screens 3)

flood: setup ## measure a minute of attack, with the gate and without (Linux)
	$(BIN)/python -m bench.flood

clean: ## remove what can be made again (never data/)
	rm -rf .venv .demo .mypy_cache .ruff_cache .pytest_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
