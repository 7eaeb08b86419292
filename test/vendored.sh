#!/usr/bin/env bash
# Holds the files of others that the console serves against what their makers published: npm brings the package again, and each file has to be the
# same to the byte. With --write the files are replaced, for a newer version that was named below. It needs npm; without it nothing is compared, and
# it says so. That the files are those that are known here a Go test checks without any network (internal/console/vendored_test.go).
set -euo pipefail
cd "$(dirname "$0")/.."
package=htmx.org@4.0.1
into=internal/console/static

if ! command -v npm >/dev/null; then
	echo "npm is not there: nothing was compared" >&2
	exit 0
fi
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
(cd "$dir" && npm pack --silent "$package" >/dev/null)
tar -xzf "$dir"/*.tgz -C "$dir"
if [ "${1:-}" = --write ]; then
	cp "$dir/package/dist/htmx.min.js" "$into/htmx.min.js"
	cp "$dir/package/LICENSE" "$into/htmx.LICENSE"
	(cd "$into" && sha256sum htmx.min.js htmx.LICENSE) >internal/console/vendored.txt
fi
cmp "$dir/package/dist/htmx.min.js" "$into/htmx.min.js"
cmp "$dir/package/LICENSE" "$into/htmx.LICENSE"
echo "$package is as it was published"
