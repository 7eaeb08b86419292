package series_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"jobzero/internal/detect/baseline/series"
)

var monday = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

// noise is the same small unrest for every run, about -1 to 1.
func noise(i int) float64 { return math.Sin(float64(i)*12.9898) * math.Cos(float64(i*i%997)) }

// TestStories: what people call unusual scores higher than everything before it, and says why.
func TestStories(t *testing.T) {
	const days, at = 14, 12 * 288 // a value each 5 minutes; something happens on the 13th day
	calm := func(i int) float64 { return 50 + noise(i) }
	tide := func(i int) float64 { return 50 + 40*math.Sin(2*math.Pi*float64(i)/288) + noise(i) }
	for name, c := range map[string]struct {
		usual, changed func(i int) float64
		why            string
	}{
		"spike":       {calm, func(i int) float64 { return calm(i) + 40 }, "from the level"},
		"drop":        {calm, func(i int) float64 { return calm(i) - 40 }, "from the level"},
		"small shift": {calm, func(i int) float64 { return calm(i) + 3 }, "the recent mean"},
		"missed tide": {tide, func(int) float64 { return 50 }, "off what is usual at their time of day"},
		"flat line":   {func(int) float64 { return 7 }, func(int) float64 { return 8 }, "from the level"},
		"great flood": {tide, func(i int) float64 { return tide(i) * 3 }, "it is"},
	} {
		t.Run(name, func(t *testing.T) {
			var d series.Detector
			before, during, text := 0.0, 0.0, ""
			for i := range days * 288 {
				value := c.usual(i)
				if i >= at && i < at+72 {
					value = c.changed(i)
				}
				v := d.Take(monday.Add(time.Duration(i)*5*time.Minute), value)
				switch {
				case i < at && i > 4*288:
					before = max(before, v.Score)
				case i >= at && i < at+72 && v.Score > during:
					during, text = v.Score, v.String()
				}
			}
			if during < 3 || during <= before {
				t.Errorf("score %.2f, before %.2f", during, before)
			}
			if !strings.Contains(text, c.why) {
				t.Errorf("it says: %s", text)
			}
		})
	}
}

// TestNoNumber: what is no number scores nothing and teaches nothing.
func TestNoNumber(t *testing.T) {
	var d series.Detector
	for i := range 500 {
		d.Take(monday.Add(time.Duration(i)*time.Minute), noise(i))
	}
	before := string(d.Snapshot())
	for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e300} {
		if v := d.Take(monday, x); v.Score != 0 {
			t.Errorf("%v scores %v", x, v.Score)
		}
	}
	if string(d.Snapshot()) != before {
		t.Error("something was learnt")
	}
}

// TestRestore: a detector that was put away goes on as if nothing had been.
func TestRestore(t *testing.T) {
	var d series.Detector
	for i := range 3000 {
		at := monday.Add(time.Duration(i) * 5 * time.Minute)
		if i == 1500 {
			kept, err := series.Restore(d.Snapshot())
			if err != nil {
				t.Fatal(err)
			}
			for j := i; j < 3000; j++ {
				at := monday.Add(time.Duration(j) * 5 * time.Minute)
				if a, b := d.Take(at, noise(j)*noise(j)), kept.Take(at, noise(j)*noise(j)); a.Score != b.Score || a.String() != b.String() {
					t.Fatalf("value %d: %s, restored %s", j, a, b)
				}
			}
			return
		}
		d.Take(at, noise(i)*noise(i))
	}
}

func FuzzRestore(f *testing.F) {
	var d series.Detector
	f.Add(d.Snapshot())
	for i := range 1000 {
		d.Take(monday.Add(time.Duration(i)*5*time.Minute), noise(i))
	}
	f.Add(d.Snapshot())
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := series.Restore(b)
		if err != nil {
			return
		}
		again, err := series.Restore(d.Snapshot())
		if err != nil || string(again.Snapshot()) != string(d.Snapshot()) {
			t.Fatalf("what was restored cannot be kept: %v", err)
		}
		_ = d.Take(monday, 1).String()
	})
}

func BenchmarkTake(b *testing.B) {
	var d series.Detector
	i := 0
	for b.Loop() {
		d.Take(monday.Add(time.Duration(i)*5*time.Minute), noise(i))
		i++
	}
	b.ReportMetric(float64(len(d.Snapshot())), "B/snapshot")
}
