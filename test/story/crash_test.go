package story

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/testmoto"
	"jobzero/test/world"
)

// crashes is how many random moments the story is killed at.
func crashes() int {
	if n, err := strconv.Atoi(os.Getenv("JOBZERO_CRASHES")); err == nil && n > 0 {
		return n
	}
	return 20
}

// The demo story, killed with SIGKILL at a random moment and started again: every ticket is closed, nothing is lost, every
// effect is on record once, and the emulator's recorder has seen at most one call more than there are effects, for the
// process that died between a call and its record.
func TestKilledAtRandomMoments(t *testing.T) {
	h := begin(t, world.Options{Enforce: true})
	start(t, h)
	repeated := 0
	for i := range crashes() {
		if err := shared.AWS.Record(t.Context()); err != nil {
			t.Fatal(err)
		}
		offences := offend(t)
		wait(t, time.Duration(rand.Int64N(int64(2500*time.Millisecond))))
		h.Kill()
		start(t, h)
		extra := witness(t, h, offences)
		if extra > 1 {
			t.Errorf("round %d: %d calls more than effects after one kill", i, extra)
		}
		repeated += extra
	}
	if _, err := h.Run(t.Context(), "audit", "verify", "--config", "jobzero.yaml"); err != nil {
		t.Error(err)
	}
	t.Logf("%d kills, %d calls repeated", crashes(), repeated)
}

// witness checks one round and says how many repairing calls there were beyond one for each effect.
func witness(t *testing.T, h *world.House, offences []world.Offence) int {
	t.Helper()
	wanted := 0
	for _, o := range offences {
		tk := mended(t, h, o)
		effects, err := world.List[effect.Effect](t.Context(), h, "action", "list", "--ticket", string(tk.ID))
		if err != nil {
			t.Fatal(err)
		}
		wanted += o.Effects
		if !allDone(effects, o.Effects) {
			t.Errorf("%s: want %d effects on record, done; got %+v", o.Title, o.Effects, effects)
		}
	}
	calls, err := shared.AWS.Calls(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	repairs := 0
	for _, c := range testmoto.Writes(calls) {
		if c.Account == "" && c.Service != "sqs" && c.Service != "sts" { // the driver's calls carry the account's header, the house's do not
			repairs++
		}
	}
	if repairs < wanted {
		t.Errorf("the recorder saw %d repairing calls for %d effects: it is no witness", repairs, wanted)
	}
	return repairs - wanted
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
	h := begin(t, world.Options{Enforce: true})
	start(t, h)
	offences := offend(t)
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

// wait lets the story go on for a while: the moment of a kill is the input of these tests.
func wait(t *testing.T, d time.Duration) {
	t.Helper()
	select {
	case <-time.After(d):
	case <-t.Context().Done():
	}
}
