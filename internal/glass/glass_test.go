package glass_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/glass"
	"jobzero/internal/principal/person"
)

var noon = time.Date(2030, 4, 5, 12, 0, 0, 0, time.UTC)

func policy(needs int) glass.Policy {
	p := glass.DefaultPolicy()
	p.Roles = []glass.Rule{{Role: "emergency", Accounts: []string{"111122223333"}, Longest: 4 * time.Hour, Approvals: needs, Approvers: []string{"ana", "kim", "robin", "Zoe"}}}
	return p
}

func request() glass.Request {
	return glass.Request{
		Person: "ana", Principal: "arn:aws:iam::444455556666:user/ana", Account: "111122223333", Role: "emergency", Reason: "checkout is down", For: time.Hour,
	}
}

// TestNobodyGetsAnythingAlone: whatever people say and in whatever order, nothing is approved without so many others as it takes, in time.
func TestNobodyGetsAnythingAlone(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		needs := rapid.IntRange(1, 3).Draw(r, "needs")
		p := policy(needs)
		u, err := glass.Ask("01A", request(), p, noon)
		if err != nil {
			r.Fatal(err)
		}
		now, yes := noon, map[string]bool{}
		for range rapid.IntRange(1, 12).Draw(r, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 40).Draw(r, "minutes")) * time.Minute)
			who := rapid.SampledFrom([]string{"ana", "ANA ", "kim", "Kim", "robin", "zoe", "mallory", ""}).Draw(r, "who")
			before := u.State
			switch rapid.IntRange(0, 3).Draw(r, "what") {
			case 0:
				if _, err := u.Approve(glass.Answer{By: who, At: now}, p); err == nil {
					yes[person.Key(who)] = true
				}
			case 1:
				_, _ = u.Deny(glass.Answer{By: who, At: now, Reason: "no"})
			case 2:
				_ = u.Pass(now)
			case 3:
				if rapid.IntRange(0, 9).Draw(r, "rarely") == 0 {
					_, _ = u.RevokeNow(glass.Answer{By: who, At: now, Reason: "no"})
				}
			}
			if u.State == glass.Approved && before == glass.Requested {
				if len(yes) < needs || yes["ana"] || yes["mallory"] || yes[""] || !now.Before(noon.Add(p.Answer)) {
					r.Fatalf("approved by %v at %s, it takes %d", yes, now, needs)
				}
			}
			if before.Over() && u.State != before {
				r.Fatalf("%s became %s", before, u.State)
			}
		}
	})
}

func TestPolicies(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*glass.Policy)
		want   string
	}{
		"mode":      {func(p *glass.Policy) { p.Mode = "dream" }, "break_glass.mode"},
		"answer":    {func(p *glass.Policy) { p.Answer = 0 }, "break_glass.answer"},
		"review":    {func(p *glass.Policy) { p.Review = 0 }, "break_glass.review"},
		"enforce":   {func(p *glass.Policy) { p.Enforce = []string{"1"} }, "break_glass.enforce[0]"},
		"role":      {func(p *glass.Policy) { p.Roles[0].Role = "a/b" }, "break_glass.roles[0].role"},
		"accounts":  {func(p *glass.Policy) { p.Roles[0].Accounts = nil }, "break_glass.roles[0].accounts"},
		"longest":   {func(p *glass.Policy) { p.Roles[0].Longest = 13 * time.Hour }, "break_glass.roles[0].longest"},
		"approvers": {func(p *glass.Policy) { p.Roles[0].Approvers = nil }, "break_glass.roles[0].approvers"},
	} {
		p := policy(1)
		c.change(&p)
		if err := p.Validate(); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	p := policy(1)
	p.Enforce = []string{"111122223333"}
	if p.Validate() != nil || p.ModeFor("111122223333") != glass.Enforce || p.ModeFor("444455556666") != glass.Plan {
		t.Errorf("%v, %s, %s", p.Validate(), p.ModeFor("111122223333"), p.ModeFor("444455556666"))
	}
}

// TestTwoPeopleAreTwo: one who says yes twice is one.
func TestTwoPeopleAreTwo(t *testing.T) {
	p := policy(2)
	u, err := glass.Ask("01A", request(), p, noon)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := u.Approve(glass.Answer{By: "kim", At: noon}, p); err != nil || u.State != glass.Requested {
		t.Errorf("the first: %v, %s", err, u.State)
	}
	if _, err := u.Approve(glass.Answer{By: "KIM", At: noon}, p); !fault.Is(err, fault.Conflict) {
		t.Errorf("the first again: %v", err)
	}
	if _, err := u.Approve(glass.Answer{By: "zoe", At: noon}, p); err != nil || u.State != glass.Approved {
		t.Errorf("the second: %v, %s", err, u.State)
	}
}

func TestWhatIsSeen(t *testing.T) {
	e := &event.Event{ID: "1", Account: "111122223333", Source: "s3.amazonaws.com", Name: "PutBucketPolicy", Time: noon}
	e.Actor.ARN = "arn:aws:sts::111122223333:assumed-role/emergency/break-glass-01A"
	id, d, ok := glass.Seen(e)
	if !ok || id != "01A" || d.Role != "emergency" || d.Of != "111122223333" || d.Name != "s3:PutBucketPolicy" || d.Began {
		t.Errorf("%t %s %+v", ok, id, d)
	}
	e.Actor.ARN = "arn:aws:iam::444455556666:user/ana"
	e.Source, e.Name = "sts.amazonaws.com", "AssumeRole"
	e.Raw = []byte(`{"requestParameters":{"roleArn":"arn:aws:iam::111122223333:role/break-glass/emergency","roleSessionName":"break-glass-01A"}}`)
	if id, d, ok = glass.Seen(e); !ok || id != "01A" || d.Role != "emergency" || !d.Began {
		t.Errorf("%t %s %+v", ok, id, d)
	}
	for _, arn := range []string{"", "arn:aws:sts::111122223333:assumed-role/emergency/work", "arn:aws:iam::111122223333:user/break-glass-01A"} {
		if _, _, ok := glass.Seen(&event.Event{Name: "GetObject", Actor: event.Actor{ARN: arn}}); ok {
			t.Errorf("%q is of a use", arn)
		}
	}
}

func TestSumUp(t *testing.T) {
	u := glass.Use{Ended: noon.Add(time.Hour), Beyond: 3}
	at := func(minutes int, name string, reads bool, failed string) glass.Deed {
		return glass.Deed{At: noon.Add(time.Duration(minutes) * time.Minute), Name: name, ReadOnly: reads, Error: failed, Account: "1", Of: "1"}
	}
	begun, copied := at(0, "sts:AssumeRole", true, ""), at(0, "sts:AssumeRole", true, "")
	begun.Began, copied.Began, copied.Account = true, true, "2"
	s := u.SumUp([]glass.Deed{begun, copied, at(1, "s3:ListBuckets", true, ""), at(2, "s3:ListBuckets", true, ""), at(3, "s3:PutBucketPolicy", false, ""), at(90, "s3:GetObject", true, "AccessDenied"), at(91, "s3:GetObject", true, "")})
	if s.Events != 7 || s.Sessions != 1 || s.Writes != 1 || s.Refused != 1 || s.Late != 1 || s.Beyond != 3 || !s.Last.Equal(noon.Add(91*time.Minute)) {
		t.Errorf("%+v", s)
	}
	var names []string
	for _, a := range s.Did {
		names = append(names, fmt.Sprint(a.Name, a.Count))
	}
	if !slices.Equal(names, []string{"s3:PutBucketPolicy1", "s3:GetObject2", "s3:ListBuckets2"}) {
		t.Errorf("%v", names)
	}
}

// FuzzSeen: an event is a claim of strangers; whatever it says, a use has a name and a role.
func FuzzSeen(f *testing.F) {
	f.Add("arn:aws:sts::111122223333:assumed-role/emergency/break-glass-01A", "PutBucketPolicy", `{}`)
	f.Add("", "AssumeRole", `{"requestParameters":{"roleArn":"arn:aws:iam::111122223333:role/break-glass/emergency","roleSessionName":"break-glass-01A"}}`)
	f.Add("arn:aws:sts::::", "AssumeRole", `{"requestParameters":{"roleArn":":::::","roleSessionName":"break-glass-"}}`)
	f.Fuzz(func(t *testing.T, arn, name, raw string) {
		e := &event.Event{Name: name, Source: "sts.amazonaws.com", Raw: []byte(raw), Actor: event.Actor{ARN: arn}}
		id, d, ok := glass.Seen(e)
		if !ok {
			if id != "" || d != (glass.Deed{}) {
				t.Errorf("not seen, and told: %q %+v", id, d)
			}
			return
		}
		u := glass.Use{ID: id}
		if s := u.SumUp([]glass.Deed{d}); s.Events != 1 {
			t.Errorf("%+v", s)
		}
	})
}
