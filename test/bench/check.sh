#!/usr/bin/env bash
# How fast `jobzero check` is: its CPU time against that of cfn-guard on the same made-up templates, and what a start costs.
#
#   test/bench/check.sh [-n ROUNDS] [-t TEMPLATES]
#
#   -n ROUNDS     how often each pair is measured; 5
#   -t TEMPLATES  how many templates of 51 resources; 100
#
# First the findings of the controls that both have are compared (test/bench/controls.txt): the resources that fail have to be the
# same ones. cfn-guard and its bundled rules come from the npm package @cdklabs/cdk-validator-cfnguard, fetched once into
# $JOBZERO_BENCH_DIR (${TMPDIR:-/tmp}/jobzero-bench). Needs bash 4.4, Go, npm and Linux on x86_64 or aarch64. It prints a table and
# then the figures as one line of JSON; the exit code is 1 when findings differ or a figure is not what is wanted.
set -euo pipefail
export LC_ALL=C # a decimal point is a point
here=$PWD
cd "$(dirname "$0")/../.."

usage() { sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' test/bench/check.sh; }
die() { echo "check.sh: $*" >&2; exit 2; }

rounds=5 templates=100
while getopts 'n:t:h' option; do
	case $option in
	n) rounds=$OPTARG ;;
	t) templates=$OPTARG ;;
	h) usage; exit ;;
	*) usage >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -eq 0 ] || die "does not know what to do with $*"
[[ $rounds =~ ^[1-9][0-9]*$ && $templates =~ ^[1-9][0-9]*$ ]] || die "-n and -t take a number above zero"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cache=${JOBZERO_BENCH_DIR:-${TMPDIR:-/tmp}/jobzero-bench}
[[ $cache = /* ]] || cache=$here/$cache

# ---- what is measured ----

version=0.0.62 # it carries cfn-guard 3.1.1
guard=$cache/cfnguard-$version
if [ ! -d "$guard/package" ]; then
	command -v npm >/dev/null || die "npm is needed to fetch cfn-guard"
	mkdir -p "$guard.new"
	(cd "$guard.new" && npm pack --silent "@cdklabs/cdk-validator-cfnguard@$version" >/dev/null && tar xzf ./*.tgz && rm ./*.tgz)
	rm -rf "$guard"
	mv "$guard.new" "$guard"
fi
theirs=$guard/package/bin/ubuntu/$(uname -m)/cfn-guard
[ -x "$theirs" ] || die "there is no cfn-guard for this machine: $theirs"
rules=$guard/package/rules/control-tower/cfn-guard

go build -o "$work/jobzero" ./cmd/jobzero
go build -o "$work/compare" ./test/bench/compare
go run ./test/gentemplates -out "$work/templates" -templates "$templates"

# Each gives the exit code that means it ran: both end with another when something fails, as it does here.
theirs() { "$theirs" validate -r "$rules" -d "$1" -z -o json -S none || [ $? -eq 19 ]; }
ours() { "$work/jobzero" check --format json "$1" || [ $? -eq 1 ]; }

# measure NAME COMMAND…: runs it with its output thrown away; CPU seconds (user and system) and wall seconds go to NAME.cpu and
# NAME.wall, a line a run.
measure() {
	local name=$1 TIMEFORMAT='%U %S %R' user system wall
	shift
	{ time "$@" >/dev/null 2>"$work/err"; } 2>"$work/time" || die "$* failed:
$(tail -n 5 "$work/err")"
	read -r user system wall <"$work/time"
	awk -v u="$user" -v s="$system" 'BEGIN { printf "%.3f\n", u + s }' >>"$work/$name.cpu"
	echo "$wall" >>"$work/$name.wall"
}
median() { sort -g "$1" | awk '{ v[NR] = $1 } END { printf "%.4g", (v[int((NR + 1) / 2)] + v[int((NR + 2) / 2)]) / 2 }'; }
least() { sort -g "$1" | head -n 1; }
ratio() { paste "$1" "$2" | awk '{ print $1 / $2 }' >"$work/ratios"; median "$work/ratios"; }
row() { printf '%-42s %s\n' "$1" "$2"; }

# ---- findings first ----

bad=0
for form in json yaml; do
	theirs "$work/templates/$form" >"$work/theirs.$form" 2>"$work/err" || die "cfn-guard failed: $(tail -n 3 "$work/err")"
	ours "$work/templates/$form" >"$work/ours.$form" 2>"$work/err" || die "jobzero failed: $(tail -n 3 "$work/err")"
	echo "resources that fail, templates in ${form^^}:"
	"$work/compare" test/bench/controls.txt "$work/theirs.$form" "$work/ours.$form" || bad=1
done
row "made-up templates" "$templates of 51 resources; $(tail -n 1 "$work/err")"

# ---- measuring ----

figures=
for form in json yaml; do
	for ((i = 0; i < rounds; i++)); do
		measure "theirs-$form" theirs "$work/templates/$form"
		measure "ours-$form" ours "$work/templates/$form"
	done
	part=$(ratio "$work/theirs-$form.cpu" "$work/ours-$form.cpu")
	row "cfn-guard 3.1.1, ${form^^}" "$(median "$work/theirs-$form.cpu") s of CPU"
	row "jobzero check, ${form^^}, all expectations" "$(median "$work/ours-$form.cpu") s of CPU, $(median "$work/ours-$form.wall") s"
	row "cfn-guard / jobzero, ${form^^}" "$part   (median of $rounds pairs; wanted 40)"
	awk -v r="$part" 'BEGIN { exit r < 40 }' || bad=1
	figures+="\"guard_jobzero_$form\":$part,"
done

cat >"$work/small.yaml" <<'YAML'
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Data:
    Type: AWS::S3::Bucket
    Properties:
      VersioningConfiguration: {Status: Enabled}
YAML
for ((i = 0; i < 20; i++)); do
	measure start ours "$work/small.yaml"
done
row "one small template, the quickest of 20" "$(least "$work/start.cpu") s of CPU, $(least "$work/start.wall") s   (wanted 0.15 s)"
row "load of the machine" "$(cut -d ' ' -f 1-3 /proc/loadavg), $(nproc) processors"
awk -v w="$(least "$work/start.wall")" 'BEGIN { exit w > 0.15 }' || bad=1
printf '{"templates":%s,"rounds":%s,%s"start_cpu_s":%s,"start_wall_s":%s}\n' "$templates" "$rounds" "$figures" "$(least "$work/start.cpu")" "$(least "$work/start.wall")"
exit $bad
