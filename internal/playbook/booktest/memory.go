package booktest

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/playbook"
	"jobzero/internal/resource"
	"jobzero/internal/ticket"
)

// rows is one table: documents by their key, so that nobody shares what is in them.
type rows map[string]json.RawMessage

// tables are what a transaction sees.
type tables struct {
	tickets, findings, runs, effects, brakes, canaries, inquiries, memories rows
}

func (t tables) copied() tables {
	return tables{
		maps.Clone(t.tickets), maps.Clone(t.findings), maps.Clone(t.runs), maps.Clone(t.effects), maps.Clone(t.brakes), maps.Clone(t.canaries),
		maps.Clone(t.inquiries), maps.Clone(t.memories),
	}
}

// memory is a store for one case, and for one goroutine. It tells what changes.
type memory struct {
	tables
	told func(trace []string)
	said []string // in the transaction that is under way
}

func newMemory(told func([]string)) *memory {
	return &memory{tables: tables{rows{}, rows{}, rows{}, rows{}, rows{}, rows{}, rows{}, rows{}}, told: told}
}

// Update runs a transaction: all of it, or nothing.
func (m *memory) Update(_ context.Context, do func(playbook.Tx) error) error {
	before := m.copied()
	m.said = nil
	if err := do(m); err != nil {
		m.tables = before
		return err
	}
	m.told(m.said)
	return nil
}

// View reads.
func (m *memory) View(_ context.Context, do func(playbook.Tx) error) error {
	before := m.copied()
	defer func() { m.tables = before }()
	return do(m)
}

func put[T any](t rows, key string, v T) error {
	text, err := json.Marshal(v)
	t[key] = text
	return fault.Wrap(fault.Internal, err, "keep %s", key)
}

func get[T any](t rows, key string) (v T, ok bool, err error) {
	text, ok := t[key]
	if !ok {
		return v, false, nil
	}
	return v, true, fault.Wrap(fault.Internal, json.Unmarshal(text, &v), "read %s", key)
}

func all[T any](t rows, want func(T) bool) (out []T, err error) {
	for _, key := range slices.Sorted(maps.Keys(t)) {
		v, _, err := get[T](t, key)
		if err != nil {
			return nil, err
		}
		if want(v) {
			out = append(out, v)
		}
	}
	return out, nil
}

// Ticket gives one.
func (m *memory) Ticket(_ context.Context, id ticket.ID) (ticket.Ticket, error) {
	t, ok, err := get[ticket.Ticket](m.tickets, string(id))
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "there is no ticket %s", id)
	}
	return t, err
}

// Tickets lists them.
func (m *memory) Tickets(_ context.Context, f ticket.Filter) ([]ticket.Ticket, error) {
	return all(m.tickets, func(t ticket.Ticket) bool { return len(f.States) == 0 || slices.Contains(f.States, t.State) })
}

// AppendEntry saves a ticket with a line.
func (m *memory) AppendEntry(_ context.Context, t *ticket.Ticket, e ticket.Entry) error {
	old, ok, err := get[ticket.Ticket](m.tickets, string(t.ID))
	if err != nil {
		return err
	}
	if ok && old.Head != t.Head {
		return fault.New(fault.Conflict, "ticket %s has changed since it was read", t.ID)
	}
	t.Seal(e)
	if old.State != t.State && (t.State == ticket.Closed || t.State == ticket.Human) {
		m.said = append(m.said, "ticket "+string(t.State))
	}
	return put(m.tickets, string(t.ID), *t)
}

// Finding gives one.
func (m *memory) Finding(_ context.Context, fp finding.Fingerprint) (finding.Finding, bool, error) {
	return get[finding.Finding](m.findings, string(fp))
}

// Findings lists them.
func (m *memory) Findings(_ context.Context, f finding.Filter) ([]finding.Finding, error) {
	return all(m.findings, func(x finding.Finding) bool {
		return (f.Ticket == "" || x.Ticket == f.Ticket) && (f.State == "" || x.State == f.State)
	})
}

// SaveFinding keeps one.
func (m *memory) SaveFinding(_ context.Context, f finding.Finding) error {
	return put(m.findings, string(f.Fingerprint), f)
}

// UnfinishedRuns lists the runs on a ticket that are at work.
func (m *memory) UnfinishedRuns(_ context.Context, id ticket.ID) ([]playbook.Run, error) {
	return all(m.runs, func(r playbook.Run) bool {
		return r.Ticket == id && slices.Contains([]playbook.RunState{playbook.Running, playbook.Verifying, playbook.Undoing}, r.State)
	})
}

// Run gives one.
func (m *memory) Run(_ context.Context, id string) (playbook.Run, error) {
	r, ok, err := get[playbook.Run](m.runs, id)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "there is no run %s", id)
	}
	return r, err
}

// SaveRun keeps one, and tells what of it has changed.
func (m *memory) SaveRun(_ context.Context, r playbook.Run) error {
	old, _, err := get[playbook.Run](m.runs, r.ID)
	if err != nil {
		return err
	}
	m.said = append(m.said, changes(old, r)...)
	return put(m.runs, r.ID, r)
}

// Effect gives one.
func (m *memory) Effect(_ context.Context, key string) (effect.Effect, bool, error) {
	return get[effect.Effect](m.effects, key)
}

// Effects lists them, the last begun first.
func (m *memory) Effects(_ context.Context, f effect.Filter) ([]effect.Effect, error) {
	out, err := all(m.effects, func(e effect.Effect) bool {
		return (f.Ticket == "" || e.Ticket == f.Ticket) && (f.Run == "" || e.Run == f.Run) && (f.Playbook == "" || e.Playbook == f.Playbook) &&
			(f.Account == "" || e.Account == f.Account) && (f.Resource == "" || e.Plan.Target.Ref.Key() == f.Resource) &&
			(len(f.States) == 0 || slices.Contains(f.States, e.State)) && !e.Began.Before(f.Since)
	})
	slices.SortFunc(out, func(a, b effect.Effect) int { return cmp.Or(b.Began.Compare(a.Began), cmp.Compare(b.Key, a.Key)) })
	if f.Limit > 0 && len(out) > f.Limit {
		out = out[:f.Limit]
	}
	return out, err
}

// SaveEffect keeps one.
func (m *memory) SaveEffect(_ context.Context, e effect.Effect) error {
	old, _, err := get[effect.Effect](m.effects, e.Key)
	if err != nil {
		return err
	}
	if old.State != e.State && e.State == effect.Undone {
		m.said = append(m.said, e.Step+" undone")
	}
	return put(m.effects, e.Key, e)
}

// CountEffects counts those of a playbook in an account.
func (m *memory) CountEffects(ctx context.Context, playbook, account string, since time.Time) (int, error) {
	list, err := m.Effects(ctx, effect.Filter{Playbook: playbook, Account: account, Since: since})
	return len(list), err
}

// Fleet is not known.
func (m *memory) Fleet(context.Context, resource.Ref) (int, error) { return 0, nil }

// Canary gives the first run of a version.
func (m *memory) Canary(_ context.Context, playbookID, account, hash string) (playbook.Canary, bool, error) {
	return get[playbook.Canary](m.canaries, playbookID+"|"+account+"|"+hash)
}

// SaveCanary keeps it.
func (m *memory) SaveCanary(_ context.Context, c playbook.Canary) error {
	return put(m.canaries, c.Playbook+"|"+c.Account+"|"+c.Hash, c)
}

// Brake is off.
func (m *memory) Brake(_ context.Context, name string) (effect.Brake, error) {
	b, _, err := get[effect.Brake](m.brakes, name)
	b.Name = name
	return b, err
}

// SetBrake keeps one.
func (m *memory) SetBrake(_ context.Context, b effect.Brake) error { return put(m.brakes, b.Name, b) }

// Enqueue wakes nobody: whoever plays the case looks by himself.
func (m *memory) Enqueue(context.Context, string, string, time.Time) error { return nil }

// Waits says that nobody else is at work.
func (m *memory) Waits(context.Context, string, string, time.Time) (bool, error) { return false, nil }
