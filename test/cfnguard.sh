#!/usr/bin/env bash
# Sees to it that bin/cfn-guard is there: CloudFormation Guard 3.1.1, by which the test of the written Guard rules holds them against
# their expectations. A no-op where it is; else npm brings the package that carries it, and its checksum has to be right. Where it cannot
# be had this says so and is no failure: the test is skipped then, and fails where JOBZERO_REQUIRE_CORPUS is 1.
set -euo pipefail
cd "$(dirname "$0")/.."
package=@cdklabs/cdk-validator-cfnguard@0.0.62

without() { echo "no cfn-guard: $1. The written Guard rules are not held against it; to have it, name a binary of cfn-guard 3.1.1 in JOBZERO_CFNGUARD" >&2; exit 0; }

[ -z "${JOBZERO_CFNGUARD:-}" ] || exit 0 # somebody has one of their own
machine=$(uname -s)/$(uname -m)
case $machine in
Linux/x86_64) from=ubuntu/x86_64 sum=9c7a820318676dc7372f6756ddfc7ca5f0c019299fb5505fda6dfd54718c58bd ;;
Linux/aarch64) from=ubuntu/aarch64 sum=f596043df77b6e839759e90e3d08671b5384c6e07d4a9c34f6d0bfbc76148154 ;;
*) without "$package has none for $machine that is known here" ;;
esac
right() { echo "$sum  $1" | sha256sum --check --status; }

if [ -x bin/cfn-guard ] && right bin/cfn-guard; then
	exit 0
fi
command -v npm >/dev/null || without "npm is needed to fetch it"
echo "fetching cfn-guard 3.1.1 ($package) into bin"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
(cd "$dir" && npm pack --silent "$package" >/dev/null 2>npm.log) || without "npm pack $package: $(tail -n 3 "$dir/npm.log")"
tar -xzf "$dir"/*.tgz -C "$dir" "package/bin/$from/cfn-guard"
if ! right "$dir/package/bin/$from/cfn-guard"; then
	echo "cfn-guard of $package is not the one that is known here: its SHA-256 is not $sum. Do not run it; see test/cfnguard.sh" >&2
	exit 1
fi
mkdir -p bin
mv "$dir/package/bin/$from/cfn-guard" bin/cfn-guard
