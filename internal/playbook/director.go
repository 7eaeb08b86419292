package playbook

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"jobzero/internal/access/ask"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/playbook/book"
	"jobzero/internal/ticket"
)

const actor = "jobzero/playbook"

// Director carries playbooks out. It keeps nothing in memory but definitions that it has read: each call reads the rows, makes one transition after another
// and stops where something has to be waited for, so that a killed process loses nothing.
type Director struct {
	store     Store
	judge     Judge
	reader    string
	hands     Hands
	config    func() Config
	playbooks func() []book.Definition
	newID     func(time.Time) string
	now       func() time.Time
	chance    func() float64
	facts     Facts
	gather    Gather
	verdicts  func() Verdicts
	shelf     shelf
}

// Options are what New needs. Config and Playbooks are asked each time, so that a reload counts at once; runs that have
// begun keep the definition that they pinned.
type Options struct {
	Store Store
	Judge Judge
	// Reader is the leg that reads a resource again after an event; ref: the resource's key. Empty: there is none.
	Reader    string
	Hands     Hands
	Config    func() Config
	Playbooks func() []book.Definition
	NewID     func(time.Time) string
	Now       func() time.Time
	Facts     Facts  // what conditions may ask besides
	Gather    Gather // reads more for gather steps; nil: nobody does
	// Verdicts are asked after an inquiry into each finding; nil: nothing is inquired into.
	Verdicts func() Verdicts
	Chance   func() float64 // in [0,1), for the pauses between tries; nil: math/rand
}

// Facts is what conditions may ask about besides the finding, its ticket and its resource. Nil functions: it is not known.
type Facts struct {
	Account func(id string) map[string]any // name, environment, unit, units and tags of an account
	// Freeze says whether changes are frozen: why, and until when.
	Freeze func(now time.Time) (why string, until time.Time, is bool)
	Access func() *ask.Known
}

// Gather reads more about a finding, by one of book.Gatherers. It changes nothing. The data is JSON.
type Gather func(ctx context.Context, what string, f finding.Finding) (Gathered, error)

// Gathered is what was read.
type Gathered struct {
	Text string          `json:"text"` // in words
	Data json.RawMessage `json:"data,omitempty"`
	// Links are what anybody can look at again: event/ID, ticket/ID and effect/KEY.
	Links   []string `json:"links,omitempty"`
	Unknown []string `json:"unknown,omitempty"` // paths in the data of what is not known
}

// New makes a director.
func New(o Options) *Director {
	if o.Chance == nil {
		o.Chance = rand.Float64
	}
	return &Director{
		store: o.Store, judge: o.Judge, reader: o.Reader, hands: o.Hands, config: o.Config,
		playbooks: o.Playbooks, newID: o.NewID, now: o.Now, facts: o.Facts, gather: o.Gather, verdicts: o.Verdicts, chance: o.Chance,
	}
}

// errMoved says that the ticket changed between looking and writing; the loop looks again.
var errMoved = errors.New("the ticket moved on")

// desk is what lies on the table: one ticket, what is next on it, and the run that deals with it.
type desk struct {
	ticket   ticket.Ticket
	findings []finding.Finding
	next     *finding.Finding // the worst open finding, or nil
	run      *Run             // its unfinished run, or nil
	def      book.Definition  // what the run pinned
	tree     []*book.Node     // its steps
	within   string           // what stands before the IDs of the playbook that the step at hand is of: empty, or such as "stop."
	undoing  *Run             // a run that walks back, or nil
	stale    []Run            // unfinished runs that cannot be carried on
	glance   *glance          // the last look of this call
	inquiry  *Inquiry         // into next, in this opening; nil: there was none
}

// next says how a transition ended: look again at once, or at a time, or not before somebody asks (zero).
type next struct {
	again time.Time
	more  bool
}

// Advance is the durable leg: it takes a ticket as far as it can go now, and says when to look again.
func (d *Director) Advance(ctx context.Context, ref string) (time.Time, error) {
	const enough = 100 // transitions in one call; far more than any ticket has, so a defect cannot spin for ever
	var last glance
	for range enough {
		k, err := d.lay(ctx, ticket.ID(ref))
		k.glance = &last
		if fault.Is(err, fault.NotFound) {
			return time.Time{}, nil
		}
		if err != nil {
			return time.Time{}, err
		}
		n, err := d.step(ctx, k)
		switch {
		case errors.Is(err, errMoved):
			continue
		case err != nil:
			return time.Time{}, err
		case !n.more:
			return n.again, nil
		}
	}
	return time.Time{}, fault.New(fault.Internal, "ticket %s made %d transitions without coming to rest", ref, enough)
}

// lay reads what is on the table.
func (d *Director) lay(ctx context.Context, id ticket.ID) (desk, error) {
	var k desk
	err := d.store.View(ctx, func(tx Tx) error {
		k = desk{}
		var err error
		if k.ticket, err = tx.Ticket(ctx, id); err != nil {
			return err
		}
		if k.findings, err = tx.Findings(ctx, finding.Filter{Ticket: string(id)}); err != nil {
			return err
		}
		k.next = worst(k.findings)
		runs, err := tx.UnfinishedRuns(ctx, id)
		if err != nil {
			return err
		}
		if err := k.take(runs, &d.shelf); err != nil || d.verdicts == nil || k.next == nil {
			return err
		}
		q, ok, err := tx.Inquiry(ctx, id, k.ticket.Reopened, k.next.Fingerprint)
		if ok {
			k.inquiry = &q
		}
		return err
	})
	return k, err
}

// take puts the unfinished run on the table. What has begun is ended before a worse finding gets its turn: two runs must
// never work on one resource at a time. A run belongs to the opening of the ticket that it began in: what is left of one when
// a person has closed the ticket, or opened it anew, is stale.
func (k *desk) take(runs []Run, s *shelf) error {
	for i, r := range runs {
		if r.State == Undoing {
			k.undoing = &runs[i]
		}
		if !r.unfinished() {
			continue
		}
		at := slices.IndexFunc(k.findings, func(f finding.Finding) bool {
			return f.State == finding.Open && f.Fingerprint == r.Finding
		})
		if at < 0 || k.run != nil || !slices.Contains([]ticket.State{ticket.Investigating, ticket.Remediating, ticket.Verifying}, k.ticket.State) {
			k.stale = append(k.stale, r)
			continue
		}
		k.run, k.next = &runs[i], &k.findings[at]
	}
	if k.run == nil {
		return nil
	}
	parts, err := s.parts(k.run)
	if err != nil {
		return err
	}
	k.def = parts[0]
	k.tree, err = book.Tree(parts)
	return err
}

func worst(found []finding.Finding) *finding.Finding {
	open := slices.DeleteFunc(slices.Clone(found), func(f finding.Finding) bool { return f.State != finding.Open })
	if len(open) == 0 {
		return nil
	}
	f := slices.MinFunc(open, func(a, b finding.Finding) int {
		return cmp.Or(b.Severity.Rank()-a.Severity.Rank(), a.Occurred.Compare(b.Occurred), cmp.Compare(a.Fingerprint, b.Fingerprint))
	})
	return &f
}

// step makes one transition.
func (d *Director) step(ctx context.Context, k desk) (next, error) {
	switch {
	case k.undoing != nil:
		return d.undoNext(ctx, k)
	case len(k.stale) > 0:
		return d.endStale(ctx, k)
	case k.ticket.State == ticket.Closed:
		return next{}, nil
	case k.next == nil:
		return d.conclude(ctx, k)
	case k.run != nil && k.run.Cancel != "":
		return d.abandon(ctx, k, k.run.Cancel, nil)
	case k.run != nil && k.run.Paused != "": // whoever paused it lets it go on
		return next{}, nil
	case k.run != nil && k.run.State == Running:
		return d.carryOn(ctx, k)
	case k.run != nil:
		return d.verify(ctx, k)
	case d.inquires(k):
		return d.inquire(ctx, k)
	case k.ticket.State != ticket.Investigating:
		return d.commit(ctx, k, func(tx Tx, t *ticket.Ticket) error { return d.beginLooking(ctx, tx, t, *k.next) })
	default:
		return d.investigate(ctx, k)
	}
}

// beginLooking says that somebody looks at a finding.
func (d *Director) beginLooking(ctx context.Context, tx Tx, t *ticket.Ticket, f finding.Finding) error {
	if err := t.Move(ticket.Investigating, "looking at: "+f.Title, d.now()); err != nil {
		return err
	}
	return d.write(ctx, tx, t, note{kind: "state", text: "Investigating: " + f.Title})
}

// commit runs a transition in one transaction, unless the ticket is not as it was when it was laid on the table.
func (d *Director) commit(ctx context.Context, k desk, do func(Tx, *ticket.Ticket) error) (next, error) {
	err := d.store.Update(ctx, func(tx Tx) error {
		t, err := tx.Ticket(ctx, k.ticket.ID)
		if err != nil {
			return err
		}
		if t.Head != k.ticket.Head {
			return errMoved
		}
		return do(tx, &t)
	})
	return next{more: err == nil}, err
}
