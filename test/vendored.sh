#!/usr/bin/env bash
# Holds the files of others that the console serves against what their makers published: npm brings the packages again, and each file has to be the
# same to the byte. With --write the files are replaced, for newer versions that were named below. It needs npm; without it nothing is compared, and
# it says so. That the files are those that are known here a Go test checks without any network (internal/console/vendored_test.go).
set -euo pipefail
cd "$(dirname "$0")/.."
into=internal/console/static
# package and version, the file in it, and its name here
files="htmx.org@4.0.1 dist/htmx.min.js htmx.min.js
htmx.org@4.0.1 LICENSE htmx.LICENSE
uplot@1.6.32 dist/uPlot.iife.min.js uplot.min.js
uplot@1.6.32 dist/uPlot.min.css uplot.min.css
uplot@1.6.32 LICENSE uplot.LICENSE"

if ! command -v npm >/dev/null; then
	echo "npm is not there: nothing was compared" >&2
	exit 0
fi
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
for package in $(cut -d ' ' -f 1 <<<"$files" | sort -u); do
	mkdir "$dir/$package"
	(cd "$dir/$package" && npm pack --silent "$package" >/dev/null && tar -xzf ./*.tgz)
done
while read -r package file name; do
	[ "${1:-}" != --write ] || cp "$dir/$package/package/$file" "$into/$name"
	cmp "$dir/$package/package/$file" "$into/$name"
	echo "$name is as $package has published it"
done <<<"$files"
if [ "${1:-}" = --write ]; then
	(cd "$into" && cut -d ' ' -f 3 <<<"$files" | xargs sha256sum) >internal/console/vendored.txt
fi
