package app

import (
	"context"
	"slices"
	"sync"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/oncall"
)

const (
	legRota = "rota" // ref: name of a rota
	byRota  = "jobzero/oncall"
	// rotaLook is how often it is asked whether anybody has left or anything was changed, which is little work, and rotaEvery how often a rota
	// is proved when nothing was: the time ahead moves on, and what comes near is worse.
	rotaLook  = time.Minute
	rotaEvery = time.Hour
	// mostRotaFaults are brought to the ticket at once, the nearest first; jobzero oncall check names all.
	mostRotaFaults = 20
	// soonGap is how near a time with nobody has to be for its finding to be critical: whoever has to mend it is told by night too.
	soonGap = 24 * time.Hour
)

// planRotas has every rota that people have written proved from now on.
func (h *House) planRotas(ctx context.Context) error {
	w := h.watch()
	if w.Rotas.Sample() {
		return nil
	}
	return h.store.Update(ctx, func(tx storeTx) error {
		for _, name := range w.Rotas.Rotas() {
			if err := tx.Enqueue(ctx, legRota, name, time.Time{}); err != nil {
				return err
			}
		}
		return nil
	})
}

// proveRota is the durable leg that proves a rota for the year ahead, with what was changed in it and who has left. A text is proved when it is
// loaded; what comes later breaks it all the same, and is a finding until it is mended.
func (h *House) proveRota(ctx context.Context, ref string) (time.Time, error) {
	w, now := h.watch(), h.clock.Now()
	if w.Rotas.Sample() {
		return time.Time{}, nil
	}
	var (
		faults []oncall.Fault
		team   string
		known  map[finding.Fingerprint]finding.Finding
	)
	there, mark := slices.Contains(w.Rotas.Rotas(), ref), ""
	err := h.store.View(ctx, func(tx storeTx) (err error) {
		if known, err = believed(ctx, tx, byRota); err != nil || !there {
			return err
		}
		p, err := h.rota(ctx, tx, ref, now)
		if err != nil || h.proofs.still(ref, p.Mark(), now) {
			return err
		}
		mark, team, faults = p.Mark(), p.Team(), p.Prove(now, oncall.Year(now)).Faults
		return nil
	})
	if err != nil || there && mark == "" {
		return now.Add(rotaLook), err
	}
	var holds, over []finding.Finding
	still := map[finding.Fingerprint]bool{}
	for _, x := range faults {
		f := faulty(x, team, now)
		if x.Kind == oncall.Unfair || still[f.Fingerprint] {
			continue // that somebody has more shifts than others is for check to say: leave that was agreed on makes it so
		}
		still[f.Fingerprint] = true
		if was, ok := known[f.Fingerprint]; ok && was.State != finding.Done {
			continue // it is said
		}
		if len(holds) < mostRotaFaults {
			holds = append(holds, f)
		}
	}
	for fp, f := range known {
		if f.Principal != rotaPrincipal(ref) || still[fp] || f.State == finding.Done {
			continue
		}
		f.Detected, f.Occurred, f.Note = now, now, "it is mended, or over"
		f.Sighting = "over at " + now.UTC().Format(time.RFC3339Nano)
		over = append(over, f)
	}
	if err := h.ourWord(ctx, now, holds, over); err != nil || !there {
		return time.Time{}, err
	}
	h.proofs.done(ref, mark, now)
	return now.Add(rotaLook), nil
}

// proofs are the rotas that this process has proved last, and by what.
type proofs struct {
	mu   sync.Mutex
	last map[string]proof
}

type proof struct {
	mark string
	at   time.Time
}

// still reports whether a rota was proved not long ago by the same that is known now.
func (p *proofs) still(rota, mark string, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	was, ok := p.last[rota]
	age := now.Sub(was.at)
	return ok && was.mark == mark && age >= 0 && age < rotaEvery
}

func (p *proofs) done(rota, mark string, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last == nil {
		p.last = map[string]proof{}
	}
	p.last[rota] = proof{mark, now}
}

func rotaPrincipal(rota string) string { return "rota " + rota }

// faulty is one fault of a rota as a finding. All of one rota come to one ticket. What becomes worse as it comes near is another finding.
func faulty(x oncall.Fault, team string, now time.Time) finding.Finding {
	level, until := badly(x, now), x.Until.UTC().Format(time.RFC3339)
	if x.Kind == oncall.Left { // it lasts until the end of what is looked at, which moves
		until = ""
	}
	why := x.String() + ".\nMend it by an override, a swap, somebody's leave or the text: jobzero oncall check --rota '" + x.Rota + "'"
	return finding.Finding{
		Fingerprint: finding.Print(finding.Imported, byRota, x.Rota, string(x.Kind), x.Site, string(x.Seat), x.Person, until, string(level)),
		Kind:        finding.Imported, By: byRota, Title: "The rota does not hold: " + x.String(), Why: why, Severity: level, Principal: rotaPrincipal(x.Rota), Owner: team,
		Occurred: now, Detected: now, Sighting: now.UTC().Format(time.RFC3339Nano), Evidence: []finding.Evidence{{Kind: "verdict", At: now, Text: x.String()}},
	}
}

// badly is how bad a fault is: worst where a seat will be empty, or not really had, soon.
func badly(f oncall.Fault, now time.Time) finding.Severity {
	switch f.Kind {
	case oncall.Gap, oncall.Double, oncall.OnLeave, oncall.Stranger:
		if f.From.Sub(now) < soonGap {
			return finding.Critical
		}
		return finding.High
	case oncall.Overlap, oncall.Night, oncall.Rest, oncall.Left, oncall.Unfair:
	}
	return finding.Medium
}
