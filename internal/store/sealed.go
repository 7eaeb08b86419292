package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"jobzero/internal/store/db"
)

// row is a row beside the timelines as it is: its name in the chain, its hash, and the hash that the chain has of it last.
type row struct{ name, key, sum, chained string }

// table is one whose rows are in the chain.
type table struct {
	name string
	// page gives the rows after a key, in the order of the keys.
	page func(ctx context.Context, t *Tx, after string) ([]row, error)
	// has reports whether there is a row of that key, which is what follows the table's name in the row's name.
	has func(ctx context.Context, t *Tx, key string) error
}

// tables are all whose rows are in the chain: what was done and by which runs, what stops it, what was proved, who was let in,
// who was on duty, and by what is closed without another look.
func tables() []table {
	return []table{
		{"effect", effectRows, func(ctx context.Context, t *Tx, key string) error { _, err := t.q.Effect(ctx, key); return err }},
		{"run", runRows, func(ctx context.Context, t *Tx, key string) error { _, err := t.q.Run(ctx, key); return err }},
		{"brake", brakeRows, func(ctx context.Context, t *Tx, key string) error { _, err := t.q.Brake(ctx, key); return err }},
		{"canary", canaryRows, hasCanary},
		{"glass", glassRows, func(ctx context.Context, t *Tx, key string) error { _, err := t.q.Glass(ctx, key); return err }},
		{"oncall_change", changeRows, func(ctx context.Context, t *Tx, key string) error { _, err := t.q.OncallChange(ctx, key); return err }},
		{"handoff", handoffRows, func(ctx context.Context, t *Tx, key string) error { _, err := t.q.Handoff(ctx, key); return err }},
		{"handoff_link", linkRows, func(ctx context.Context, t *Tx, key string) error { _, err := t.q.HandoffLink(ctx, key); return err }},
		{"delivery", deliveryRows, func(ctx context.Context, t *Tx, key string) error { _, err := t.q.Delivery(ctx, key); return err }},
		{"report", reportRows, func(ctx context.Context, t *Tx, key string) error { _, err := t.q.Report(ctx, key); return err }},
		{"subscription", subscriptionRows, func(ctx context.Context, t *Tx, key string) error { _, err := t.q.Subscription(ctx, key); return err }},
		{"memory", memoryRows, func(ctx context.Context, t *Tx, key string) error { _, err := t.q.Memory(ctx, key); return err }},
		{"page", pageRows, func(ctx context.Context, t *Tx, key string) error { _, err := t.q.Page(ctx, key); return err }},
		{"page_call", callRows, func(ctx context.Context, t *Tx, key string) error { _, err := t.q.PageCall(ctx, key); return err }},
		{"asked", askedRows, func(ctx context.Context, t *Tx, key string) error { _, err := t.q.Asked(ctx, key); return err }},
	}
}

// each tells of all rows.
func (b table) each(ctx context.Context, t *Tx, tell func(row) error) error {
	after := ""
	for {
		rows, err := b.page(ctx, t, after)
		if err != nil {
			return t.s.fail(err, "read the rows of "+b.name)
		}
		for _, r := range rows {
			if err := tell(r); err != nil {
				return err
			}
			after = r.key
		}
		if len(rows) < auditPage {
			return nil
		}
	}
}

func effectRows(ctx context.Context, t *Tx, after string) ([]row, error) {
	all, err := t.q.SealedEffects(ctx, db.SealedEffectsParams{After: after, Most: auditPage})
	out := make([]row, len(all))
	for i, r := range all {
		out[i] = row{effectName(r.Effect), r.Effect.EffectKey, effectSum(r.Effect), r.Chained}
	}
	return out, err
}

func effectName(r db.Effect) string { return "effect " + r.EffectKey }

func effectSum(r db.Effect) string {
	return rowSum(effectName(r), r.Ticket, r.Run, r.Playbook, r.Account, r.Resource, r.State, r.BeganAt, r.Doc, r.Shuts)
}

func runRows(ctx context.Context, t *Tx, after string) ([]row, error) {
	all, err := t.q.SealedRuns(ctx, db.SealedRunsParams{After: after, Most: auditPage})
	out := make([]row, len(all))
	for i, r := range all {
		out[i] = row{"run " + r.Run.ID, r.Run.ID, runSum(r.Run), r.Chained}
	}
	return out, err
}

func runSum(r db.Run) string {
	return rowSum("run "+r.ID, r.Ticket, r.State, r.Playbook, r.StartedAt, r.Doc)
}

func brakeRows(ctx context.Context, t *Tx, after string) ([]row, error) {
	all, err := t.q.SealedBrakes(ctx, db.SealedBrakesParams{After: after, Most: auditPage})
	out := make([]row, len(all))
	for i, r := range all {
		out[i] = row{"brake " + r.Brake.Name, r.Brake.Name, rowSum("brake "+r.Brake.Name, r.Brake.Doc), r.Chained}
	}
	return out, err
}

func canaryRows(ctx context.Context, t *Tx, after string) ([]row, error) {
	all, err := t.q.SealedCanaries(ctx, db.SealedCanariesParams{After: after, Most: auditPage})
	out := make([]row, len(all))
	for i, r := range all {
		name := canaryName(r.Canary)
		out[i] = row{name, strings.TrimPrefix(name, "canary "), rowSum(name, r.Canary.Doc), r.Chained}
	}
	return out, err
}

func canaryName(r db.Canary) string { return "canary " + r.Playbook + "|" + r.Account + "|" + r.Hash }

func hasCanary(ctx context.Context, t *Tx, key string) error {
	part := strings.Split(key, "|")
	if len(part) != 3 {
		return sql.ErrNoRows
	}
	_, err := t.q.Canary(ctx, db.CanaryParams{Playbook: part[0], Account: part[1], Hash: part[2]})
	return err
}

func glassRows(ctx context.Context, t *Tx, after string) ([]row, error) {
	all, err := t.q.SealedGlasses(ctx, db.SealedGlassesParams{After: after, Most: auditPage})
	out := make([]row, len(all))
	for i, r := range all {
		out[i] = row{"glass " + r.Glass.ID, r.Glass.ID, glassSum(r.Glass), r.Chained}
	}
	return out, err
}

// glassSum leaves the numbers of events out, which are counted as they come.
func glassSum(r db.Glass) string {
	return rowSum("glass "+r.ID, r.State, r.Account, r.Role, r.Person, r.Version, r.Doc)
}

func memoryRows(ctx context.Context, t *Tx, after string) ([]row, error) {
	all, err := t.q.SealedMemories(ctx, db.SealedMemoriesParams{After: after, Most: auditPage})
	out := make([]row, len(all))
	for i, r := range all {
		out[i] = row{"memory " + r.Memory.ID, r.Memory.ID, memorySum(r.Memory), r.Chained}
	}
	return out, err
}

func memorySum(r db.Memory) string { return rowSum("memory "+r.ID, r.Verdict, r.EndsAt, r.Doc) }

// missing reports whether an error says that there is no such row.
func missing(err error) bool { return errors.Is(err, sql.ErrNoRows) }
