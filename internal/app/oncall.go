package app

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"time"

	"jobzero/internal/config"
	"jobzero/internal/fault"
	"jobzero/internal/oncall"
	"jobzero/internal/oncall/handoff"
	"jobzero/internal/org"
	"jobzero/internal/principal/person"
	"jobzero/internal/store"
)

// Rotas loads the rotas that the settings name, or else the built-in one. Whether they hold for the year ahead is another question.
func Rotas(c config.Config, people *org.Org) (*oncall.Set, error) {
	if c.OnCall.Rota == "" {
		return oncall.Sample()
	}
	text, err := os.ReadFile(c.OnCall.Rota)
	if err != nil {
		return nil, fault.Path(err, c.OnCall.Rota, "a file of rotas: jobzero oncall example shows one")
	}
	if people == nil {
		return nil, fault.New(fault.Invalid, "%s:1:1: its members are people of the organisation: say in org where that is", c.OnCall.Rota)
	}
	return oncall.Parse(c.OnCall.Rota, text, people, func(path string) ([]byte, error) {
		if !filepath.IsAbs(path) {
			path = filepath.Join(filepath.Dir(c.OnCall.Rota), path)
		}
		data, err := os.ReadFile(path)
		return data, fault.Path(err, path, "a calendar (RFC 5545)")
	})
}

// rotas has the rotas loaded, and refuses those that do not hold for the year ahead: whoever starts or reloads by them would have a time in which
// nobody is on duty.
func (k *Knowledge) rotas(c config.Config, now time.Time) (err error) {
	if k.Rotas, err = Rotas(c, k.Org); err != nil {
		return fmt.Errorf("oncall.rota: %w", err)
	}
	for _, name := range k.Rotas.Rotas() {
		p, err := k.Rotas.Plan(name, oncall.Facts{})
		if err != nil {
			return err
		}
		if err := p.Prove(now, oncall.Year(now)).Err(); err != nil {
			return fmt.Errorf("oncall.rota: %w", err)
		}
	}
	return nil
}

// Watch is who is on duty, as texts and rows together say.
type Watch struct {
	Rotas  *oncall.Set
	People *org.Org
}

// memory is how far back changes of a rota are read: nobody's shift depends on older ones.
const memory = 3 * 24 * time.Hour

// Plan gives a rota with what was changed in it, and with who has left, from a time on. An empty name is the first rota of the text.
func (w Watch) Plan(ctx context.Context, tx *store.Tx, rota string, from, now time.Time) (*oncall.Plan, error) {
	gone, err := w.Gone(ctx, tx, now)
	if err != nil {
		return nil, err
	}
	return w.plan(ctx, tx, rota, from, gone)
}

func (w Watch) plan(ctx context.Context, tx *store.Tx, rota string, from time.Time, gone map[string]time.Time) (*oncall.Plan, error) {
	p, err := w.Rotas.Plan(rota, oncall.Facts{})
	if err != nil {
		return nil, err
	}
	changes, err := tx.Changes(ctx, p.Rota(), from.Add(-memory))
	if err != nil {
		return nil, err
	}
	return w.Rotas.Plan(p.Rota(), oncall.Facts{Changes: changes, Gone: gone})
}

// Duty gives who is on duty in a rota at a time, as it is known now.
func (w Watch) Duty(ctx context.Context, tx *store.Tx, rota string, at, now time.Time) (oncall.Duty, error) {
	p, err := w.Plan(ctx, tx, rota, at, now)
	if err != nil {
		return oncall.Duty{}, err
	}
	return onDuty(ctx, tx, p, at, now)
}

// onDuty is who is on duty by a plan and by the last handoff that is due.
func onDuty(ctx context.Context, tx *store.Tx, p *oncall.Plan, at, now time.Time) (oncall.Duty, error) {
	last, err := tx.Handoffs(ctx, p.Rota(), nil, at, 1)
	if err != nil || len(last) == 0 {
		return p.At(at), err
	}
	return handoff.Hold(p, last[0], at, now), nil
}

// Gone gives the people of the organisation who have left, as directories and files say, and since when. The people of the built-in rota are
// made up, and have not.
func (w Watch) Gone(ctx context.Context, tx *store.Tx, now time.Time) (map[string]time.Time, error) {
	if w.Rotas.Sample() || w.People == nil {
		return nil, nil
	}
	out, here := map[string]time.Time{}, map[string]bool{}
	var after person.ID
	for {
		page, err := tx.People(ctx, after, true, peoplePage)
		if err != nil {
			return nil, err
		}
		for _, p := range page {
			after = p.ID
			for _, one := range w.People.People {
				if !p.Answers(one.ID) && (one.Email == "" || !p.Answers(one.Email)) {
					continue
				}
				if p.State(now) != person.Left {
					here[one.ID] = true // somebody came back, or there are two of the name
				} else {
					out[one.ID] = p.Since(now)
				}
			}
		}
		if len(page) < peoplePage {
			maps.DeleteFunc(out, func(id string, _ time.Time) bool { return here[id] })
			return out, nil
		}
	}
}

// departed is who has left, as this process has read it last: all people are read for it.
type departed struct {
	sync.Mutex
	at   time.Time
	gone map[string]time.Time
}

// watch is who is on duty by what is loaded now.
func (h *House) watch() Watch {
	k := h.knowledge.Load()
	return Watch{Rotas: k.Rotas, People: k.Org}
}

// rota gives a rota as it is known now, from a time on.
func (h *House) rota(ctx context.Context, tx storeTx, name string, from time.Time) (*oncall.Plan, error) {
	now, w := h.clock.Now(), h.watch()
	h.departed.Lock()
	defer h.departed.Unlock()
	if age := now.Sub(h.departed.at); age < 0 || age > watchLeavers {
		gone, err := w.Gone(ctx, tx, now)
		if err != nil {
			return nil, err
		}
		h.departed.at, h.departed.gone = now, gone
	}
	return w.plan(ctx, tx, name, from, h.departed.gone)
}

// Duty gives who is on duty in a rota at a time, by its text, by what was changed, and by which handoffs were accepted. An empty name is the
// first rota of the text.
func (h *House) Duty(ctx context.Context, rota string, at time.Time) (d oncall.Duty, err error) {
	err = h.store.View(ctx, func(tx storeTx) error {
		p, err := h.rota(ctx, tx, rota, at)
		if err == nil {
			d, err = onDuty(ctx, tx, p, at, h.clock.Now())
		}
		return err
	})
	return d, err
}
