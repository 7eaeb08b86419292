package app

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jobzero/internal/config"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/flow"
	"jobzero/internal/oncall"
	"jobzero/internal/oncall/handoff"
	"jobzero/internal/playbook"
	"jobzero/internal/principal/person"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

const watchPeople = `people: [{id: ciso}, {id: head, manager: ciso},
  {id: ana, manager: head}, {id: bo, manager: head}, {id: cleo, manager: head}, {id: dev, manager: head}, {id: eli, manager: head},
  {id: fay, manager: head}, {id: gus, manager: head}, {id: hana, manager: head}, {id: ivo, manager: head}, {id: jun, manager: head},
  {id: kim, manager: head}, {id: leo, manager: head}, {id: mia, manager: head}, {id: nora, manager: head}, {id: omar, manager: head},
  {id: pia, manager: head}, {id: quinn, manager: head}, {id: rosa, manager: head}, {id: sam, manager: head}, {id: tess, manager: head}]
teams: [{name: shop, lead: head}]
`

// guardroom is a house with a rota, and its clock.
type guardroom struct {
	*testing.T
	house *House
	dir   string
	clock *dials
	told  []string
}

// Tell hears what somebody is told.
func (g *guardroom) Tell(_ context.Context, t handoff.Tell) error {
	g.told = append(g.told, g.clock.now.Format("15:04")+" "+t.Person)
	if !strings.Contains(t.What, "andoff") && !strings.Contains(t.What, "over") {
		g.Errorf("%s is told %q", t.Person, t.What)
	}
	return nil
}

// aGuardroom opens a house at 08:30 on a day on which Dublin's shift begins at nine, after Sydney's.
func aGuardroom(t *testing.T) *guardroom {
	t.Helper()
	g := &guardroom{T: t, dir: t.TempDir(), clock: &dials{time.Date(2026, 11, 23, 8, 30, 0, 0, time.UTC)}}
	waivers := "- {expectations: [s3-bucket-not-public], accounts: [\"111122223333\"], reason: moves soon, owner: shop, approved_by: head, expires: 2026-11-27}\n"
	for name, text := range map[string]string{"rota.yaml": string(oncall.SampleText()), "org.yaml": watchPeople, "waivers.yaml": waivers} {
		if err := os.WriteFile(filepath.Join(g.dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	g.open()
	g.work() // the first handoff of the rota, which whoever has the shift accepts
	if err := g.accept("security-20261123T0300Z", "mia"); err != nil {
		t.Fatal(err)
	}
	g.told = nil
	return g
}

// accept has somebody take duty over.
func (g *guardroom) accept(id handoff.ID, who string) error {
	_, err := g.house.Turn(g.Context(), id, func(h handoff.Handoff) (handoff.Handoff, error) { return h.Accept(who, g.clock.now) })
	return err
}

func (g *guardroom) settings() config.Config {
	c := config.Default()
	c.DataDir, c.Listen = filepath.Join(g.dir, "data"), "127.0.0.1:0"
	c.OnCall.Rota, c.Org, c.Waivers = filepath.Join(g.dir, "rota.yaml"), filepath.Join(g.dir, "org.yaml"), filepath.Join(g.dir, "waivers.yaml")
	return c
}

// open starts the house as after a restart: what was in memory is gone.
func (g *guardroom) open() {
	g.Helper()
	if g.house != nil {
		if err := g.house.Stop(g.Context()); err != nil {
			g.Fatal(err)
		}
	}
	h, err := New(g.Context(), g.settings(), Options{Log: slog.New(slog.DiscardHandler), Clock: g.clock, Teller: g})
	if err != nil {
		g.Fatal(err)
	}
	g.house = h
	g.Cleanup(func() { _ = h.Stop(context.WithoutCancel(g.Context())) })
	if err := h.planHandoffs(g.Context()); err != nil {
		g.Fatal(err)
	}
}

// until lets the time go on to a time of the day, minute by minute; what is due is done as its row says, and each time twice, as when the
// process dies before it has said that it was done.
func (g *guardroom) until(hour, minute int) {
	g.Helper()
	for end := time.Date(2026, 11, 23, hour, minute, 0, 0, time.UTC); !g.clock.now.After(end); g.clock.now = g.clock.now.Add(time.Minute) {
		g.work()
	}
	g.clock.now = g.clock.now.Add(-time.Minute)
}

func (g *guardroom) work() {
	g.Helper()
	now := g.clock.now
	hints, err := g.house.store.Unsent(g.Context(), legHandoff, now, now, 10)
	if err != nil {
		g.Fatal(err)
	}
	for _, hint := range hints {
		c, ok, err := g.house.store.Claim(g.Context(), flow.Ask{Leg: legHandoff, Ref: hint.Ref, Holder: "test", Now: now, Wall: now, Until: now.Add(time.Minute)})
		if err != nil || !ok {
			g.Fatalf("claim %s: %v, %v", hint.Ref, ok, err)
		}
		var next time.Time
		for range 2 {
			if next, err = g.house.handoffs(g.Context(), hint.Ref); err != nil {
				g.Fatal(err)
			}
		}
		if !next.After(now) {
			g.Fatalf("at %s it wants to be looked at again at %s", now, next)
		}
		if _, err := g.house.store.Finish(g.Context(), c, flow.Outcome{End: flow.LookAgain, Due: next}); err != nil {
			g.Fatal(err)
		}
	}
}

func (g *guardroom) primary() oncall.Duty {
	g.Helper()
	d, err := g.house.Duty(g.Context(), "", g.clock.now)
	if err != nil {
		g.Fatal(err)
	}
	return d
}

func (g *guardroom) handoff() handoff.Handoff {
	g.Helper()
	var out []handoff.Handoff
	if err := g.house.store.View(g.Context(), func(tx storeTx) (err error) {
		out, err = tx.Handoffs(g.Context(), "", nil, time.Time{}, 1)
		return err
	}); err != nil || len(out) == 0 {
		g.Fatalf("no handoff: %v", err)
	}
	return out[0]
}

// TestDutyPassesWhenItIsAccepted: the document is there a quarter of an hour before, and who is on duty changes when the next one says so.
func TestDutyPassesWhenItIsAccepted(t *testing.T) {
	g := aGuardroom(t)
	g.fill()
	g.until(8, 44)
	if d := g.primary(); len(g.told) != 0 || d.Primary.Person != "mia" {
		t.Errorf("told %v, %+v", g.told, d)
	}
	g.until(9, 3)
	if d := g.primary(); d.Primary.Person != "mia" || d.Waiting == nil || d.Waiting.Handoff != "security-20261123T0900Z" || d.Next.Person != "rosa" {
		t.Errorf("nobody has accepted: %+v", d)
	}
	if err := g.accept("security-20261123T0900Z", "tess"); !fault.Is(err, fault.Denied) {
		t.Errorf("the secondary was not asked: %v", err)
	}
	if err := g.accept("security-20261123T0900Z", "rosa"); err != nil {
		t.Fatal(err)
	}
	accepted := g.clock.now
	g.until(14, 44)
	if d := g.primary(); d.Primary.Person != "rosa" || !d.Primary.Since.Equal(accepted) || d.Waiting != nil || !slices.Equal(g.told, []string{"08:45 rosa"}) {
		t.Errorf("told %v, %+v", g.told, d)
	}
	d := g.handoff().Document
	for part, want := range map[handoff.Name]string{
		handoff.Tickets: "critical human 01A A key leaked", handoff.Runs: "paused R1 close-public-bucket of ticket 01A", handoff.Approvals: "asking R1 delete the key",
		handoff.Waivers: "s3-bucket-not-public (shop), 2026-11-28T00:00Z: moves soon", handoff.Changed: "opened 01A", handoff.Watch: "critical 01A A key leaked, 2026-11-23T08:00Z: it is not contained",
	} {
		p := d.Part(part)
		if p.Total == 0 || !slices.ContainsFunc(p.Items, func(i handoff.Item) bool { return strings.Contains(i.String(), want) }) {
			t.Errorf("%s: %v, want %q", part, p.Items, want)
		}
	}
	if len(d.Unread) != 0 {
		t.Errorf("what is not known: %v", d.Unread)
	}
	if err := g.house.store.View(t.Context(), func(tx storeTx) error { return tx.CheckAudit(t.Context()) }); err != nil {
		t.Errorf("the chain: %v", err)
	}
}

// fill opens a ticket with a run that asks somebody.
func (g *guardroom) fill() {
	g.Helper()
	now := g.clock.now.Add(-30 * time.Minute)
	tk := ticket.Ticket{ID: "01A", Subject: "key", Title: "A key leaked", Severity: finding.Critical, State: ticket.Human, Reason: "nobody knows it", Account: "111122223333", Clocks: ticket.Clocks{Opened: now}}
	run := playbook.Run{ID: "R1", Ticket: "01A", Playbook: "close-public-bucket", State: playbook.Running, Paused: "by ana: wait", Started: now, Steps: []playbook.Step{
		{ID: "a", State: playbook.StepAsking, Ask: &playbook.Ask{Of: "delete the key", Need: 2, Until: now.Add(3 * time.Hour)}},
	}}
	err := g.house.store.Update(g.Context(), func(tx *store.Tx) error {
		if err := tx.AppendEntry(g.Context(), &tk, ticket.Entry{At: now, Kind: "opened", Actor: "test"}); err != nil {
			return err
		}
		if err := tx.SaveRun(g.Context(), run); err != nil {
			return err
		}
		return tx.SetBrake(g.Context(), effect.Brake{Name: playbook.EnforcementBrake, On: true, By: "ana", Reason: "drill", At: now})
	})
	if err != nil {
		g.Fatal(err)
	}
}

// TestNobodyAcceptsThroughRestarts: the house is ended and started again all the time. Everybody is asked once at his time, up to the top, and all the
// time somebody is on duty.
func TestNobodyAcceptsThroughRestarts(t *testing.T) {
	g := aGuardroom(t)
	for _, at := range [][2]int{{8, 50}, {9, 0}, {9, 20}, {9, 46}, {10, 5}} {
		g.until(at[0], at[1])
		g.open()
		if d := g.primary(); d.Primary.Person != "mia" || d.Secondary.Person == "" || d.Secondary.Person == "mia" {
			t.Errorf("at %s: %+v", g.clock.now, d)
		}
	}
	want := []string{"08:45 rosa", "09:15 tess", "09:30 head", "09:45 ciso", "10:00 ciso", "10:00 head", "10:00 rosa", "10:00 tess"}
	got := slices.Clone(g.told)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("told %v, want %v", got, want)
	}
	if err := g.accept(g.handoff().ID, "head"); err != nil {
		t.Fatal(err)
	}
	if d := g.primary(); d.Primary.Person != "head" || d.Secondary.Person != "tess" {
		t.Errorf("%+v", d)
	}
	g.until(15, 2) // Seattle's shift has begun, and is handed over by the manager
	if h := g.handoff(); h.From != "head" || h.To != "cleo" || !g.primary().Primary.Since.Before(h.Due) || g.primary().Primary.Person != "head" {
		t.Errorf("%+v, %+v", h, g.primary())
	}
}

// TestTheClockJumps: nobody was there for hours, or the clock was set. Who is asked late has his time; nobody is skipped.
func TestTheClockJumps(t *testing.T) {
	g := aGuardroom(t)
	g.until(8, 46)
	g.clock.now = g.clock.now.Add(3 * time.Hour) // 11:46
	g.open()
	g.work()
	g.clock.now = g.clock.now.Add(time.Minute)
	g.work()
	if !slices.Equal(g.told, []string{"08:45 rosa", "11:46 tess"}) {
		t.Errorf("told %v", g.told)
	}
	g.until(12, 2)
	if !slices.Equal(g.told[2:], []string{"12:01 head"}) {
		t.Errorf("told %v", g.told)
	}
	g.clock.now = g.clock.now.Add(-2 * time.Hour)
	g.work()
	if len(g.told) != 3 {
		t.Errorf("told %v when the clock was set back", g.told)
	}
	g.clock.now = time.Date(2026, 11, 23, 17, 0, 0, 0, time.UTC) // the next shift has begun, and nobody has written its handoff
	g.open()
	g.work()
	if h := g.handoff(); h.Site != "Seattle" || h.State != handoff.Open || h.From == "" || !slices.Contains(g.told, "17:00 cleo") {
		t.Errorf("%+v, told %v", h, g.told)
	}
}

// TestARotaThatDoesNotHoldIsNotTaken: at the start and at a reload, with the time that nobody would have.
func TestARotaThatDoesNotHoldIsNotTaken(t *testing.T) {
	g := aGuardroom(t)
	bad := strings.Replace(string(oncall.SampleText()), `starts: "21:00"`, `starts: "22:00"`, 1)
	if err := os.WriteFile(filepath.Join(g.dir, "rota.yaml"), []byte(bad), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := g.house.learn(); err == nil || !strings.Contains(err.Error(), "oncall.rota: the rota does not hold") || !strings.Contains(err.Error(), "T21:00Z to ") || !strings.Contains(err.Error(), "T22:00Z, ") {
		t.Errorf("reloaded: %v", err)
	}
	if d := g.primary(); d.Primary.Person != "mia" {
		t.Errorf("the old one goes on: %+v", d)
	}
	c := g.settings()
	c.DataDir = t.TempDir()
	if _, err := New(t.Context(), c, Options{Log: slog.New(slog.DiscardHandler)}); !fault.Is(err, fault.Invalid) {
		t.Errorf("started: %v", err)
	}
}

// TestWhoeverLeavesHasNoShiftAnyMore: a directory says that somebody has left, and others have his shifts from then on; the proof names him, and
// the next handoff tells of it.
func TestWhoeverLeavesHasNoShiftAnyMore(t *testing.T) {
	g := aGuardroom(t)
	rosa := person.Person{ID: "01ROSA", UserName: "Rosa", Display: "Rosa Example", Source: "hr", Version: 1, Out: g.clock.now, Changed: g.clock.now}
	err := g.house.store.Update(t.Context(), func(tx storeTx) error {
		return tx.SavePerson(t.Context(), rosa, person.Entry{Subject: rosa.ID, Seq: 1, At: g.clock.now, Kind: person.Changed})
	})
	if err != nil {
		t.Fatal(err)
	}
	g.until(8, 50)
	d := g.handoff()
	if d.To == "rosa" || d.To == "" || !slices.ContainsFunc(d.Document.Part(handoff.Watch).Items, func(i handoff.Item) bool { return strings.Contains(i.Title, "rosa has left") }) {
		t.Errorf("to %s, watch %v", d.To, d.Document.Part(handoff.Watch))
	}
	w := g.house.watch()
	err = g.house.store.View(t.Context(), func(tx storeTx) error {
		p, err := w.Plan(t.Context(), tx, "", g.clock.now, g.clock.now)
		if err != nil {
			return err
		}
		for _, s := range p.Shifts(g.clock.now.Add(time.Hour), g.clock.now.Add(60*24*time.Hour)) {
			if s.Primary == "rosa" || s.Secondary == "rosa" {
				t.Errorf("%+v", s)
			}
		}
		if f := p.Prove(g.clock.now, oncall.Year(g.clock.now)).Faults; len(f) != 1 || f[0].Kind != oncall.Left || f[0].Person != "rosa" {
			t.Errorf("%v", f)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
