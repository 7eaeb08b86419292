package quality

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"sync"
	"testing"

	"jobzero/test/genlogs/cloudlog"
)

const (
	benignEvents = 200_000
	allowed      = 10_000 // one alert of level high or above in so many benign events is allowed
)

// madeUp judges made-up events, none of which is planted: that nothing is, is the generator's word for it. Two tests want to
// know; they are judged once.
func madeUp(t *testing.T) Noise {
	t.Helper()
	n, err := noiseOnce()
	if err != nil {
		t.Fatal(err)
	}
	n.ByLevel, n.ByRule = maps.Clone(n.ByLevel), maps.Clone(n.ByRule)
	return n
}

var noiseOnce = sync.OnceValues(func() (n Noise, err error) {
	j, err := NewJudge()
	if err != nil {
		return n, err
	}
	log := cloudlog.New(cloudlog.Options{Seed: 1, Events: benignEvents, Plant: benignEvents + 1})
	for o := range log.Objects() {
		var file struct{ Records []json.RawMessage }
		if err := json.Unmarshal(o.JSON, &file); err != nil {
			return n, err
		}
		for _, raw := range file.Records {
			e, whole, err := read(raw)
			if err != nil || !whole {
				return n, fmt.Errorf("%s is no record: %w", raw, err)
			}
			n.Take(j.Alerts(e))
		}
	}
	if planted := log.Manifest().Planted; len(planted) > 0 || n.Events < benignEvents {
		return n, fmt.Errorf("%d events, planted %v; want %d and none", n.Events, planted, benignEvents)
	}
	return n, nil
})

// negatives judges the samples that want no alert. Those about which another rule of ours rightly alerts are not benign.
func negatives(t *testing.T, j *Judge, c Corpus, reasons *Reasons, n *Noise) {
	t.Helper()
	for _, s := range c.Samples {
		if !s.Judged || s.Want || reasons.Of(c.Name, s.Key).Kind == Ours {
			continue
		}
		for _, e := range s.Events {
			n.Take(j.Alerts(e))
		}
	}
}

// quietMorning judges the file of the demo in which nothing has happened yet.
func quietMorning(t *testing.T, j *Judge, n *Noise) {
	t.Helper()
	before := n.Events
	c, err := Trails("demo", os.DirFS("../demo"), "logs/AWSLogs/111122223333/CloudTrail/us-east-1/2026/11/20")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range c.Samples[0].Events {
		n.Take(j.Alerts(e))
	}
	if n.Events != before+5 {
		t.Fatalf("%d events of the demo's morning, want 5", n.Events-before)
	}
}

// TestBenign needs no corpus: the made-up events and the demo's may not be louder than is allowed.
func TestBenign(t *testing.T) {
	j := judge(t)
	n := madeUp(t)
	quietMorning(t, j, &n)
	quiet(t, n)
}

func quiet(t *testing.T, n Noise) {
	t.Helper()
	if n.Loud*allowed > n.Events {
		t.Errorf("%d alerts of level high or above in %d benign events, at most one in %d is allowed: %v", n.Loud, n.Events, allowed, n.ByRule)
	}
}
