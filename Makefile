# Everything a person or CI does here, by name. Each target sets up what it needs in .venv by itself;
# once set up, it starts at once and needs no network until pyproject.toml changes.

HOST ?= 127.0.0.1
PORT ?= 5000
export HOST PORT

python := .venv/bin/python
pytest := $(python) -m pytest

# What is run a second time as an application of 2011 would meet it.
suites_of_0_8 := tests/cli tests/properties tests/test_config.py tests/test_messages.py tests/test_refusals.py \
                 examples/guestbook2011

# What is not run a third time by ASGI: it says itself by which protocol it asks, or asks nobody.
but_by_asgi := $(addprefix --ignore=tests/,asgi cli differential docs downstream servers typing test_types.py)

.PHONY: run test test-long test-all upstream check bench docs build clean

run: .venv/.ready-run  ## serve the example application on HOST:PORT
	$(python) examples/chirp/serve.py

test: .venv/.ready-tests  ## everything but the tests marked `long`: minutes, not more
	$(pytest) -m "not long"
	FLASK_ERA=0.8 $(pytest) -m "not long" $(suites_of_0_8)
	TEST_PROTOCOL=asgi $(pytest) -m "not long" tests $(but_by_asgi)

test-long: .venv/.ready-tests  ## what `make test` leaves out
	$(pytest) -m long || [ $$? -eq 5 ]  # 5: there may be none
	FLASK_FAST_PATHS=0 $(pytest) -m "not long"
	TEST_PROTOCOL=asgi TEST_ASGI_SYNC=inline $(pytest) -m "not long" tests $(but_by_asgi)
	TEST_PROTOCOL=asgi FLASK_FAST_PATHS=0 $(pytest) -m "not long" tests $(but_by_asgi)

test-all: test test-long

upstream: .venv/.ready-tests  ## the extensions' own tests on both frameworks; half an hour. The documentation shows the figures
	$(python) -m tests.upstream --record

check: .venv/.ready-dev  ## lint and types
	$(python) -m ruff check .
	$(python) -m mypy

bench: .venv/.ready-tests  ## a quarter of an hour; `$(python) bench/page.py` then puts the results into the documentation
	$(python) bench/run.py

docs: .venv/.ready-dev  ## docs/_build/html; a warning is an error
	$(python) -m sphinx -W --keep-going -n -q -b html docs docs/_build/html

build: .venv/.ready-tests  ## source distribution and wheel into dist/
	$(python) -m hatchling build

clean:
	rm -rf .venv .venv-peers dist build docs/_build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.ready-%: pyproject.toml tools/environment
	tools/environment $*
