#!/usr/bin/env bash
# What must hold before anything else counts: formatting, vet, linters, generated code and pages current, module tidy, no known
# vulnerability that is reachable. Each step says what to do when it fails.
set -euo pipefail
cd "$(dirname "$0")/.."
tool() { go tool -modfile=tools/go.mod "$@"; }
step() { printf '%-28s' "$1"; }
ok() { echo ok; }
bad() { echo "FAILED"; echo "$1"; exit 1; }

step "formatting"
out=$(tool gofumpt -l $(git ls-files '*.go' | grep -v '^internal/store/db/'))
[ -z "$out" ] || bad "not formatted (run: go tool -modfile=tools/go.mod gofumpt -w FILE):
$out"
ok

step "module is tidy"
go mod tidy -diff >/dev/null 2>&1 || bad "go.mod or go.sum is not what \`go mod tidy\` makes of it: run it"
ok

step "vet and linters"
out=$(tool golangci-lint run --timeout 15m 2>&1) || bad "$out"
ok

step "generated SQL is current"
out=$(tool sqlc diff 2>&1) || bad "$out
run: make generate"
ok

step "reference pages are current"
out=$(go run ./test/reference 2>&1) || bad "$out
run: make docs"
ok

step "known vulnerabilities"
db=${JOBZERO_VULNDB:-../shared/vulndb/db.tgz}
if [ -f "$db" ]; then
	dir=$(mktemp -d)
	trap 'rm -rf "$dir"' EXIT
	tar -xzf "$db" -C "$dir"
	root=$(find "$dir" -type d -name index -printf '%h\n' | head -n 1)
	out=$(tool govulncheck -db "file://$root" ./cmd/jobzero 2>&1) || bad "$out"
	ok
else
	echo "left out: no offline database at $db (set JOBZERO_VULNDB)"
fi
