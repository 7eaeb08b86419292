package quality

import (
	"slices"
	"strings"
	"testing"

	"jobzero/internal/event"
)

func sample(t *testing.T, key, raw string, want bool) Sample {
	t.Helper()
	s := Sample{Key: key, Want: want, Judged: true}
	if err := s.addAll([]byte(raw)); err != nil {
		t.Fatal(err)
	}
	return s
}

const (
	stopped = `{"eventSource":"cloudtrail.amazonaws.com","eventName":"StopLogging","requestParameters":{"name":"main"},"userIdentity":{"type":"IAMUser"}}`
	refused = `{"eventSource":"cloudtrail.amazonaws.com","eventName":"StopLogging","errorCode":"AccessDenied","userIdentity":{"type":"IAMUser"}}`
	nobody  = `{"eventSource":"example.amazonaws.com","eventName":"DoNothing"}`
)

// TestMeasure: each verdict is counted where it belongs, and what nobody explains is named.
func TestMeasure(t *testing.T) {
	j := judge(t)
	c := Corpus{Name: "made up", Samples: []Sample{
		sample(t, "found", stopped, true),
		sample(t, "not wanted", stopped, false),
		sample(t, "far", nobody, true),
		sample(t, "quiet", nobody, false),
		{Key: "unread", Want: true, Judged: true, Log: "Some.Log"},
	}}
	got := j.Measure(c, nil)
	if got.Hit != 1 || got.Want != 1 || got.False != 1 || got.Far != 2 || got.Loud != 2 || got.Alerted != 2 || got.Broken != 4 {
		t.Errorf("%+v", got)
	}
	if got.Precision() != 0.5 || got.Recall() != 1 {
		t.Errorf("precision %v, recall %v", got.Precision(), got.Recall())
	}
	if got.Reasons[Uncovered] != 1 || got.Reasons[Unread] != 1 || !slices.Equal(got.Unexplained, []string{"not wanted"}) {
		t.Errorf("reasons %v, unexplained %v", got.Reasons, got.Unexplained)
	}
	reasons, err := ReadReasons("r", "made up | not * | ours | it was stopped\nmade up | other | names | never needed")
	if err != nil {
		t.Fatal(err)
	}
	got = j.Measure(c, reasons)
	if len(got.Unexplained) != 0 || got.Told[0].Reason != (Reason{Ours, "it was stopped"}) || !got.Told[0].Alert {
		t.Errorf("told %v, unexplained %v", got.Told, got.Unexplained)
	}
	if unused := reasons.Unused(); !slices.Equal(unused, []string{"made up | other"}) {
		t.Errorf("unused %q", unused)
	}
	text := Report{Rules: j.Rules(), Tallies: []Tally{got}}.String()
	if !strings.Contains(text, "| made up | 5 | 4 | 2 | 2 | 1 | 1 | 0 | 1 | 50.0 % | 100.0 % | 2 |") || !strings.Contains(text, "it was stopped") {
		t.Error(text)
	}
}

func TestMissIsCounted(t *testing.T) {
	quiet := strings.Replace(refused, "AccessDenied", "TrailNotFoundException", 1)
	got := judge(t).Measure(Corpus{Name: "made up", Samples: []Sample{sample(t, "missed", quiet, true)}}, nil)
	if got.Miss != 1 || got.Want != 1 || got.Recall() != 0 || got.Precision() != 1 || len(got.Unexplained) != 1 {
		t.Errorf("%+v", got)
	}
}

func TestCovers(t *testing.T) {
	j := judge(t)
	for _, c := range []struct {
		e    *event.Event
		want bool
	}{
		{&event.Event{Source: "cloudtrail.amazonaws.com", Name: "StopLogging"}, true},
		{&event.Event{Source: "other.amazonaws.com", Name: "StopLogging"}, false},
		{&event.Event{Source: "cloudtrail.amazonaws.com", Name: "Nothing"}, false},
		{&event.Event{Log: event.WAF}, true},
		{&event.Event{Log: "no log"}, false},
	} {
		if got := j.Covers(c.e); got != c.want {
			t.Errorf("%s %s %s: %v", c.e.Log, c.e.Source, c.e.Name, got)
		}
	}
}

func TestReadReasonsRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"\na | b | names":           "r:2: want four parts",
		"a | | names | why":         "r:1: want four parts",
		"a | b | uncovered | why":   "r:1: there is no kind uncovered",
		"a | [b | names | because ": "r:1: [b is no pattern",
	} {
		if _, err := ReadReasons("r", text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: want %q, got %v", text, want, err)
		}
	}
}

func FuzzReadReasons(f *testing.F) {
	f.Add("a | b* | names | why\n# no\n\na | [b | ours | x", "b")
	f.Fuzz(func(t *testing.T, text, key string) {
		r, err := ReadReasons("r", text)
		if err != nil {
			return
		}
		if got := r.Of("a", key); got.Kind != "" && got.Why == "" {
			t.Errorf("a kind without a why: %q", text)
		}
	})
}

func TestNoise(t *testing.T) {
	var n Noise
	for range 3 {
		n.Take([]Alert{{"id", "a", "high", false}, {"id", "b", "low", false}})
	}
	if n.Events != 3 || n.Loud != 3 || n.ByLevel["low"] != 3 || n.ByRule["a"] != 3 {
		t.Errorf("%+v", n)
	}
}
