package crash

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"jobzero/internal/testpg"
)

// size is how much a test has to do and how often it kills: `make crash` asks for 200 kills and 2,000 runs.
func size(otherwise int) (runs, kills int) {
	kills = number("JOBZERO_CRASHES", otherwise)
	return number("JOBZERO_CRASH_RUNS", 10*kills), kills
}

// chance is the randomness of a test. Its seed is printed, and taken from JOBZERO_CRASH_SEED where that is given: what is killed and when
// is the same then, although what it is doing at that moment is not.
func chance(t *testing.T) *rand.Rand {
	t.Helper()
	seed, err := strconv.ParseUint(os.Getenv("JOBZERO_CRASH_SEED"), 10, 64)
	if err != nil {
		seed = rand.Uint64()
	}
	t.Logf("JOBZERO_CRASH_SEED=%d repeats this", seed)
	return rand.New(rand.NewPCG(seed, seed))
}

// longestLife is how long a process lives at most between two kills.
const longestLife = 400 * time.Millisecond

// One process on SQLite with the embedded bus, killed again and again.
func TestKilledOnSQLite(t *testing.T) {
	runtime.LockOSThread() // children end when the thread ends that started them
	runs, kills := size(20)
	r, dir := chance(t), t.TempDir()
	l := newLoad(t, "sqlite://"+filepath.Join(dir, "jobzero.db"), runs)
	w := &process{t: t, name: "the worker", as: child{Database: "sqlite://" + filepath.Join(dir, "jobzero.db"), Dir: dir, Witness: l.witness.url}}
	idle := 0
	began := time.Now()
	l.during(func() {
		w.start()
		for range kills {
			pause(t, time.Duration(r.Int64N(int64(longestLife))))
			idle += l.idle()
			w.kill()
			w.start()
		}
		t.Logf("the last kill after %s", time.Since(began).Round(time.Millisecond))
		l.finish(patience(l.runs))
		t.Logf("everything is done after %s", time.Since(began).Round(time.Millisecond))
	})
	w.stop()
	unpoisoned(w)
	l.judge(kills, idle)
}

// Two replicas on PostgreSQL with three servers of NATS: all of them are killed, PostgreSQL too, and once all that NATS keeps is lost.
func TestKilledOnPostgresAndNATS(t *testing.T) {
	runtime.LockOSThread()
	runs, kills := size(10) // servers that elect a new leader take their time
	r, pg := chance(t), testpg.Own(t)
	nodes, urls := cluster(t)
	l := newLoad(t, pg.URL, runs)
	var workers []*process
	for _, name := range []string{"replica 1", "replica 2"} {
		workers = append(workers, &process{t: t, name: name, as: child{Database: pg.URL, Bus: urls, Witness: l.witness.url}})
	}
	workerKills, idle := 0, 0
	began := time.Now()
	l.during(func() {
		for _, w := range workers {
			w.start()
		}
		for i := range kills {
			pause(t, time.Duration(r.Int64N(int64(longestLife))))
			idle += l.idle()
			switch who := r.IntN(4); {
			case i == kills/3 || i == 2*kills/3:
				if err := pg.Kill(); err != nil {
					t.Fatal(err)
				}
			case i == kills/2:
				lose(t, nodes)
			case who == 3:
				n := nodes[r.IntN(len(nodes))]
				n.kill()
				n.start()
			default:
				w := workers[r.IntN(len(workers))]
				w.kill()
				w.start()
				workerKills++
			}
		}
		t.Logf("the last kill after %s", time.Since(began).Round(time.Millisecond))
		l.finish(patience(l.runs))
		t.Logf("everything is done after %s", time.Since(began).Round(time.Millisecond))
	})
	for _, w := range workers {
		w.stop()
		unpoisoned(w)
	}
	l.judge(kills, idle)
	t.Logf("%d kills of replicas, %d of servers of NATS or PostgreSQL", workerKills, kills-workerKills)
	for _, n := range nodes {
		n.stop()
	}
}

// patience is how long what is left after the kills may take: many times what it takes.
func patience(runs int) time.Duration { return time.Minute + time.Duration(runs)*500*time.Millisecond }

// during has people answer while something is done.
func (l *load) during(do func()) {
	l.t.Helper()
	ctx, stop := context.WithCancel(l.t.Context())
	var all sync.WaitGroup
	all.Go(func() { l.people(ctx) })
	defer all.Wait()
	defer stop()
	do()
}

func unpoisoned(p *process) {
	p.t.Helper()
	for _, s := range p.words("poisoned") {
		p.t.Errorf("%s gave something up: %s", p.name, s)
	}
}
