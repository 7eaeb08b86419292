package baseline_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"jobzero/internal/detect/baseline"
	"jobzero/internal/event"
	"jobzero/internal/finding"
)

const kim = "arn:aws:iam::111122223333:user/user-0000"

// routine teaches a learner so many days of six users who work from nine to five and call five APIs.
func routine(tb testing.TB, o baseline.Options, days int) (*baseline.Learner, time.Time) {
	tb.Helper()
	l, n := baseline.New(o), 0
	at := morning
	for day := range days {
		for hour := range 8 {
			for i := range 60 {
				at = morning.AddDate(0, 0, day).Add(time.Duration(hour)*time.Hour + time.Duration(i)*time.Minute)
				n++
				e := habit(i%6, n, at)
				if s, story := l.Take(e, baseline.Of(e)); len(s) > 0 || story != nil {
					tb.Fatalf("day %d: a habit is a surprise: %v %v", day, s, story)
				}
			}
		}
	}
	return l, at
}

// TestOneStory: whoever does many things that it never did has one story, which says what is normal and what was seen.
func TestOneStory(t *testing.T) {
	l, at := routine(t, baseline.Options{}, 28)
	var stories []*baseline.Story
	surprises := 0
	for i, name := range []string{
		"GetCallerIdentity", "ListUsers", "ListRoles", "CreateUser", "CreateAccessKey", "AttachUserPolicy", "ListAccessKeys",
		"GetAccountSummary", "ListGroups", "CreateLoginProfile",
	} {
		e := habit(0, i, at.Add(time.Duration(i)*time.Minute))
		e.ID, e.Name, e.Source, e.SourceIP, e.Region = event.ID(fmt.Sprint("odd-", i)), name, "iam.amazonaws.com", "203.0.113.9", "us-east-1"
		e.UserAgent, e.ErrorCode, e.Resources = "aws-cli/2.15.1 Python/3.11.6 Linux/6.5.0-kali3-amd64", "", nil
		e.Raw = []byte(`{"eventName":"` + name + `"}`)
		s, story := l.Take(e, baseline.Of(e))
		if surprises += len(s); story != nil {
			stories = append(stories, story)
		}
	}
	if len(stories) == 0 || len(stories) > 3 || surprises < 6 {
		t.Fatalf("%d stories of %d surprises", len(stories), surprises)
	}
	story := stories[len(stories)-1]
	why := story.Why()
	t.Log("\n" + why)
	for _, want := range []string{
		"normal since 2026-03-02", "from 198.51.100.0/24", "s3:GetObject", "network 203.0.113.0/24 is new to it",
		"none of IAM users of 111122223333 knows it", "kali", "who attacks", "The risk is ",
	} {
		if !strings.Contains(why, want) {
			t.Errorf("the story does not say %q", want)
		}
	}
	f := story.Finding(at.Add(time.Hour))
	if again := stories[0].Finding(at); again.Fingerprint != f.Fingerprint {
		t.Error("a story that goes on has another fingerprint")
	}
	if f.Kind != finding.Baseline || f.Principal != kim || f.Account != "111122223333" || f.FromRead() || len(f.Evidence) == 0 || !strings.HasPrefix(f.Sighting, "odd-") {
		t.Errorf("finding %+v", f)
	}
	if !slices.ContainsFunc(f.Evidence, func(e finding.Evidence) bool { return strings.Contains(string(e.Data), "eventName") }) {
		t.Error("no record among the evidence")
	}
	if r := l.Story(kim); !r.Told || r.Risk < 5 {
		t.Errorf("the risk is %.1f, told: %v", r.Risk, r.Told)
	}
	if r := l.Story("arn:aws:iam::111122223333:user/user-0001"); r.Told || r.Risk != 0 || !r.Known {
		t.Errorf("somebody else's risk is %.1f", r.Risk)
	}
	late := habit(1, 1, at.AddDate(0, 0, 6))
	l.Take(late, baseline.Of(late))
	if r := l.Story(kim); r.Risk > 1 {
		t.Errorf("after six days the risk is still %.1f", r.Risk)
	}
}

// TestNothingFiresWhileLearning: the same in the first week is no surprise.
func TestNothingFiresWhileLearning(t *testing.T) {
	l, at := routine(t, baseline.Options{}, 6)
	e := habit(0, 0, at)
	e.Name, e.Source, e.SourceIP = "CreateUser", "iam.amazonaws.com", "203.0.113.9"
	if s, story := l.Take(e, baseline.Of(e)); story != nil {
		t.Errorf("told %v, %v", s, story.Why())
	}
	if x := l.Explain(baseline.Of(e), e); !x.Learning || !strings.HasPrefix(x.String(), "still learning") {
		t.Errorf("learning is not said:\n%s", x)
	}
	few, _ := routine(t, baseline.Options{LearnEvents: 1000}, 6)
	if x := few.Explain(baseline.Of(e), e); x.Learning {
		t.Error("after a thousand events it still learns")
	}
}

// TestPeersCount: what peers do is less of a surprise than what nobody does, to a newcomer and to others.
func TestPeersCount(t *testing.T) {
	score := func(l *baseline.Learner, user int, name string, at time.Time) float64 {
		e := habit(user, 0, at)
		e.Name = name
		return l.Explain(baseline.Of(e), e).Scores[baseline.API].Size
	}
	l, at := routine(t, baseline.Options{}, 21)
	for user := 1; user < 5; user++ { // most begin to use something new
		e := habit(user, user, at)
		e.Name = "GetObjectTagging"
		l.Take(e, baseline.Of(e))
	}
	for _, user := range []int{0, 77} {
		known, unknown, usual := score(l, user, "GetObjectTagging", at), score(l, user, "DeleteBucket", at), score(l, user, "GetObject", at.Add(time.Hour))
		if known >= unknown || usual > known {
			t.Errorf("user %d: usual %.2f, known to peers %.2f, unknown to all %.2f", user, usual, known, unknown)
		}
	}
	if young, old := score(l, 77, "DeleteBucket", at), score(l, 0, "DeleteBucket", at); young >= old {
		t.Errorf("unknown to all: %.2f for a newcomer, %.2f for somebody of habit", young, old)
	}
}

// TestAgeing: what was last seen before Options.Age is new again.
func TestAgeing(t *testing.T) {
	l, at := routine(t, baseline.Options{Age: 5 * 24 * time.Hour}, 14)
	odd := habit(0, 1, at)
	odd.Name = "PutBucketTagging"
	l.Take(odd, baseline.Of(odd))
	for day := 1; day < 9; day++ {
		e := habit(0, 0, at.AddDate(0, 0, day))
		l.Take(e, baseline.Of(e))
		soon := *habit(0, 1, at.AddDate(0, 0, day).Add(time.Hour))
		soon.Name = odd.Name
		text := l.Explain(baseline.Of(&soon), &soon).Scores[baseline.API].Text
		if again := strings.Contains(text, "new to it again: last seen on "); again != (day >= 6) && day != 5 {
			t.Errorf("day %d: %s", day, text)
		}
	}
}

// TestForgetting keeps the budget and says what it cost.
func TestForgetting(t *testing.T) {
	l := baseline.New(baseline.Options{MaxPrincipals: 50, Rows: true})
	for i := range 200 {
		e := habit(i, i, morning.Add(time.Duration(i)*time.Minute))
		l.Take(e, baseline.Of(e))
	}
	n, bytes := l.Size()
	if n != 50 || l.Counts().Forgotten != 150 || bytes > 50*8_000 {
		t.Errorf("%d principals of %d bytes, %d forgotten", n, bytes, l.Counts().Forgotten)
	}
	if l.Story(kim).Known || !l.Story("arn:aws:iam::111122223333:user/user-0199").Known {
		t.Error("the wrong ones were forgotten")
	}
	l.Tick(morning.AddDate(3, 0, 0).Truncate(24 * time.Hour))
	if n, _ = l.Size(); n != 0 {
		t.Errorf("%d principals are known after three years", n)
	}
}

// TestPrincipalIsSmall: a principal with much to remember takes a few kB.
func TestPrincipalIsSmall(t *testing.T) {
	l := baseline.New(baseline.Options{})
	for i := range 40_000 {
		e := habit(0, i, morning.Add(time.Duration(i)*35*time.Second))
		e.Name, e.Region, e.SourceIP = fmt.Sprint("Call", i%3000), fmt.Sprint("region-", i%500), fmt.Sprintf("198.51.%d.9", i%250)
		e.UserAgent, e.Resources[0].ARN = fmt.Sprintf("tool-%d-x/1.0", i%90), fmt.Sprint("arn:aws:s3:::b", i)
		l.Take(e, baseline.Of(e))
	}
	rows := 0
	for _, row := range l.Rows() {
		if row.Scope == "principal" {
			rows = len(row.State)
		}
	}
	if n, bytes := l.Size(); n != 1 /* most is what its account knows: 3,000 calls */ || rows > 14_000 || bytes > 1_500_000 {
		t.Errorf("%d principals, all takes %d bytes, the row %d", n, bytes, rows)
	}
	usual, _ := routine(t, baseline.Options{}, 14)
	n, bytes := usual.Size()
	t.Logf("busiest: a row of %d bytes; usual: %d bytes a principal", rows, bytes/n)
	if bytes/n > 6_000 {
		t.Errorf("%d bytes a principal", bytes/n)
	}
}
