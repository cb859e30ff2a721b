#!/bin/sh
# Lint and test the trainer. Makes .venv from pyproject.toml's pinned versions on first use; where the package index can't be
# reached it says so and succeeds, because nothing else in the project needs Python.
set -eu
cd "$(dirname "$0")"
python="${ATELIER_PYTHON:-}"
if [ -z "$python" ]; then
  python=.venv/bin/python
  if [ ! -x .venv/complete ]; then
    rm -rf .venv
    if ! { python3 -m venv .venv && .venv/bin/pip install --quiet --disable-pip-version-check --retries 1 --timeout 20 -e '.[test]'; } 2>/tmp/atelier-trainer-pip.log; then
      rm -rf .venv
      echo "trainer: skipped, its Python packages can't be installed here (see /tmp/atelier-trainer-pip.log)"
      exit 0
    fi
    touch .venv/complete && chmod +x .venv/complete
  fi
fi
"$python" -m ruff check .
"$python" -m ruff format --check .
OMP_NUM_THREADS=1 "$python" -m pytest "$@"
