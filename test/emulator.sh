#!/usr/bin/env bash
# Sees to it that the AWS emulator is there. A no-op where it is; else it goes into .venv, with pinned versions.
set -euo pipefail
cd "$(dirname "$0")/.."
want=5.2.1

for program in "${JOBZERO_MOTO:-}" .venv/bin/moto_server moto_server; do
	[ -n "$program" ] && command -v "$program" >/dev/null 2>&1 || continue
	# moto_server has no --version; ask the Python beside it.
	python=$(head -n 1 "$(command -v "$program")" | sed -n 's/^#!//p')
	case "$python" in *python*) ;; *) python=python3 ;; esac
	have=$($python -c 'import moto; print(moto.__version__)' 2>/dev/null || true)
	[ "$have" = "$want" ] && exit 0
done
echo "installing the AWS emulator (moto $want) into .venv"
python3 -m venv .venv
.venv/bin/pip install --quiet --disable-pip-version-check -r test/requirements-emulator.txt
