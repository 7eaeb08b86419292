#!/usr/bin/env bash
# Sees to it that bin/oracle is there: the npm package @cloud-copilot/iam-simulate (AGPL-3.0), against whose decisions ours are held. It runs as
# a process of its own in one test, and nothing of it is part of jobzero. A no-op where it is; else npm brings what the lock file names,
# with the checksums there. Where it cannot be had this says so and is no failure: the test is skipped then, and fails where
# JOBZERO_REQUIRE_CORPUS is 1.
set -euo pipefail
cd "$(dirname "$0")/.."
from=test/access/oracle to=bin/oracle

without() { echo "no other evaluator of IAM: $1. Decisions are not held against it" >&2; exit 0; }

if [ -d $to/node_modules ] && cmp -s $from/package-lock.json $to/package-lock.json && cmp -s $from/decide.mjs $to/decide.mjs; then
	exit 0
fi
command -v npm >/dev/null && command -v node >/dev/null || without "node and npm are needed"
echo "fetching what decisions are held against into $to"
rm -rf $to
mkdir -p $to
cp $from/package.json $from/package-lock.json $from/decide.mjs $to/
(cd $to && npm ci --silent --ignore-scripts >npm.log 2>&1) || { said=$(tail -n 3 $to/npm.log); rm -rf $to; without "npm ci: $said"; }
