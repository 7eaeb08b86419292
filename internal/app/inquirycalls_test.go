package app

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"jobzero/internal/config"
	"jobzero/internal/effect"
	"jobzero/internal/finding"
	"jobzero/internal/glass"
	"jobzero/internal/playbook/verdict"
	"jobzero/internal/store"
)

// gathers reads one thing about a finding whose only record is a call of a session of a role.
func (s *inquiring) gathers(what, arn, role, source, name string) (text string, data map[string]any) {
	s.Helper()
	s.n++
	account := strings.Split(arn, ":")[4]
	raw := fmt.Sprintf(`{"eventID":"e-%d","eventTime":%q,"eventName":%q,"eventSource":"%s.amazonaws.com","awsRegion":"eu-central-1","sourceIPAddress":"198.51.100.7",
"recipientAccountId":"111122223333","eventType":"AwsApiCall","userIdentity":{"type":"AssumedRole","arn":%q,"accountId":%q,"accessKeyId":"ASIAIOSFODNN7EXAMPLE",
"sessionContext":{"sessionIssuer":{"type":"Role","arn":%q,"accountId":%[6]q,"userName":"x"}}}}`, s.n, s.clock.now.Format(time.RFC3339), name, source, arn, account, role)
	g, err := s.gather(s.Context(), what, finding.Finding{
		Kind: finding.Rule, By: "x", Account: "111122223333", Principal: role, Occurred: s.clock.now, LastSeen: s.clock.now,
		Evidence: []finding.Evidence{{Kind: "event", Data: json.RawMessage(raw)}},
	})
	if err != nil {
		s.Fatal(err)
	}
	if err := json.Unmarshal(g.Data, &data); err != nil {
		s.Fatal(err)
	}
	return g.Text, data
}

// TestOurOwn: a session of ours counts for a call that an effect of its ticket made then, and for no other.
func TestOurOwn(t *testing.T) {
	s := inquires(t, verdict.Plan)
	s.config.Accounts = []config.Account{{ID: "111122223333"}}
	const role, session = "arn:aws:iam::111122223333:role/jobzero-responder", "arn:aws:sts::111122223333:assumed-role/jobzero-responder/jobzero-01JD7ZAAAA"
	e := effect.Effect{
		Key: "run-1/close", Ticket: "01JD7ZAAAA", Run: "run-1", Account: "111122223333", State: effect.Done, Began: s.clock.now.Add(-time.Minute), Ended: s.clock.now.Add(time.Minute),
		Plan: effect.Plan{Action: "s3.block-public-access", Calls: []effect.Call{{Permission: "s3:PutBucketPublicAccessBlock"}}},
	}
	if err := s.store.Update(t.Context(), func(tx *store.Tx) error { return tx.SaveEffect(t.Context(), e) }); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		arn, role, call string
		after           time.Duration
		ours            bool
		effects         int
	}{
		"our effect":      {session, role, "PutBucketPublicAccessBlock", 0, true, 1},
		"another call":    {session, role, "DeleteBucket", 0, true, 0},
		"too late":        {session, role, "PutBucketPublicAccessBlock", time.Hour, true, 0},
		"another ticket":  {strings.Replace(session, "AAAA", "BBBB", 1), role, "PutBucketPublicAccessBlock", 0, true, 0},
		"no ticket":       {strings.Replace(session, "jobzero-01JD7ZAAAA", "jobzero", 1), role, "PutBucketPublicAccessBlock", 0, false, 0},
		"another role":    {session, strings.Replace(role, "responder", "reader", 1), "PutBucketPublicAccessBlock", 0, false, 0},
		"another account": {strings.Replace(session, "111122223333", "999988887777", 1), strings.Replace(role, "111122223333", "999988887777", 1), "PutBucketPublicAccessBlock", 0, false, 0},
	} {
		now := s.clock.now
		s.clock.now = now.Add(c.after)
		text, data := s.gathers("ours", c.arn, c.role, "s3", c.call)
		s.clock.now = now
		if got := len(data["effects"].([]any)); data["role"] != c.ours || got != c.effects { //nolint:forcetypeassert // it is always a list
			t.Errorf("%s: %s: ours %v with %d effects, want %t with %d", name, text, data["role"], got, c.ours, c.effects)
		}
	}
}

// TestBreakGlassInUse: a use counts from its grant to its end, for its own session.
func TestBreakGlassInUse(t *testing.T) {
	s := inquires(t, verdict.Plan)
	u := glass.Use{
		ID: "01JD7ZGLASS", State: glass.Granted, Since: s.clock.now.Add(-time.Hour), Until: s.clock.now.Add(time.Hour),
		Request: glass.Request{Person: "kim", Principal: "arn:aws:iam::111122223333:user/kim", Account: "111122223333", Role: "emergency", Reason: "the shop is down"},
	}
	if err := s.store.Update(t.Context(), func(tx *store.Tx) error { return tx.SaveGlass(t.Context(), u) }); err != nil {
		t.Fatal(err)
	}
	const role, own = "arn:aws:iam::111122223333:role/break-glass/emergency", "arn:aws:sts::111122223333:assumed-role/emergency/break-glass-01JD7ZGLASS"
	for name, c := range map[string]struct {
		arn   string
		after time.Duration
		want  bool
	}{
		"in use": {own, 0, true}, "before": {own, -2 * time.Hour, false}, "after": {own, 2 * time.Hour, false},
		"another session": {own + "X", 0, false}, "another account": {strings.Replace(own, "111122223333", "999988887777", 1), 0, false},
	} {
		now := s.clock.now
		s.clock.now = now.Add(c.after)
		text, data := s.gathers("break-glass", c.arn, role, "iam", "CreateUser")
		s.clock.now = now
		if data["in_use"] != c.want || c.want && data["person"] != "kim" {
			t.Errorf("%s: %s, %v", name, text, data)
		}
	}
}

// TestRelated: tickets near by are told by principal, address and account, with links to those that may belong together.
func TestRelated(t *testing.T) {
	s := inquires(t, verdict.Plan)
	first := s.found("deploy-pipeline", "AddPermission")
	second := s.found("builder", work) // from the same address, by another role
	line := s.lines(second.ID)[0]
	if !strings.Contains(line, "1 of the same address") || !strings.Contains(line, `"ticket/`+string(first.ID)+`"`) {
		t.Error(line)
	}
	s.clock.now = s.clock.now.Add(72 * time.Hour)
	if line := s.lines(s.found("cleaner", work).ID)[0]; !strings.Contains(line, "no other open ticket within a day") {
		t.Error(line)
	}
}

// TestAVerdictForNothingIsTold: a pattern that fits no rule is a mistake, and said with its file.
func TestAVerdictForNothingIsTold(t *testing.T) {
	h, _ := folder(t, t.TempDir())
	k := *h.knowledge.Load()
	d, bad := verdict.Read("verdicts/x.yml", []byte("id: x\ntitle: X\nwhy: x\nwhen: {rules: [no-such-*]}\nif: 'true'\nverdict: 'false'\nconfidence: possible\n"))
	if len(bad) > 0 {
		t.Fatal(bad)
	}
	before := len(k.Check(Actions()))
	k.Verdicts = append(slices.Clone(k.Verdicts), d)
	if got := k.Check(Actions()); before != 0 || len(got) != 1 || !strings.Contains(got[0].Error(), "verdicts/x.yml:1:1: verdict x: rule \"no-such-*\" is not loaded") {
		t.Errorf("%d before, then %v", before, got)
	}
}
