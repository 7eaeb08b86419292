package lineage

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unique"

	"jobzero/internal/fault"
)

// Row is what one record said of a credential, to be kept in a table under its ID until the credential ends. It never changes:
// what two processes learn adds up.
type Row struct {
	ID    string
	Until time.Time
	State []byte // JSON
}

// state is the encoding of a grant.
type state struct {
	Version int      `json:"v"`
	Key     string   `json:"key,omitempty"`
	Session string   `json:"session,omitempty"`
	User    string   `json:"user,omitempty"`
	How     string   `json:"how"`
	Event   string   `json:"event"`
	Shared  string   `json:"shared,omitempty"`
	At      int64    `json:"at"`
	Until   int64    `json:"until"`
	Caller  Identity `json:"caller"`
}

// format is the version of the encoding. A state of another version is refused.
const format = 1

// note remembers that a record has to be kept.
func (g *Graph) note(n *Grant) {
	if !g.o.Rows {
		return
	}
	if len(g.dirty) >= g.o.MaxGrants {
		g.counts.Unsaved++ // nobody has saved for long
		return
	}
	g.dirty[n.rowID()] = n
}

// rowID is the record's own: both accounts' records of one call have a row each.
func (g *Grant) rowID() string { return g.Key + "/" + g.Event }

// Dirty gives what was learnt and not Saved yet, in the order of the IDs; nothing without Options.Rows.
func (g *Graph) Dirty() ([]Row, error) {
	g.mu.RLock()
	defer g.mu.RUnlock()
	var out []Row
	for _, n := range g.dirty {
		r, err := n.row()
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b Row) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}

// Saved says that rows are kept.
func (g *Graph) Saved(rows []Row) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, r := range rows {
		delete(g.dirty, r.ID)
	}
}

func (g *Grant) row() (Row, error) {
	s := state{format, g.Key, g.Session, g.User, g.How, g.Event, g.Shared, g.At, g.Until, g.caller.Value()}
	data, err := json.Marshal(s)
	if err != nil {
		return Row{}, fault.Wrap(fault.Internal, err, "encode the grant %s", g.id())
	}
	return Row{ID: g.rowID(), Until: time.Unix(g.Until, 0).UTC(), State: data}, nil
}

// Load takes up rows that were kept. A row that is damaged or of another version is an error and stops nothing: whoever it
// would have told about is unknown.
func (g *Graph) Load(rows []Row) []error {
	var errs []error
	for _, r := range rows {
		n, err := readRow(r)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		g.Take(n)
	}
	g.Saved(rows)
	return errs
}

func readRow(r Row) (*Grant, error) {
	var s state
	bad := func() error {
		return fault.New(fault.Invalid, "the saved grant %.80q is damaged or of another version: it is left out", r.ID)
	}
	if err := json.Unmarshal(r.State, &s); err != nil || s.Version != format {
		return nil, bad()
	}
	n := &Grant{Key: s.Key, Session: s.Session, User: s.User, How: s.How, Event: s.Event, Shared: s.Shared, At: s.At, Until: s.Until, caller: unique.Make(s.Caller)}
	if n.rowID() != r.ID || n.Event == "" || issuers[n.How] == 0 || n.At < 0 || n.Until < n.At {
		return nil, bad()
	}
	return n, nil
}
