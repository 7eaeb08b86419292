package correlate

import (
	"cmp"
	"encoding/binary"
	"hash/crc32"
	"maps"
	"slices"

	"jobzero/internal/fault"
)

// Drop says that the state of a correlation was not taken up.
type Drop struct {
	Correlation string
	Groups      int
	Why         string
}

// Dirty gives the rows that have changed since it was called last, or since the machine was made or loaded: to be saved in
// the same transaction as the firings. It needs Options.Rows.
func (m *Machine) Dirty() []Row {
	if !m.options.Rows {
		return nil
	}
	var out []Row
	if m.marksChanged {
		out = append(out, m.marksRow())
		m.marksChanged = false
	}
	for _, r := range m.order {
		if r.changed {
			out = append(out, r.headRow())
			r.changed = false
		}
		for _, key := range r.removed {
			if r.groups[key] == nil {
				out = append(out, Row{Correlation: r.spec.ID, ID: subject(r.spec.ID, key)})
			}
		}
		for _, g := range r.dirty {
			g.unset(dirty)
			if !g.is(gone) {
				g.set(saved)
				out = append(out, r.groupRow(g))
			}
		}
		clear(r.dirty)
		r.removed, r.dirty = nil, r.dirty[:0]
	}
	return out
}

// rows is all of the state, in a fixed order.
func (m *Machine) rows(yield func(Row) bool) {
	if !yield(m.marksRow()) {
		return
	}
	for _, id := range sortedKeys(m.runners) {
		r := m.runners[id]
		if !yield(r.headRow()) {
			return
		}
		for _, key := range sortedKeys(r.groups) {
			if !yield(r.groupRow(r.groups[key])) {
				return
			}
		}
	}
}

// magic begins a snapshot; a checksum ends it.
const magic = "jobzero correlate\n"

// Snapshot is all of the state as one piece: the same state gives the same bytes.
func (m *Machine) Snapshot() []byte {
	b := []byte(magic)
	for row := range m.rows {
		b = appendText(b, row.Correlation)
		b = binary.AppendUvarint(b, uint64(len(row.State)))
		b = append(b, row.State...)
	}
	return binary.BigEndian.AppendUint32(b, checksum(b))
}

func checksum(b []byte) uint32 { return crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)) }

// Restore makes a machine from a snapshot, possibly of other specs: see Load. It knows of no rows: all are dirty, and a table
// of them begins empty. An error is fault.Invalid.
func Restore(specs []Spec, o Options, snapshot []byte) (*Machine, []Drop, error) {
	end := len(snapshot) - 4
	if end < len(magic) || string(snapshot[:len(magic)]) != magic || checksum(snapshot[:end]) != binary.BigEndian.Uint32(snapshot[end:]) {
		return nil, nil, fault.New(fault.Invalid, "not a whole snapshot of correlations")
	}
	var rows []Row
	c := cursor{rest: string(snapshot[len(magic):end])}
	for c.rest != "" {
		row := Row{Correlation: c.text()}
		if n := len(rows); n > 0 && rows[n-1].Correlation == row.Correlation {
			row.ID = "group" // the first row of each correlation is its head
		}
		length := len(c.text())
		row.State = snapshot[end-len(c.rest)-length : end-len(c.rest)]
		rows = append(rows, row)
	}
	if c.broken {
		return nil, nil, corrupt("all correlations")
	}
	m, drops, err := Load(specs, o, rows)
	if err != nil {
		return nil, nil, err
	}
	m.marksChanged = true
	for _, r := range m.order {
		r.changed = true
		for _, g := range r.groups {
			g.unset(saved)
			r.mark(g)
		}
	}
	return m, drops, nil
}

// Load makes a machine from saved rows, in any order. The state of a correlation that is gone or has changed is dropped, and
// only that; its rows can be deleted. An error is fault.Invalid.
func Load(specs []Spec, o Options, rows []Row) (*Machine, []Drop, error) {
	m, err := New(specs, o)
	if err != nil {
		return nil, nil, err
	}
	same, drops := map[string]bool{}, map[string]*Drop{}
	for _, row := range rows {
		r := m.runners[row.Correlation]
		switch {
		case row.ID != "":
		case row.Correlation == "":
			err = m.readMarks(string(row.State))
		case r == nil:
			drops[row.Correlation] = &Drop{Correlation: row.Correlation, Why: "there is no such correlation any more"}
		default:
			if same[row.Correlation], err = r.readHead(string(row.State)); !same[row.Correlation] {
				drops[row.Correlation] = &Drop{Correlation: row.Correlation, Why: "the correlation has changed"}
			}
		}
		if err != nil {
			return nil, nil, err
		}
	}
	for _, row := range rows {
		if d := drops[row.Correlation]; d != nil && row.ID != "" {
			d.Groups++
		} else if row.ID != "" {
			if err := m.adopt(row, same[row.Correlation]); err != nil {
				return nil, nil, err
			}
		}
	}
	m.settleIn()
	var out []Drop
	for _, id := range sortedKeys(drops) {
		out = append(out, *drops[id])
	}
	return m, out, nil
}

// adopt takes up the row of a group.
func (m *Machine) adopt(row Row, headed bool) error {
	if !headed {
		return corrupt("correlation " + row.Correlation + ", whose head row is missing,")
	}
	r := m.runners[row.Correlation]
	g, err := r.readGroup(string(row.State))
	if err != nil {
		return err
	}
	if r.groups[g.key] != nil {
		return corrupt("correlation " + row.Correlation + ", which has a group twice,")
	}
	g.set(saved)
	r.groups[g.key] = g
	m.groups++
	m.bytes += g.size()
	return nil
}

// settleIn brings loaded groups into the order of their newest hits, and into the queue.
func (m *Machine) settleIn() {
	type owned struct {
		r  *runner
		g  *group
		at int64
	}
	all := make([]owned, 0, m.groups)
	for _, r := range m.order {
		for _, g := range r.groups {
			o := owned{r, g, never}
			if n := len(g.hits); n > 0 {
				o.at = g.hits[n-1].at
			}
			all = append(all, o)
		}
	}
	slices.SortFunc(all, func(a, b owned) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.g.key, b.g.key)) })
	for _, o := range all {
		o.r.byAge.renew(o.g, m)
		o.r.schedule(o.g)
	}
	m.tight = m.over()
	for _, r := range m.order {
		m.tight = m.tight || r.full()
	}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
