package reused_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"jobzero/internal/detect/reused"
	"jobzero/internal/effect"
	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/resource"
	"jobzero/internal/ticket"
)

const (
	account = "111122223333"
	key     = "AKIAIOSFODNN7EXAMPLE"
	user    = "arn:aws:iam::" + account + ":user/shop/kim"
	role    = "arn:aws:iam::" + account + ":role/deploy"
	session = "arn:aws:sts::" + account + ":assumed-role/deploy/"
)

var (
	done  = time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)
	takes = time.Minute
)

// shut makes the effect of an action that was done at nine.
func shut(what effect.Shuts, t resource.Type, id string, params map[string]string) effect.Effect {
	return effect.Effect{
		Key: "run/step", Ticket: "T1", State: effect.Done, Began: done.Add(-time.Second), Ended: done,
		Plan: effect.Plan{Action: "iam.some", Shuts: what, Target: effect.Target{Ref: resource.Ref{Type: t, Account: account, ID: id}, Params: params}},
	}
}

// call is one that was let through; issued is when its session was, empty where there is none.
func call(after time.Duration, a event.Actor, issued string) *event.Event {
	raw := `{}`
	if issued != "" {
		raw = fmt.Sprintf(`{"userIdentity":{"sessionContext":{"attributes":{"creationDate":%q}}}}`, issued)
	}
	return &event.Event{ID: "e1", Time: done.Add(after), Account: account, Name: "ListBuckets", Source: "s3.amazonaws.com", Type: "AwsApiCall", Actor: a, Raw: []byte(raw)}
}

func TestAtWork(t *testing.T) {
	const before, after = "2026-06-01T08:00:00Z", "2026-06-01T09:30:00Z"
	issued := map[string]string{"issued-before": "2026-06-01T09:00:00Z"}
	of := func(name string) event.Actor {
		return event.Actor{Type: "AssumedRole", ARN: session + name, IssuerARN: role, AccessKey: "ASIA1"}
	}
	kim := event.Actor{Type: "IAMUser", ARN: user, AccessKey: key}
	hour := time.Hour
	for name, c := range map[string]struct {
		effect effect.Effect
		event  *event.Event
		root   string
		want   bool
	}{
		"the key":                          {shut(effect.ShutsKey, resource.AccessKey, key, nil), call(hour, kim, ""), "", true},
		"another key":                      {shut(effect.ShutsKey, resource.AccessKey, "AKIAOTHER", nil), call(hour, kim, ""), "", false},
		"before it was shut":               {shut(effect.ShutsKey, resource.AccessKey, key, nil), call(-hour, kim, ""), "", false},
		"while it is carried around":       {shut(effect.ShutsKey, resource.AccessKey, key, nil), call(takes/2, kim, ""), "", false},
		"a session of the key":             {shut(effect.ShutsKey, resource.AccessKey, key, nil), call(hour, of("x"), before), key, true},
		"the user, all of it":              {shut(effect.ShutsAll, resource.User, "kim", nil), call(hour, kim, ""), "", true},
		"a user of that name elsewhere":    {shut(effect.ShutsAll, resource.User, "sam", nil), call(hour, kim, ""), "", false},
		"the role, all of it":              {shut(effect.ShutsAll, resource.Role, "deploy", nil), call(hour, of("x"), after), "", true},
		"an old session of the role":       {shut(effect.ShutsSessions, resource.Role, "deploy", issued), call(hour, of("x"), before), "", true},
		"a new session of the role":        {shut(effect.ShutsSessions, resource.Role, "deploy", issued), call(hour, of("x"), after), "", false},
		"a session of nobody knows when":   {shut(effect.ShutsSessions, resource.Role, "deploy", issued), call(hour, of("x"), ""), "", false},
		"the user's key where sessions":    {shut(effect.ShutsSessions, resource.User, "kim", issued), call(hour, kim, ""), "", false},
		"the user's old session":           {shut(effect.ShutsSessions, resource.User, "kim", issued), call(hour, kim, before), "", true},
		"a session by its name":            {shut(effect.ShutsSessions, resource.Role, "deploy", map[string]string{"from": "2026-06-01T09:00:00Z", "session": "x"}), call(hour, of("x"), after), "", true},
		"a session of another name":        {shut(effect.ShutsSessions, resource.Role, "deploy", map[string]string{"from": "2026-06-01T09:00:00Z", "session": "y"}), call(hour, of("x"), after), "", false},
		"an effect that shuts nothing":     {shut("", resource.Role, "deploy", nil), call(hour, of("x"), before), "", false},
		"sessions of no time and no start": {shut(effect.ShutsSessions, resource.Role, "deploy", nil), call(hour, of("x"), before), "", false},
	} {
		var all []reused.Shut
		if s, ok := reused.Of(c.effect, takes); ok {
			all = append(all, s)
		}
		if _, got := reused.NewBook(all).At(c.event, c.root); got != c.want {
			t.Errorf("%s: at work %t, want %t", name, got, c.want)
		}
	}
}

// A call that was refused shows that the shutting holds, and what nobody can deny shows nothing.
func TestWhatShowsNothing(t *testing.T) {
	s, ok := reused.Of(shut(effect.ShutsAll, resource.User, "kim", nil), takes)
	if !ok {
		t.Fatal("the effect shuts nothing")
	}
	b := reused.NewBook([]reused.Shut{s})
	kim := event.Actor{Type: "IAMUser", ARN: user, AccessKey: key}
	for name, change := range map[string]func(*event.Event){
		"refused":    func(e *event.Event) { e.ErrorCode = "AccessDenied" },
		"signed in":  func(e *event.Event) { e.Type = "AwsConsoleSignIn" },
		"asked whom": func(e *event.Event) { e.Source, e.Name = "sts.amazonaws.com", "GetCallerIdentity" },
	} {
		e := call(time.Hour, kim, "")
		if _, at := b.At(e, ""); !at {
			t.Fatal("the user is not at work")
		}
		if change(e); func() bool { _, at := b.At(e, ""); return at }() {
			t.Errorf("%s: taken for a use", name)
		}
	}
	for _, state := range []effect.State{effect.Doing, effect.Failed, effect.Undoing, effect.Undone} {
		x := shut(effect.ShutsAll, resource.User, "kim", nil)
		if x.State = state; func() bool { _, ok := reused.Of(x, takes); return ok }() {
			t.Errorf("an effect that is %s shuts", state)
		}
	}
}

// The finding comes to the ticket that the shutting was for, whatever that is about.
func TestFindingIsOfTheSameTicket(t *testing.T) {
	s, _ := reused.Of(shut(effect.ShutsKey, resource.AccessKey, key, nil), takes)
	e := call(time.Hour, event.Actor{Type: "AssumedRole", ARN: session + "x", IssuerARN: role}, "")
	about := resource.Ref{Type: resource.AccessKey, Account: account, ID: key}
	for _, opened := range []finding.Finding{
		{Account: account, Resource: &about},
		{Account: account, Principal: user},
		{Account: account, Resource: &about, About: &resource.Ref{Type: "jobzero::People::Person", ID: "kim"}},
	} {
		tk := ticket.Start("T1", opened, ticket.Owner{}, done)
		f := reused.Finding(e, s, tk, done.Add(2*time.Hour))
		if f.Subject() != tk.Subject || f.FromRead() || f.Severity != finding.Critical || !strings.Contains(f.Why, "iam.some") {
			t.Errorf("of %s: %+v", tk.Subject, f)
		}
	}
}
