package app

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/config"
	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/flow"
)

const oldRule = `title: Log-in failed
id: old
level: low
logsource: {product: aws, service: cloudtrail}
detection: {s: {eventName: ConsoleLogin, errorMessage: Failed authentication}, condition: s}
`

const newRule = `title: Log-in worked
id: new
level: high
logsource: {product: aws, service: cloudtrail}
detection: {s: {eventName: ConsoleLogin, errorMessage: null}, condition: s}
`

// past is a house with an archive, its clock, its folders, and how often each part of the archive was read.
type past struct {
	*House
	clock       *dials
	logs, rules string
	done        map[string]int
	by          map[*House]int
}

// looking is a house that has known the old rule since its first start.
func looking(t *testing.T, change func(*config.Config)) *past {
	t.Helper()
	p := &past{clock: &dials{time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}, logs: t.TempDir(), rules: t.TempDir(), done: map[string]int{}, by: map[*House]int{}}
	p.rule(t, "old.yml", oldRule)
	c := config.Default()
	c.DataDir, c.Listen, c.Content.Rules = t.TempDir(), "127.0.0.1:0", []string{p.rules}
	c.Archive.Places = []string{p.logs}
	if change != nil {
		change(&c)
	}
	h, err := New(t.Context(), c, Options{Log: slog.New(slog.DiscardHandler), Clock: p.clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Stop(context.WithoutCancel(t.Context())) })
	p.House = h
	if err := h.planBackrun(t.Context()); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *past) rule(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(p.rules, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// record puts a log-in into the archive.
func (p *past) record(t *testing.T, account, id string, at time.Time, failed bool) *event.Event {
	t.Helper()
	e := attempt(t, id, "198.51.100.7", at, failed)
	text := `{"Records":[` + strings.ReplaceAll(string(e.Raw), "111122223333", account) + `]}`
	name := filepath.Join(p.logs, "AWSLogs", account, "CloudTrail", "us-east-1", at.Format("2006/01/02"), id+".json")
	if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return e
}

// parts does what is due in the archive, at most so much, by turns, and gives how much there was.
func (p *past) parts(t *testing.T, most int, houses ...*House) (n int) {
	t.Helper()
	ctx, now := t.Context(), p.clock.now
	for n < most {
		due, err := p.store.Unsent(ctx, legBackrun, now, now, 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(due) == 0 {
			return n
		}
		h := houses[n%len(houses)]
		n++
		claim, ok, err := p.store.Claim(ctx, flow.Ask{Leg: legBackrun, Ref: due[0].Ref, Holder: fmt.Sprint(n), Now: now, Wall: now, Until: now.Add(time.Minute)})
		if err != nil || !ok {
			t.Fatalf("claim %s: %v %v", due[0].Ref, ok, err)
		}
		p.done[due[0].Ref]++
		p.by[h]++
		end := flow.Outcome{End: flow.Settle}
		if again, err := h.backrun(ctx, due[0].Ref); err != nil {
			if err := h.poisoned(ctx, legBackrun, due[0].Ref, err); err != nil {
				t.Fatal(err)
			}
			end = flow.Outcome{End: flow.GiveUp, Error: err.Error(), Wall: now}
		} else if !again.IsZero() {
			end = flow.Outcome{End: flow.LookAgain, Due: again}
		}
		if _, err := p.store.Finish(ctx, claim, end); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

// all does everything, also what waits for what was under way.
func (p *past) all(t *testing.T, houses ...*House) (n int) {
	t.Helper()
	n = p.parts(t, 1000, houses...)
	p.clock.now = p.clock.now.Add(2 * time.Hour)
	n += p.parts(t, 1000, houses...)
	if left := p.left(t); left != 0 {
		t.Errorf("%d parts are left", left)
	}
	return n
}

func (p *past) left(t *testing.T) (n int) {
	t.Helper()
	err := p.store.View(t.Context(), func(tx storeTx) (err error) { n, err = tx.BackrunLeft(t.Context()); return err })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (p *past) findings(t *testing.T) (all []finding.Finding) {
	t.Helper()
	err := p.store.View(t.Context(), func(tx storeTx) (err error) {
		all, err = tx.Findings(t.Context(), finding.Filter{})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(all, func(a, b finding.Finding) int { return strings.Compare(a.By+a.Account, b.By+b.Account) })
	return all
}

func said(all []finding.Finding) (out []string) {
	for _, f := range all {
		out = append(out, fmt.Sprintf("%s %s %s %d", f.By, f.Account, f.Occurred.Format("01-02 15:04"), f.Count))
	}
	return out
}

func (p *past) ago(days int) time.Time { return p.clock.now.AddDate(0, 0, -days) }

// A rule that is added by a reload finds last week's event, once, and nothing else is run; what is known is not run again.
func TestANewRuleFindsLastWeek(t *testing.T) {
	t.Parallel()
	p := looking(t, nil)
	p.record(t, "111122223333", "e1", p.ago(7), false)
	p.record(t, "111122223333", "e2", p.ago(7).Add(time.Minute), true)
	p.record(t, "444455556666", "e3", p.ago(3), false)
	p.record(t, "444455556666", "e4", p.ago(200), false)
	live := p.record(t, "111122223333", "e5", p.ago(0).Add(-time.Minute), false)
	if n := p.all(t, p.House); n != 0 {
		t.Fatalf("the first start has %d parts to do", n)
	}
	p.clock.now = p.clock.now.Add(-2 * time.Hour)
	p.rule(t, "new.yml", newRule)
	p.reload(t.Context())
	if n := p.all(t, p.House); n != 2*31+3 {
		t.Errorf("%d parts, want 31 days of 2 accounts, the list, the rest and the end", n)
	}
	want := []string{"new 111122223333 11-15 09:00 2", "new 444455556666 11-19 09:00 1"}
	got := p.findings(t)
	if d := cmp.Diff(want, said(got)); d != "" {
		t.Fatalf("findings (-want +got):\n%s", d)
	}
	f := got[0]
	last := f.Evidence[len(f.Evidence)-1]
	if f.Sighting != "e1" || f.Evidence[0].Kind != "event" || last.Kind != foundBack || !strings.Contains(last.Text, "occurred at 2026-11-15") || !strings.HasPrefix(f.Note, "found back in the archive") {
		t.Errorf("the finding does not say where it comes from: %+v", f)
	}
	for range 2 { // the same event comes live, too
		if err := p.detect(t.Context(), "q", []*event.Event{live}); err != nil {
			t.Fatal(err)
		}
	}
	p.rule(t, "new.yml", strings.Replace(newRule, "Log-in worked", "A log-in worked", 1))
	p.reload(t.Context())
	if n := p.all(t, p.House); n != 0 {
		t.Errorf("another title is run over the archive: %d parts", n)
	}
	p.rule(t, "new.yml", strings.Replace(newRule, "eventName: ConsoleLogin", "eventName|startswith: Console", 1))
	p.reload(t.Context())
	if n := p.all(t, p.House); n != 2*31+3 {
		t.Errorf("another detection is not run over the archive: %d parts", n)
	}
	if d := cmp.Diff(want, said(p.findings(t))); d != "" {
		t.Errorf("something was counted twice (-want +got):\n%s", d)
	}
}

// What was settled since the event stays settled.
func TestWhatIsSettledIsNotOpenedFromTheArchive(t *testing.T) {
	t.Parallel()
	p := looking(t, nil)
	e := p.record(t, "111122223333", "e1", p.ago(7), false)
	p.rule(t, "new.yml", newRule)
	if err := p.learn(); err != nil {
		t.Fatal(err)
	}
	later := attempt(t, "e2", "198.51.100.7", p.ago(5), false)
	if err := p.detect(t.Context(), "q", []*event.Event{later}); err != nil {
		t.Fatal(err)
	}
	f := p.findings(t)[0]
	f.State, f.Settled = finding.Done, p.ago(4)
	if err := p.store.Update(t.Context(), func(tx storeTx) error { return tx.SaveFinding(t.Context(), f) }); err != nil {
		t.Fatal(err)
	}
	p.reload(t.Context())
	p.all(t, p.House)
	f = p.findings(t)[0]
	if f.State != finding.Done || f.Count != 2 || !f.LastSeen.Equal(later.Time) {
		t.Errorf("a repaired thing is opened by %s, which happened before: %+v", e.ID, f)
	}
}

// Replicas share the parts, and one that is killed repeats at most what it had in hand, which changes nothing.
func TestReplicasShareTheArchive(t *testing.T) {
	t.Parallel()
	p := looking(t, nil)
	for day := range 20 {
		p.record(t, "111122223333", fmt.Sprint("a", day), p.ago(day), false)
		p.record(t, "444455556666", fmt.Sprint("b", day), p.ago(day), false)
	}
	p.rule(t, "new.yml", newRule)
	p.reload(t.Context())
	other := replica(p.House)
	if n := p.parts(t, 20, p.House, other); n != 20 {
		t.Fatalf("%d parts", n)
	}
	due, err := p.store.Unsent(t.Context(), legBackrun, p.clock.now, p.clock.now, 1)
	if err != nil || len(due) != 1 {
		t.Fatal(due, err)
	}
	run, part, _ := strings.Cut(due[0].Ref, "|")
	at, err := began(run)
	if err != nil {
		t.Fatal(err)
	}
	n, _, err := p.newsOf(t.Context(), run, at)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.readPart(t.Context(), run, strings.TrimPrefix(part, partRead+"|"), at, n); err != nil {
		t.Fatal(err) // it was killed before it could say so
	}
	p.all(t, p.House, replica(p.House))
	if d := cmp.Diff([]string{"new 111122223333 11-03 09:00 20", "new 444455556666 11-03 09:00 20"}, said(counts(p.findings(t)))); d != "" {
		t.Errorf("findings (-want +got):\n%s", d)
	}
	for ref, times := range p.done {
		if times != 1 {
			t.Errorf("%s was done %d times", ref, times)
		}
	}
	if p.by[other] != 10 || len(p.by) != 3 {
		t.Errorf("the parts are not shared: %v", p.by)
	}
}

// counts puts the earliest time in place of the first that was found, which the order of the parts decides.
func counts(all []finding.Finding) []finding.Finding {
	for i := range all {
		all[i].Occurred = time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)
	}
	return all
}

// A correlation that is new finds what lies on both sides of midnight, as it would have been found live.
func TestACorrelationIsFoundOverParts(t *testing.T) {
	p := looking(t, nil)
	midnight := p.ago(6).Truncate(24 * time.Hour)
	var events []*event.Event
	for i := range 3 {
		events = append(events, p.record(t, "111122223333", fmt.Sprint("e", i), midnight.Add(time.Duration(i*2-3)*time.Minute), true))
	}
	p.rule(t, "logins.yml", logins)
	p.reload(t.Context())
	p.all(t, p.House)
	var got []string
	for _, f := range p.findings(t) {
		got = append(got, f.By+" "+string(f.Fingerprint))
	}
	want := inOrder(t, p.House, events)
	if d := cmp.Diff(want, got); d != "" || len(want) != 2 {
		t.Errorf("findings (-in order +in parts):\n%s", d)
	}
	err := p.store.View(t.Context(), func(tx storeTx) error {
		for ref := range p.done {
			run, _, _ := strings.Cut(ref, "|")
			c, err := tx.BackrunParts(t.Context(), run)
			if err != nil || c.Done != 0 {
				t.Errorf("the run is not forgotten: %+v %v", c, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A process that was not reloaded leaves the run to those that were; what nobody knows any more is left out in the end.
func TestAReplicaThatIsBehindWaits(t *testing.T) {
	t.Parallel()
	p := looking(t, nil)
	p.record(t, "111122223333", "e1", p.ago(7), false)
	behind := replica(p.House)
	p.rule(t, "new.yml", newRule)
	p.reload(t.Context())
	p.parts(t, 1000, behind)
	if n := p.left(t); n != 1 || len(p.findings(t)) != 0 {
		t.Errorf("%d parts are left, the list of parts should be", n)
	}
	p.clock.now = p.clock.now.Add(2 * time.Minute)
	p.all(t, p.House)
	if got := p.findings(t); len(got) != 1 {
		t.Errorf("found %v", said(got))
	}
	p.rule(t, "new.yml", strings.Replace(newRule, "errorMessage: null", "awsRegion: us-east-1", 1))
	p.reload(t.Context())
	p.clock.now = p.clock.now.Add(2 * time.Hour)
	p.parts(t, 1000, behind)
	if n := p.left(t); n != 0 || len(p.findings(t)) != 1 {
		t.Errorf("%d parts of a rule that nobody has are left", n)
	}
}

// A place that cannot be read goes to a person, once, and the rest is searched.
func TestAPlaceThatCannotBeReadGoesToAPerson(t *testing.T) {
	gone := filepath.Join(t.TempDir(), "gone")
	p := looking(t, func(c *config.Config) { c.Archive.Places = append(c.Archive.Places, gone) })
	p.record(t, "111122223333", "e1", p.ago(7), false)
	p.rule(t, "new.yml", newRule)
	p.reload(t.Context())
	p.all(t, p.House)
	tickets := worked(t, p.House)
	var titles []string
	for _, tk := range tickets {
		titles = append(titles, tk.Title)
	}
	slices.Sort(titles)
	if d := cmp.Diff([]string{"Log-in worked", "New rules could not be run over all of the archive " + gone}, titles); d != "" {
		t.Errorf("tickets (-want +got):\n%s", d)
	}
	if err := p.poisoned(t.Context(), legBackrun, "nonsense", fault.New(fault.Invalid, "no run")); err != nil {
		t.Error(err)
	}
}

// With first, what the first start knows is run over the archive too; without an archive nothing ever is.
func TestTheFirstStart(t *testing.T) {
	t.Parallel()
	p := looking(t, func(c *config.Config) { c.Archive.First = true })
	p.record(t, "111122223333", "e1", p.ago(7), true)
	p.all(t, p.House)
	if got := p.findings(t); !slices.ContainsFunc(got, func(f finding.Finding) bool { return f.By == "old" }) {
		t.Errorf("found %v", said(got))
	}
	p = looking(t, func(c *config.Config) { c.Archive.Places, c.Archive.First = nil, true })
	p.rule(t, "new.yml", newRule)
	p.reload(t.Context())
	if n := p.all(t, p.House); n != 0 {
		t.Errorf("%d parts of no archive", n)
	}
}

// Indicators that arrive are hunted back through the archive; those that were there are not.
func TestIndicatorsAreHuntedBack(t *testing.T) {
	dir := t.TempDir()
	list := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	known, fresh := list("known.txt", "198.51.100.0/24\n"), list("fresh.txt", "203.0.113.9\n")
	p := looking(t, func(c *config.Config) { c.Content.Intel = []string{known, fresh} })
	p.record(t, "111122223333", "e1", p.ago(7), false)
	list("fresh.txt", "198.51.100.7\n")
	p.reload(t.Context())
	p.all(t, p.House)
	got := p.findings(t)
	if len(got) != 1 || got[0].By != "intel/address/198.51.100.7" {
		t.Errorf("found %v", said(got))
	}
}
