package ours_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"jobzero/internal/detect/ours"
	"jobzero/internal/detect/reconcile"
	"jobzero/internal/effect"
	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/source/cloudtrail"
	"jobzero/internal/ticket"
)

const (
	shop = "111122223333"
	tk   = "01JD7ZC6P4ZQX5V8KJ0N3M2R1T"
)

var (
	noon  = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	names = ours.Names{Roles: []string{"security/jobzero-responder", "jobzero-organization"}, Session: "jobzero"}
)

func parsed(t testing.TB, more string) *event.Event {
	t.Helper()
	e, err := cloudtrail.Parse(fmt.Appendf(nil, `{"eventID":"e1","eventName":"PutBucketPolicy","eventSource":"s3.amazonaws.com","eventTime":"2026-11-22T12:00:00Z",
"awsRegion":"eu-central-1","recipientAccountId":"111122223333","sourceIPAddress":"198.51.100.7","requestID":"R1"%s}`, more), event.Origin{})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func who(role, session string) string {
	return fmt.Sprintf(`,"userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/%s/%s"}`, role, session)
}

func TestWhichCallsAreOurs(t *testing.T) {
	for name, c := range map[string]struct {
		more string
		ours bool
		want string // the ticket
	}{
		"responder":      {who("jobzero-responder", "jobzero-"+tk), true, tk},
		"organization":   {who("jobzero-organization", "jobzero-"+tk), true, tk},
		"no ticket":      {who("jobzero-responder", "jobzero"), true, ""},
		"another's name": {who("jobzero-responder", "robin"), true, ""},
		"reader":         {who("jobzero-reader", "jobzero"), false, ""},
		"another role":   {who("admin", "jobzero-"+tk), false, ""},
		"a read":         {who("jobzero-responder", "jobzero-"+tk) + `,"readOnly":true`, false, ""},
		"a user":         {`,"userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/jobzero-responder"}`, false, ""},
		"nobody":         {``, false, ""},
	} {
		got, ok := names.Of(parsed(t, c.more), noon)
		if ok != c.ours || got.Ticket != c.want {
			t.Errorf("%s: %v, ticket %q", name, ok, got.Ticket)
		}
		if ok && (got.API != "s3:PutBucketPolicy" || got.Request != "R1" || got.IP != "198.51.100.7" || got.Of != shop) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// entry is a line of a timeline that is the record of calls.
func entry(seq int, kind string, at time.Duration, data any, made ...effect.Made) ticket.Entry {
	text, _ := json.Marshal(data)
	return ticket.Entry{Ticket: tk, Seq: seq, Kind: kind, At: noon.Add(at), Data: text, Made: made}
}

func made(request string, at time.Duration) effect.Made {
	return effect.Made{API: "s3:PutBucketPolicy", Account: shop, Region: "eu-central-1", Request: request, At: noon.Add(at)}
}

func TestJudge(t *testing.T) {
	plan := effect.Plan{Calls: []effect.Call{{Permission: "s3:PutBucketPolicy"}}}
	other := effect.Plan{Calls: []effect.Call{{Permission: "iam:DeleteUser"}}}
	elsewhere := made("R1", 0)
	elsewhere.Account = "444455556666"
	for name, c := range map[string]struct {
		change func(*ours.Call)
		line   []ticket.Entry
		used   string
		want   ours.Verdict
	}{
		"in the log":             {nil, []ticket.Entry{entry(1, "effect", 0, nil, made("R0", 0), made("R1", 0))}, "", ours.Logged},
		"nothing":                {nil, nil, "", ours.Unlogged},
		"another request":        {nil, []ticket.Entry{entry(1, "effect", 0, nil, made("R2", 0))}, "", ours.Unlogged},
		"of another account":     {nil, []ticket.Entry{entry(1, "effect", 0, nil, elsewhere)}, "", ours.Unlogged},
		"no request in either":   {func(c *ours.Call) { c.Request = "" }, []ticket.Entry{entry(1, "effect", 0, nil, made("R2", 0))}, "", ours.Unlogged},
		"unanswered":             {nil, []ticket.Entry{entry(1, "retry", 0, nil, made("", -time.Second))}, "", ours.Logged},
		"unanswered, used":       {nil, []ticket.Entry{entry(1, "retry", 0, nil, made("", -time.Second))}, tk + "/1/0", ours.Unlogged},
		"unanswered, long ago":   {nil, []ticket.Entry{entry(1, "retry", 0, nil, made("", -time.Hour))}, "", ours.Unlogged},
		"unanswered, afterwards": {nil, []ticket.Entry{entry(1, "retry", 0, nil, made("", 2*time.Minute))}, "", ours.Unlogged},
		"unanswered, other API":  {func(c *ours.Call) { c.API = "iam:DeleteUser" }, []ticket.Entry{entry(1, "retry", 0, nil, made("", 0))}, "", ours.Unlogged},
		"a dead process":         {nil, []ticket.Entry{entry(1, "plan", -time.Minute, plan), entry(2, "repeat", time.Minute, nil)}, "", ours.Unproved},
		"a dead process, given up": {
			nil, []ticket.Entry{entry(1, "plan", -time.Minute, plan), entry(2, "dropped", time.Minute, nil)}, "", ours.Unproved,
		},
		"planned something else": {nil, []ticket.Entry{entry(1, "plan", -time.Minute, other), entry(2, "repeat", time.Minute, nil)}, "", ours.Unlogged},
		"planned afterwards":     {nil, []ticket.Entry{entry(1, "plan", 2*time.Minute, plan), entry(2, "repeat", 3*time.Minute, nil)}, "", ours.Unlogged},
		"died before":            {nil, []ticket.Entry{entry(1, "plan", -time.Hour, plan), entry(2, "repeat", -time.Hour, nil)}, "", ours.Unlogged},
		"recorded":               {nil, []ticket.Entry{entry(1, "plan", -time.Minute, plan), entry(2, "effect", time.Minute, nil, made("R2", 0))}, "", ours.Unlogged},
		"by a service":           {func(c *ours.Call) { c.Via = "ec2.amazonaws.com" }, []ticket.Entry{entry(1, "effect", 0, nil, made("R2", time.Minute))}, "", ours.Logged},
		"by a service, alone":    {func(c *ours.Call) { c.Via = "ec2.amazonaws.com" }, []ticket.Entry{entry(1, "effect", 0, nil, made("R2", time.Hour))}, "", ours.Unlogged},
	} {
		t.Run(name, func(t *testing.T) {
			call, ok := names.Of(parsed(t, who("jobzero-responder", "jobzero-"+tk)), noon)
			if !ok {
				t.Fatal("it is not ours")
			}
			if c.change != nil {
				c.change(&call)
			}
			if got := call.Judge(c.line, map[string]bool{c.used: true}); got.Verdict != c.want || got.Why == "" {
				t.Errorf("%s (%s), want %s", got.Verdict, got.Why, c.want)
			}
		})
	}
}

// A finding says what was called, when, from where, and which ticket the session names.
func TestFinding(t *testing.T) {
	call, _ := names.Of(parsed(t, who("jobzero-responder", "jobzero-"+tk)), noon)
	f := call.Judge(nil, nil).Finding()
	for _, want := range []string{"s3:PutBucketPolicy", "2026-11-22T12:00:00Z", "198.51.100.7", tk, "R1", shop} {
		if !strings.Contains(f.Why, want) {
			t.Errorf("no %s in %q", want, f.Why)
		}
	}
	if f.Severity != finding.High || f.Sighting != "e1" {
		t.Errorf("%+v", f)
	}
	call.Verdict = ours.Unproved
	if call.Finding().Severity != finding.Low || call.Finding().Fingerprint == f.Fingerprint {
		t.Error("what is not proved is as bad as what somebody else did")
	}
}

// The trail should have a call only where it brought calls of before and after, and only calls that trails have.
func TestDue(t *testing.T) {
	now := noon.Add(48 * time.Hour)
	voices := func(kind reconcile.Kind, way reconcile.Ways, since, last time.Duration) reconcile.Voices {
		v := reconcile.Voices{}
		v.Add(reconcile.Voice{Place: reconcile.Place{Account: shop, Region: "eu-central-1", Kind: kind}, Way: way, Since: noon.Add(since), Last: noon.Add(last)})
		return v
	}
	whole := voices(reconcile.Write, reconcile.Stored, -time.Hour, 47*time.Hour)
	change := func(f func(*effect.Made)) effect.Made { m := made("R1", 0); f(&m); return m }
	for name, c := range map[string]struct {
		made   effect.Made
		voices reconcile.Voices
		now    time.Time
		want   bool
	}{
		"due":                  {made("R1", 0), whole, now, true},
		"too young":            {made("R1", 0), whole, noon.Add(time.Hour), false},
		"long ago":             {made("R1", 0), voices(reconcile.Write, reconcile.Stored, -time.Hour, 999*time.Hour), noon.Add(31 * 24 * time.Hour), false},
		"no answer":            {made("", 0), whole, now, false},
		"refused":              {change(func(m *effect.Made) { m.Error = "AccessDenied" }), whole, now, false},
		"a data event":         {change(func(m *effect.Made) { m.API = "sns:Publish" }), whole, now, false},
		"another region":       {change(func(m *effect.Made) { m.Region = "eu-west-1" }), whole, now, false},
		"no trail":             {made("R1", 0), nil, now, false},
		"only EventBridge":     {made("R1", 0), voices(reconcile.Write, reconcile.Live, -time.Hour, 47*time.Hour), now, false},
		"trail of later":       {made("R1", 0), voices(reconcile.Write, reconcile.Stored, time.Hour, 47*time.Hour), now, false},
		"trail ended":          {made("R1", 0), voices(reconcile.Write, reconcile.Stored, -time.Hour, time.Hour), now, false},
		"KMS may be left out":  {change(func(m *effect.Made) { m.API = "kms:DisableKey" }), whole, now, false},
		"KMS, where it is not": {change(func(m *effect.Made) { m.API = "kms:DisableKey" }), voices(reconcile.Noisy, reconcile.Stored, -time.Hour, 47*time.Hour), now, true},
	} {
		if got := ours.Due(c.made, c.voices, c.now); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
