#!/usr/bin/env bash
# Sees to it that bin/axe.min.js is there: axe-core 4.14.1 (MPL-2.0), which finds what keeps people out of a page. It is for tests alone and is
# not shipped. A no-op where it is; else npm brings it, and its checksum has to be right. Where it cannot be had this says so and is no failure:
# the test is skipped then, and fails where JOBZERO_REQUIRE_BROWSER is 1.
set -euo pipefail
cd "$(dirname "$0")/.."
package=axe-core@4.14.1
sum=29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c

right() { echo "$sum  $1" | sha256sum --check --status; }
if [ -f bin/axe.min.js ] && right bin/axe.min.js; then
	exit 0
fi
if ! command -v npm >/dev/null; then
	echo "no axe-core: npm is needed to fetch it" >&2
	exit 0
fi
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
if ! (cd "$dir" && npm pack --silent "$package" >/dev/null 2>npm.log); then
	echo "no axe-core: npm pack $package: $(tail -n 3 "$dir/npm.log")" >&2
	exit 0
fi
tar -xzf "$dir"/*.tgz -C "$dir" package/axe.min.js
if ! right "$dir/package/axe.min.js"; then
	echo "axe.min.js of $package is not the one that is known here: its SHA-256 is not $sum" >&2
	exit 1
fi
mkdir -p bin
mv "$dir/package/axe.min.js" bin/axe.min.js
