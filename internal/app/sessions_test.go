package app

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/source/cloudtrail"
)

const askingRule = `title: A person deletes a bucket through a role
id: by-person
logsource: {product: aws, service: cloudtrail}
detection:
  s: {eventName: DeleteBucket, lineage.kind: person}
  condition: s
`

func parsed(t *testing.T, raw string) *event.Event {
	t.Helper()
	e, err := cloudtrail.Parse([]byte(raw), event.Origin{})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// deleted is a call that was signed with a credential; assumed is how that credential came to be.
func deleted(t *testing.T, id, key string) *event.Event {
	t.Helper()
	return parsed(t, fmt.Sprintf(`{"eventID":%q,"eventTime":"2026-03-02T09:20:00Z","eventName":"DeleteBucket","eventSource":"s3.amazonaws.com","recipientAccountId":"111122223333",
"userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/deploy/%s","accountId":"111122223333","accessKeyId":%q}}`, id, key, key))
}

func assumed(t *testing.T, key string) *event.Event {
	t.Helper()
	return parsed(t, fmt.Sprintf(`{"eventID":"a-%s","eventTime":"2026-03-02T09:12:00Z","eventName":"AssumeRole","eventSource":"sts.amazonaws.com","recipientAccountId":"111122223333",
"userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/mia","accountId":"111122223333","accessKeyId":"AKIA1"},"responseElements":{"credentials":{"accessKeyId":%q}}}`, key, key))
}

// intake is the intake of a process of its own on the house's store, by one rule.
func intake(t *testing.T, h *House) Intake {
	t.Helper()
	rules, errs := sigma.ParseRules("r.yml", []byte(askingRule))
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	k := &Knowledge{Rules: rules}
	if _, err := k.follow(sigma.Set{Rules: rules}, 0); err != nil {
		t.Fatal(err)
	}
	s := NewSessions()
	s.Serve(k)
	return Intake{Store: h.store, Know: k, Triager: h.triager, Sessions: s, Known: h.config.Knows}
}

func take(t *testing.T, in Intake, now time.Time, events ...*event.Event) []finding.Finding {
	t.Helper()
	found, err := in.Take(t.Context(), events, now, nil)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func wantMia(t *testing.T, found []finding.Finding, sighting string) {
	t.Helper()
	if len(found) != 1 || found[0].Sighting != sighting {
		t.Fatalf("want one finding of %s, got %+v", sighting, found)
	}
	says := func(e finding.Evidence) bool {
		return e.Kind == "lineage" && strings.Contains(e.Text, "mia of 111122223333, through role deploy in 111122223333, assumed 09:12") && strings.Contains(string(e.Data), `"key":"AKIA1"`)
	}
	if !slices.ContainsFunc(found[0].Evidence, says) {
		t.Errorf("the evidence does not name the person: %+v", found[0].Evidence)
	}
}

// Who is behind an event is in the evidence, and rules may ask for it; the order of a batch does not matter.
func TestAFindingNamesWhoIsBehindIt(t *testing.T) {
	in := intake(t, newHouse(t))
	wantMia(t, take(t, in, time.Now(), deleted(t, "d-1", "ASIA1"), assumed(t, "ASIA1")), "d-1")
	if found := take(t, in, time.Now(), deleted(t, "d-2", "ASIA2")); len(found) != 0 {
		t.Errorf("somebody unknown is a person: %+v", found)
	}
}

// An event that comes before the record that says who is behind it is judged again when that record comes, unless that is late.
func TestAnEventWaitsForWhoIsBehindIt(t *testing.T) {
	in, now := intake(t, newHouse(t)), time.Now()
	take(t, in, now, deleted(t, "d-1", "ASIA1"), deleted(t, "d-2", "ASIA2"))
	wantMia(t, take(t, in, now.Add(time.Minute), assumed(t, "ASIA1")), "d-1")
	if found := take(t, in, now.Add(time.Minute), assumed(t, "ASIA1")); len(found) != 0 {
		t.Errorf("it was judged once more: %+v", found)
	}
	take(t, in, now.Add(30*time.Minute), deleted(t, "d-3", "ASIA3"), assumed(t, "ASIA9"))
	if found := take(t, in, now.Add(31*time.Minute), assumed(t, "ASIA2")); len(found) != 0 {
		t.Errorf("it waited for half an hour: %+v", found)
	}
	wantMia(t, take(t, in, now.Add(32*time.Minute), assumed(t, "ASIA3")), "d-3")
}

// What one process has learnt another one knows, at its start and a little later.
func TestSessionsAreShared(t *testing.T) {
	h, now := newHouse(t), time.Now()
	one := intake(t, h)
	take(t, one, now, assumed(t, "ASIA1"))
	two := intake(t, h)
	wantMia(t, take(t, two, now.Add(time.Second), deleted(t, "d-1", "ASIA1")), "d-1")
	take(t, one, now.Add(2*time.Second), assumed(t, "ASIA2"))
	take(t, two, now.Add(3*time.Second), deleted(t, "d-2", "ASIA2"))
	wantMia(t, take(t, two, now.Add(20*time.Second)), "d-2")
	if rows, err := one.Sessions.graph.Dirty(); err != nil || len(rows) != 0 {
		t.Errorf("%d rows are not saved: %v", len(rows), err)
	}
}

// What others know to be bad is a finding beside those of the rules, and what cannot be read of it stops nothing.
func TestIndicatorsAreMatchedLive(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	list := filepath.Join(t.TempDir(), "bad.csv")
	if err := os.WriteFile(list, []byte("type,value\naccess-key,AKIAIOSFODNN7EXAMPLE\nip,10.0.0.1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	h.config.Content.Intel = []string{list}
	if err := h.learn(); err != nil {
		t.Fatal(err)
	}
	in := Intake{Store: h.store, Know: h.knowledge.Load(), Triager: h.triager, Sessions: h.sessions, Known: h.config.Knows}
	found := take(t, in, time.Now(), parsed(t, `{"eventID":"k-1","eventTime":"2026-03-02T09:20:00Z","eventName":"GetCallerIdentity","eventSource":"sts.amazonaws.com",
"recipientAccountId":"111122223333","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/mia","accountId":"111122223333","accessKeyId":"AKIAIOSFODNN7EXAMPLE"}}`))
	if len(found) != 1 || found[0].By != "intel/access-key/AKIAIOSFODNN7EXAMPLE" || found[0].Resource == nil {
		t.Errorf("got %+v", found)
	}
	_, bad, err := Learn(h.config)
	if err != nil || len(bad) != 1 || !strings.Contains(bad[0].Error(), "bad.csv:3: 10.0.0.1 is not public") {
		t.Errorf("got %v, %v", bad, err)
	}
	h.config.Content.Intel = []string{list + ".gone"}
	if k, bad, err := Learn(h.config); err != nil || len(bad) != 1 || k.Indicators != nil || len(k.Rules) == 0 {
		t.Errorf("a file that is gone: %v, %v", bad, err)
	}
}

// No more waits than may.
func TestWaitingIsBounded(t *testing.T) {
	in, now := intake(t, newHouse(t)), time.Now()
	w := &in.Sessions.waiting
	e := deleted(t, "d-1", "ASIA1")
	for range waitEvents + 10 {
		w.add(in.Sessions.graph, e, now)
	}
	if len(w.events) != waitEvents || w.bytes != waitEvents*len(e.Raw) {
		t.Errorf("%d events of %d bytes wait", len(w.events), w.bytes)
	}
	w.put(waiter{e, now.Add(time.Hour)}, now.Add(time.Hour))
	if len(w.events) != 1 || w.bytes != len(e.Raw) {
		t.Errorf("an hour later %d events of %d bytes wait", len(w.events), w.bytes)
	}
}
