package baseline

import (
	"cmp"
	"encoding/binary"
	"hash/crc32"
	"maps"
	"slices"
	"strconv"
	"strings"

	"jobzero/internal/detect/baseline/sketch"
	"jobzero/internal/fault"
)

// Dirty gives the rows that have changed since it was called last, or since the learner was made or loaded, in a fixed order:
// to be saved in the same transaction as the stories. It needs Options.Rows.
func (l *Learner) Dirty() []Row {
	if !l.o.Rows {
		return nil
	}
	out := append([]Row{l.learnerRow()}, l.gone()...)
	l.removed = nil
	return l.rows(out, func(dirty *bool) bool {
		was := *dirty
		*dirty = false
		return was
	})
}

// gone are the rows to delete: what was forgotten and has not come back.
func (l *Learner) gone() (out []Row) {
	for _, row := range l.removed {
		switch row.Scope {
		case rowPrincipal:
			if l.actors[row.ID] == nil {
				out = append(out, row)
			}
		case rowInstance:
			if key, err := strconv.ParseUint(row.ID, 16, 64); err == nil && l.boxes[key] == nil {
				out = append(out, row)
			}
		case rowLog:
			if l.logs[row.ID] == nil {
				out = append(out, row)
			}
		default:
			r := slices.Index(rankNames[:], row.Scope)
			if l.scopes[r][row.ID] != nil {
				continue
			}
			out = append(out, row)
			for k := range traits {
				out = append(out, Row{Scope: row.Scope + "/" + kindNames[k], ID: row.ID})
			}
			out = append(out, Row{Scope: row.Scope + "/" + rowExits, ID: row.ID})
		}
	}
	return out
}

// rows appends the rows that pick picks by their mark.
func (l *Learner) rows(out []Row, pick func(dirty *bool) bool) []Row {
	for r := range l.scopes {
		for _, key := range slices.Sorted(maps.Keys(l.scopes[r])) {
			s := l.scopes[r][key]
			if pick(&s.dirty) {
				out = append(out, s.row())
			}
			if pick(&s.whole) {
				out = append(out, l.tableRows(s)...)
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(l.actors)) {
		if a := l.actors[key]; pick(&a.dirty) {
			out = append(out, a.row())
		}
	}
	for _, key := range slices.Sorted(maps.Keys(l.boxes)) {
		if b := l.boxes[key]; pick(&b.dirty) {
			out = append(out, b.row(key))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(l.logs)) {
		if s := l.logs[key]; pick(&s.dirty) {
			w := begin()
			s.pack(w)
			out = append(out, Row{rowLog, key, w.Bytes})
		}
	}
	return out
}

// Rows is all that is known, in a fixed order.
func (l *Learner) Rows() []Row {
	return l.rows([]Row{l.learnerRow()}, func(*bool) bool { return true })
}

// Load makes a learner of rows that were saved, in any order. An error is fault.Invalid.
func Load(o Options, rows []Row) (*Learner, error) {
	l := New(o)
	for _, row := range rows { // scopes first: all else refers to them
		if r := slices.Index(rankNames[:], row.Scope); r >= 0 {
			if l.scope(rank(r), row.ID) == nil || len(l.scopes[r]) > mostScopes {
				return nil, corrupt(row, fault.New(fault.Invalid, "a scope without a name, or one too many"))
			}
		}
	}
	for _, row := range rows {
		if err := l.load(row); err != nil {
			return nil, corrupt(row, err)
		}
	}
	l.settleIn()
	return l, nil
}

func (l *Learner) load(row Row) error {
	r := sketch.NewReader(row.State)
	if r.Uint() != format {
		return fault.New(fault.Invalid, "not of a version that this one can read")
	}
	switch row.Scope {
	case rowLearner:
		l.readLearner(r)
	case rowPrincipal:
		a := &actor{}
		a.who.Principal = row.ID
		a.read(r)
		if row.ID == "" {
			r.Fail("a principal without a name")
		}
		l.actors[row.ID] = a
	case rowInstance:
		l.loadBox(row.ID, r)
	case rowLog:
		s := &log{}
		if s.unpack(r); logKey(s.account, s.region, s.kind) != row.ID {
			r.Fail("another log")
		}
		l.logs[row.ID] = s
	default:
		scope, part, _ := strings.Cut(row.Scope, "/")
		l.loadScope(scope, row.ID, part, r)
	}
	if r.Err() == nil && !r.Empty() {
		r.Fail("more than there should be")
	}
	return r.Err()
}

func (l *Learner) loadBox(id string, r *sketch.Reader) {
	key, err := strconv.ParseUint(id, 16, 64)
	if err != nil || hex(key) != id {
		r.Fail("no instance")
		return
	}
	b := &box{}
	b.read(r)
	l.boxes[key] = b
}

func (l *Learner) loadScope(name, key, part string, r *sketch.Reader) {
	at := slices.Index(rankNames[:], name)
	if at < 0 || l.scopes[at][key] == nil {
		r.Fail("no such scope")
		return
	}
	s := l.scopes[at][key]
	switch k := slices.Index(kindNames[:traits], part); {
	case part == "":
		s.dirty, s.whole = false, false
		s.read(r)
	case part == rowExits:
		s.exits.unpack(r)
	case k >= 0:
		l.readTable(s, k, r)
	default:
		r.Fail("no such trait")
	}
}

// settleIn brings loaded principals into the order of their last hours and keeps the budgets.
func (l *Learner) settleIn() {
	all := slices.SortedFunc(maps.Values(l.actors), func(a, b *actor) int {
		return cmp.Or(cmp.Compare(a.seen.last, b.seen.last), cmp.Compare(a.who.Principal, b.who.Principal))
	})
	for _, a := range all {
		a.link(&l.order)
		l.settle(a)
		if a.story != nil {
			l.held += a.story.raw
		}
	}
	for len(l.actors) > l.o.MaxPrincipals {
		l.forget(l.order.prev)
	}
}

// magic begins a snapshot; a checksum ends it.
const magic = "jobzero baseline\n"

// Snapshot is all that is known as one piece: the same state gives the same bytes.
func (l *Learner) Snapshot() []byte {
	w := &sketch.Writer{Bytes: []byte(magic)}
	for _, row := range l.Rows() {
		w.Text(row.Scope)
		w.Text(row.ID)
		w.Text(string(row.State))
	}
	return binary.BigEndian.AppendUint32(w.Bytes, checksum(w.Bytes))
}

func checksum(b []byte) uint32 { return crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)) }

// Restore makes a learner of a snapshot. It knows of no rows: all are dirty, and a table of them begins empty. An error is
// fault.Invalid.
func Restore(o Options, snapshot []byte) (*Learner, error) {
	end := len(snapshot) - 4
	if end < len(magic) || string(snapshot[:len(magic)]) != magic || checksum(snapshot[:end]) != binary.BigEndian.Uint32(snapshot[end:]) {
		return nil, fault.New(fault.Invalid, "not a whole snapshot of baselines")
	}
	r := sketch.NewReader(snapshot[len(magic):end])
	var rows []Row
	for !r.Empty() {
		rows = append(rows, Row{r.Text(), r.Text(), []byte(r.Text())})
	}
	if r.Err() != nil {
		return nil, fault.Wrap(fault.Invalid, r.Err(), "read a snapshot of baselines")
	}
	l, err := Load(o, rows)
	if err != nil {
		return nil, err
	}
	l.rows(nil, func(dirty *bool) bool {
		*dirty = true
		return false
	})
	return l, nil
}
