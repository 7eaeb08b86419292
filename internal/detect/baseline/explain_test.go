package baseline_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jobzero/internal/detect/baseline"
)

// TestExplainedIsTaken: who has events explained while they are taken learns and is told the same as who just takes them, what
// is said to be a surprise is one, and each verdict has a reason.
func TestExplainedIsTaken(t *testing.T) {
	told := map[baseline.Verdict]int{}
	o := baseline.Options{Learn: 20 * time.Hour, Budget: 1000, Rows: true}
	rapid.Check(t, func(t *rapid.T) {
		plain, aloud := baseline.New(o), baseline.New(o)
		for i, e := range drawn(t) {
			if e.ReadOnly = i%2 == 0; i%3 == 0 {
				e.ErrorCode = "AccessDenied"
			}
			surprises, story := plain.Take(e, baseline.Of(e))
			x, same := aloud.TakeExplained(e, baseline.Of(e))
			if d := cmp.Diff(story, same); d != "" || x.Outlook.Told != (story != nil) || x.Outlook.Why == "" {
				t.Fatalf("another story, or none is said: %s\n%+v", d, x.Outlook)
			}
			var want, got []string
			for _, s := range surprises {
				want = append(want, s.Kind.String())
			}
			for _, s := range x.Scores {
				if told[s.Verdict]++; s.Why == "" || s.Fires != (s.Verdict == baseline.Surprising) {
					t.Fatalf("%s: %+v", s.Kind, s)
				}
				if s.Fires {
					got = append(got, s.Kind.String())
				}
			}
			slices.Sort(want)
			slices.Sort(got)
			if d := cmp.Diff(want, got); d != "" {
				t.Fatalf("event %d (-surprises +explained):\n%s", i, d)
			}
		}
		if string(plain.Snapshot()) != string(aloud.Snapshot()) {
			t.Fatal("another state")
		}
	})
	for _, v := range []baseline.Verdict{baseline.Surprising, baseline.Usual, baseline.Beside, baseline.Unclear} {
		if told[v] == 0 {
			t.Errorf("no event is %q: the test is none", v)
		}
	}
}

// TestExplainedSaysWhichCondition: each way in which nothing comes of an event is told apart, with what is normal for whom.
func TestExplainedSaysWhichCondition(t *testing.T) {
	l, at := routine(t, baseline.Options{}, 28)
	odd := habit(0, 1, at.Add(time.Minute))
	odd.Name, odd.Source, odd.SourceIP = "DeleteUser", "iam.amazonaws.com", "203.0.113.9"
	x, _ := l.TakeExplained(odd, baseline.Of(odd))
	s := x.Scores[baseline.Network]
	if !s.Fires || s.OneIn < 100 || s.Of != "its hours" || !strings.Contains(s.Text, "network 203.0.113.0/24 is new to it") {
		t.Errorf("%+v", s)
	}
	if len(s.Normal) != 4 || s.Normal[0].Whom != "principal" || s.Normal[0].Hours < 200 || s.Normal[0].Since.IsZero() ||
		s.Normal[1].Name != "IAM users of 111122223333" || s.Normal[1].Principals != 6 || s.Normal[3].Text != "known to 0 accounts" {
		t.Errorf("normal is %+v", s.Normal)
	}
	if !x.Outlook.Told || x.Outlook.After <= x.Outlook.Before || x.Outlook.Wanted < 5 || x.Known.Events != 28*8*60 {
		t.Errorf("%+v %+v", x.Outlook, x.Known)
	}
	again := habit(0, 1, at.Add(2*time.Minute))
	again.Name, again.Source, again.SourceIP = odd.Name, odd.Source, odd.SourceIP
	joins := habit(77, 0, at.Add(3*time.Minute)) // and does what all of its peers do
	few, _ := routine(t, baseline.Options{LearnEvents: 60}, 1)
	young := habit(99, 1, at)
	young.SourceIP = "203.0.113.9"
	for _, c := range []struct {
		x   baseline.Explanation
		k   baseline.Kind
		v   baseline.Verdict
		why string
	}{
		{l.Explain(baseline.Of(again), again), baseline.Network, baseline.Usual, "was seen in this hour before"},
		{l.Explain(baseline.Of(joins), joins), baseline.API, baseline.Usual, "others do it too; 6 of IAM users"},
		{l.Explain(baseline.Of(again), again), baseline.Instance, baseline.Beside, "no session of an EC2 instance"},
		{l.Explain(baseline.Of(again), again), baseline.Silence, baseline.Beside, "about logs"},
		{few.Explain(baseline.Of(young), young), baseline.Network, baseline.Usual, "too little history"},
	} {
		s := c.x.Scores[c.k]
		if s.Verdict != c.v || !strings.Contains(s.Why, c.why) {
			t.Errorf("%s is %q because %q; want %q, %q", c.k, s.Verdict, s.Why, c.v, c.why)
		}
	}
	early, soon := routine(t, baseline.Options{}, 6)
	odd = habit(0, 1, soon.Add(time.Minute))
	odd.SourceIP = "203.0.113.9"
	x, _ = early.TakeExplained(odd, baseline.Of(odd))
	if s := x.Scores[baseline.Network]; s.Verdict != baseline.Unfinished || s.Fires || !x.Learning || !strings.Contains(x.Outlook.Why, "learning period is not over") {
		t.Errorf("in the learning period: %+v, %+v", s, x.Outlook)
	}
	nobody := habit(0, 1, at)
	nobody.Actor.Type = "AWSService"
	if x, _ := l.TakeExplained(nobody, baseline.Of(nobody)); len(x.Scores) != 0 || !strings.Contains(x.Outlook.Why, "AWS's own service") {
		t.Errorf("%+v", x)
	}
	if _, err := baseline.ParseKind("weather"); err == nil {
		t.Error("weather is a kind")
	}
	for i, word := range baseline.Kinds() {
		if k, err := baseline.ParseKind(word); err != nil || int(k) != i || fmt.Sprint(k) != word {
			t.Errorf("%s is %v: %v", word, k, err)
		}
	}
}
