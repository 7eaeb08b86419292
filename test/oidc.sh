#!/usr/bin/env bash
# Sees to it that bin/oidc is there: the npm package oidc-provider, a provider of OpenID Connect against which signing in is tested. It runs
# as a process of its own in one test, and nothing of it is part of jobzero. A no-op where it is; else npm brings what the lock file names,
# with the checksums there. Where it cannot be had this says so and is no failure: the test is skipped then, and fails where
# JOBZERO_REQUIRE_CORPUS is 1.
set -euo pipefail
cd "$(dirname "$0")/.."
from=test/oidc/provider to=bin/oidc

without() { echo "no provider of OpenID Connect: $1. Signing in is not tested against one" >&2; exit 0; }

if [ -d $to/node_modules ] && cmp -s $from/package-lock.json $to/package-lock.json && cmp -s $from/serve.mjs $to/serve.mjs; then
	exit 0
fi
command -v npm >/dev/null && command -v node >/dev/null || without "node and npm are needed"
echo "fetching a provider of OpenID Connect into $to"
rm -rf $to
mkdir -p $to
cp $from/package.json $from/package-lock.json $from/serve.mjs $to/
(cd $to && npm ci --silent --ignore-scripts >npm.log 2>&1) || { said=$(tail -n 3 $to/npm.log); rm -rf $to; without "npm ci: $said"; }
