#!/usr/bin/env bash
# How fast `jobzero replay` is, as ratios that mean the same on every machine: its CPU time against that of `gzip -dc` on the
# same files, one processor against two, many rules against few; and how much memory it needs.
#
#   test/bench/replay.sh [-n ROUNDS] [-e EVENTS] [-r DIR]… [-R DIR]…
#
#   -n ROUNDS  how often each pair is measured; 5
#   -e EVENTS  size of the made-up log; 200000
#   -r DIR     rules to measure with; repeatable; content/rules
#   -R DIR     many rules, measured against those of -r; repeatable; none
#
# The logs are made once and kept in $JOBZERO_BENCH_DIR (${TMPDIR:-/tmp}/jobzero-bench). Needs bash 4.4, Go and gzip; taskset and
# GNU time where they are there. It prints a table and then the figures as one line of JSON.
set -euo pipefail
export LC_ALL=C # a decimal point is a point
here=$PWD
cd "$(dirname "$0")/../.."

usage() { sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' test/bench/replay.sh; }
die() { echo "replay.sh: $*" >&2; exit 2; }
note() { echo "note: $*" >&2; }

# folder DIR: its path, as seen from where the person stands.
folder() {
	local path=$1
	[[ $path = /* ]] || path=$here/$path
	[ -d "$path" ] || die "there is no folder $path"
	echo "$path"
}

rounds=5 events=200000 base=() many=()
while getopts 'n:e:r:R:h' option; do
	case $option in
	n) rounds=$OPTARG ;;
	e) events=$OPTARG ;;
	r) base+=("$(folder "$OPTARG")") || exit ;;
	R) many+=("$(folder "$OPTARG")") || exit ;;
	h) usage; exit ;;
	*) usage >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -eq 0 ] || die "does not know what to do with $*"
[[ $rounds =~ ^[1-9][0-9]*$ && $events =~ ^[1-9][0-9]*$ ]] || die "-n and -e take a number above zero"
[ ${#base[@]} -gt 0 ] || base=(content/rules)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# ---- what is measured ----

program=$work/jobzero
go build -o "$program" ./cmd/jobzero

cache=${JOBZERO_BENCH_DIR:-${TMPDIR:-/tmp}/jobzero-bench}
[[ $cache = /* ]] || cache=$here/$cache
logs=$cache/logs-$events
if [ ! -f "$logs/manifest.json" ]; then # it is written last: without it the log is not complete
	rm -rf "$logs"
	go run ./test/genlogs -out "$logs" -events "$events" >&2
elif [ -n "$(find test/genlogs -newer "$logs/manifest.json" \( -name '*.txt' -o -name '*.go' ! -name '*_test.go' \))" ]; then
	note "the generator has changed since $logs was made; remove that folder to have it made anew"
fi
mapfile -d '' -t files < <(find "$logs/AWSLogs" -name '*.json.gz' -print0 | sort -z)

# The processors that this process may use, "0-3,8" written out: in a container they need not begin at 0.
cores=()
if command -v taskset >/dev/null; then
	IFS=, read -r -a ranges <<<"$(taskset -pc $$ | sed 's/.*: //')"
	for range in "${ranges[@]}"; do
		mapfile -t -O "${#cores[@]}" cores < <(seq "${range%-*}" "${range#*-}")
	done
	one=(env GOMAXPROCS=1 taskset -c "${cores[0]}") two=()
	if [ ${#cores[@]} -gt 1 ]; then
		two=(env GOMAXPROCS=2 taskset -c "${cores[0]},${cores[1]}")
	else
		note "only one processor: the speed on two is left out"
	fi
else
	note "no taskset: processes are not bound to processors, and GOMAXPROCS alone holds jobzero to one or two"
	one=(env GOMAXPROCS=1) two=(env GOMAXPROCS=2)
fi

unpack() { "$@" gzip -dc "${files[@]}"; }
# replay NAME PREFIX…: one run, with the rules of the folders in the array of that name.
replay() {
	local -n folders=$1
	shift
	"$@" "$program" replay --format json --stats "${folders[@]/#/--rules=}" "$logs/AWSLogs"
}

# measure NAME COMMAND…: runs it with its output thrown away; CPU seconds (user and system) and wall seconds go to NAME.cpu and
# NAME.wall, a line a run. The shell's own time counts children, and needs no other program.
measure() {
	local name=$1 TIMEFORMAT='%U %S %R' user system wall
	shift
	{ time "$@" >/dev/null 2>"$work/err"; } 2>"$work/time" || die "$* failed:
$(tail -n 5 "$work/err")"
	read -r user system wall <"$work/time"
	awk -v u="$user" -v s="$system" 'BEGIN { printf "%.3f\n", u + s }' >>"$work/$name.cpu"
	echo "$wall" >>"$work/$name.wall"
}

# figure NAME: a number out of the last run's --stats.
figure() { tail -n 1 "$work/err" | sed -nE "s/.*\"$1\":([0-9.]+).*/\1/p"; }

# median FILE: of its lines; half way between the two in the middle where their number is even.
median() { sort -g "$1" | awk '{ v[NR] = $1 } END { printf "%.3f", (v[int((NR + 1) / 2)] + v[int((NR + 2) / 2)]) / 2 }'; }

# ratio FILE FILE: the median of the rounds' ratios. Both of a round ran one after the other, so that what else the machine did
# weighs on both.
ratio() { paste "$1" "$2" | awk '{ print $1 / $2 }' >"$work/ratios"; median "$work/ratios"; }

# ---- measuring ----

# The first runs bring the files into memory and are not counted. The second also shows that what is measured works.
unpack "${one[@]}" >/dev/null
measure warm replay base "${one[@]}"
want=$(sed -nE 's/.*"events": ([0-9]+).*/\1/p' "$logs/manifest.json")
read_events=$(figure events) findings=$(figure findings) json=$(figure bytes_json)
[ "$read_events" = "$want" ] || die "replay read $read_events events; there are $want in $logs"
[ "$(figure dead_letters)" = 0 ] || die "replay made $(figure dead_letters) dead letters of $logs"

for ((i = 0; i < rounds; i++)); do
	measure gzip unpack "${one[@]}"
	measure one replay base "${one[@]}"
done
if [ ${#two[@]} -gt 0 ]; then
	for ((i = 0; i < rounds; i++)); do
		measure single replay base "${one[@]}"
		measure double replay base "${two[@]}"
	done
fi
if [ ${#many[@]} -gt 0 ]; then
	for ((i = 0; i < rounds; i++)); do
		measure few replay base "${one[@]}"
		measure many replay many "${one[@]}"
	done
fi

# peak: the most memory that a run has had, in MB, with as many processors as it likes.
peak() {
	local kb=0 now
	if /usr/bin/time -v true 2>/dev/null; then
		replay base /usr/bin/time -v >/dev/null 2>"$work/err"
		kb=$(sed -nE 's/.*Maximum resident set size \(kbytes\): //p' "$work/err")
	elif [ -r /proc/self/status ]; then
		replay base exec >/dev/null 2>&1 & # exec: the process is the program itself, not the shell around it
		while now=$(sed -nE 's/^VmHWM:[^0-9]*([0-9]+).*/\1/p' "/proc/$!/status" 2>/dev/null) && [ -n "$now" ]; do
			kb=$now # a high-water mark: the last one seen is the highest
			sleep 0.02
		done
		wait $!
	else
		note "neither GNU time nor /proc: memory is not measured"
		return
	fi
	awk -v kb="$kb" 'BEGIN { printf "%.1f", kb / 1024 }'
}
memory=$(peak)

# ---- telling ----

gzip_cpu=$(median "$work/gzip.cpu") replay_cpu=$(median "$work/one.cpu") against_gzip=$(ratio "$work/one.cpu" "$work/gzip.cpu")
speed=$(awk -v n="$read_events" -v s="$replay_cpu" 'BEGIN { printf "%d", n / s }')
row() { printf '%-34s %s\n' "$1" "$2"; }
row "log" "$read_events events, $((json / 1000000)) MB of JSON, ${#files[@]} objects"
row "rules" "${base[*]}, $findings findings"
row "gzip -dc, one core" "$gzip_cpu s of CPU"
row "replay, one core" "$replay_cpu s of CPU, $speed events a second"
row "replay / gzip" "$against_gzip   (median of $rounds pairs)"
wall_one=null wall_two=null speedup=null many_cpu=null many_ratio=null
if [ -f "$work/double.wall" ]; then
	wall_one=$(median "$work/single.wall") wall_two=$(median "$work/double.wall") speedup=$(ratio "$work/single.wall" "$work/double.wall")
	row "replay, wall time" "$wall_one s on one core, $wall_two s on two"
	row "one core / two cores" "$speedup"
fi
[ -z "$memory" ] || row "peak memory" "$memory MB"
if [ -f "$work/many.cpu" ]; then
	many_cpu=$(median "$work/many.cpu") many_ratio=$(ratio "$work/many.cpu" "$work/few.cpu")
	row "replay with many rules" "$many_cpu s of CPU (${many[*]})"
	row "many rules / few rules" "$many_ratio"
fi
printf '{"events":%s,"bytes_json":%s,"findings":%s,"rounds":%s,"gzip_cpu_s":%s,"replay_cpu_s":%s,"events_per_cpu_s":%s,"replay_gzip":%s,"wall_one_s":%s,"wall_two_s":%s,"one_two":%s,"peak_mb":%s,"many_cpu_s":%s,"many_few":%s}\n' \
	"$read_events" "$json" "$findings" "$rounds" "$gzip_cpu" "$replay_cpu" "$speed" "$against_gzip" "$wall_one" "$wall_two" "$speedup" "${memory:-null}" "$many_cpu" "$many_ratio"
