package story

import (
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"jobzero/internal/effect"
	"jobzero/test/world"
)

// crashes is how many random moments the story is killed at.
func crashes() int {
	if n, err := strconv.Atoi(os.Getenv("JOBZERO_CRASHES")); err == nil && n > 0 {
		return n
	}
	return 20
}

// tally is what kills have come to.
type tally struct {
	effects  int // on record
	again    int // of them, tried more than once
	repeated int // repairing calls beyond one for each effect
}

// The demo story, killed with SIGKILL at a random moment and started again: every ticket is closed, nothing is lost, every
// effect is on record once, and the emulator's recorder has seen at most one call more than there are effects, for the
// process that died between a call and its record.
func TestKilledAtRandomMoments(t *testing.T) {
	h := begin(t, world.Options{
		Enforce: true, Settle: 300 * time.Millisecond, Visibility: 2 * time.Second,
		Limits: "share: 0, minute: 10000, day: 100000", // hundreds of rounds repair more than a playbook may within a day
	})
	start(t, h)
	const window = 1500 * time.Millisecond // in which all repairing happens
	var sum tally
	for i := range crashes() {
		offences := offend(t)
		record(t)
		tellAll(t, offences)
		after := rand.N(window)
		wait(t, after)
		h.Kill()
		start(t, h)
		round := witness(t, h, offences)
		if round.repeated > 1 {
			t.Errorf("round %d: %d calls more than effects after one kill", i, round.repeated)
		}
		t.Logf("round %d: killed after %4d ms, %d effects tried again, %d calls repeated", i, after.Milliseconds(), round.again, round.repeated)
		sum.effects, sum.again, sum.repeated = sum.effects+round.effects, sum.again+round.again, sum.repeated+round.repeated
	}
	command(t, h, "audit", "verify")
	t.Logf("%d kills: %d of %d effects needed more than one attempt, %d calls were repeated", crashes(), sum.again, sum.effects, sum.repeated)
}

// The worst moment of all: the call has been made, and the process dies before it hears of it. The effect is tried again, looks
// before it calls, and calls nothing.
func TestKilledBetweenTheCallAndItsRecord(t *testing.T) {
	h, tap := tapped(t, world.Options{Enforce: true, Settle: 300 * time.Millisecond, Visibility: 2 * time.Second})
	start(t, h)
	for i, o := range offend(t) {
		record(t)
		var once sync.Once
		dead := make(chan struct{})
		tap.OnAnswer(func(call string) {
			if repairs(call) {
				once.Do(func() {
					h.Kill()
					close(dead)
				})
			}
		})
		told(t, o, nil)
		select {
		case <-dead:
		case <-time.After(patience):
			t.Fatalf("%s: no repairing call was seen", o.Title)
		}
		start(t, h)
		round := witness(t, h, []world.Offence{o})
		if round.again != 1 || round.repeated != 0 {
			t.Errorf("round %d, %s: %d effects were tried again with %d calls too many; want one, and none", i, o.Title, round.again, round.repeated)
		}
	}
}

// tapped is begin with a tap between the house and the emulator.
func tapped(t testing.TB, o world.Options) (*world.House, *world.Tap) {
	t.Helper()
	if absent != "" {
		t.Skip(absent)
	}
	tap, err := shared.Tap()
	if err != nil {
		t.Fatal(err)
	}
	o.Endpoint = tap.Endpoint
	h := begin(t, o)
	t.Cleanup(func() { _ = tap.Close() })
	return h, tap
}

// repairs says whether a call is one of those that mend the offences of these stories.
func repairs(call string) bool {
	return call == "RevokeSecurityGroupIngress" || call == "UpdateAccessKey" || strings.HasPrefix(call, http.MethodPut+" ")
}

// witness waits until all offences are mended and holds the records against what the emulator has seen.
func witness(t *testing.T, h *world.House, offences []world.Offence) tally {
	t.Helper()
	var sum tally
	wanted := 0
	for _, o := range offences {
		tk := mended(t, h, o)
		made := effects(t, h, tk.ID)
		if !allDone(made, o.Effects) {
			t.Errorf("%s: want %d effects on record, done; got %+v", o.Title, o.Effects, made)
		}
		wanted += o.Effects
		sum.effects += len(made)
		for _, e := range made {
			if e.Attempts > 1 {
				sum.again++
			}
		}
	}
	made := writes(t)
	if len(made) < wanted {
		t.Errorf("the recorder saw %d repairing calls for %d effects: it is no witness", len(made), wanted)
	}
	sum.repeated = len(made) - wanted
	return sum
}

func allDone(effects []effect.Effect, want int) bool {
	for _, e := range effects {
		if e.State != effect.Done {
			return false
		}
	}
	return len(effects) == want
}

// The bus is only motion: without it everything still finishes.
func TestTheWholeBusIsDeletedInTheMiddle(t *testing.T) {
	h := begin(t, world.Options{Enforce: true, Settle: 300 * time.Millisecond, Visibility: 2 * time.Second})
	start(t, h)
	offences := tellAll(t, offend(t))
	wait(t, 400*time.Millisecond)
	h.Kill()
	if err := os.RemoveAll(filepath.Join(h.Dir, "data", "bus")); err != nil {
		t.Fatal(err)
	}
	start(t, h)
	for _, o := range offences {
		mended(t, h, o)
	}
}
