package seed

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/oklog/ulid/v2"

	"jobzero/internal/finding"
	"jobzero/internal/playbook/book"
	"jobzero/internal/resource"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// Size is how much there is of what.
type Size struct {
	Tickets   int
	Findings  int // with those of tickets
	Resources int
	Letters   int
}

// Content is what the made-up organisation is judged by.
type Content struct {
	Rules        []string // IDs
	Expectations []string
	Playbooks    []book.Definition
}

// maker makes things up, a batch a transaction.
type maker struct {
	Content
	st   *store.Store
	now  time.Time
	dice *rand.Rand
	made int // findings

	before string // the last ticket with its whole story
}

const batch = 500

// Fill makes up as much as is asked for, up to now.
func Fill(ctx context.Context, st *store.Store, size Size, c Content, now time.Time) error {
	m := &maker{Content: c, st: st, now: now, dice: rand.New(rand.NewPCG(7, 11))} // made up, and the same each time
	for from := 0; from < size.Tickets; from += batch {
		err := st.Update(ctx, func(tx *store.Tx) error {
			for i := from; i < min(from+batch, size.Tickets); i++ {
				if err := m.ticket(ctx, tx, i, size.Tickets); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	if err := m.findings(ctx, size.Findings-m.made); err != nil {
		return err
	}
	if err := m.letters(ctx, size.Letters); err != nil {
		return err
	}
	return m.resources(ctx, size.Resources)
}

func accounts() []string {
	out := make([]string, 12)
	for i := range out {
		out[i] = fmt.Sprintf("%012d", 111122223333+i*1_000_000_007)
	}
	return out
}

func teams() []string {
	return []string{"storefront", "payments", "data", "platform", "identity", "search"}
}

// one picks one of some.
func one[T any](m *maker, all []T) T { return all[m.dice.IntN(len(all))] }

func (m *maker) severity() finding.Severity {
	switch n := m.dice.IntN(100); {
	case n < 2:
		return finding.Critical
	case n < 15:
		return finding.High
	case n < 60:
		return finding.Medium
	}
	return finding.Low
}

func (m *maker) finding(i int, at time.Time) finding.Finding {
	s := one(m, subjects())
	ref := resource.Ref{Type: s.kind, Account: one(m, accounts()), ID: fmt.Sprintf("%s-%05d", s.name, i)}
	by := s.by
	if m.dice.IntN(2) == 0 { // every expectation has some
		by = one(m, m.Expectations)
	}
	if !ref.Type.Global() {
		ref.Region = one(m, []string{"eu-central-1", "us-east-1", "ap-southeast-2"})
	}
	f := finding.Finding{
		Kind: finding.Expectation, By: by, Title: s.title, Why: s.why, Severity: m.severity(), Account: ref.Account, Region: ref.Region,
		Resource: &ref, Occurred: at.Add(-time.Duration(m.dice.IntN(240)) * time.Second), Detected: at, Sighting: fmt.Sprintf("read-%d", i), Count: 1 + m.dice.IntN(4), LastSeen: at,
		State: finding.Done,
	}
	if m.dice.IntN(4) == 0 {
		f.Kind, f.By, f.Title, f.Resource = finding.Rule, one(m, m.Rules), "Console login without a second factor", nil
		f.Principal = fmt.Sprintf("arn:aws:iam::%s:user/worker-%05d", f.Account, i)
		f.Why = "eventName = ConsoleLogin matches; additionalEventData.MFAUsed = No matches"
	}
	f.Fingerprint = finding.Print(f.Kind, f.By, f.Subject(), strconv.Itoa(i))
	return f
}

// findings are those that belong to no ticket any more.
func (m *maker) findings(ctx context.Context, n int) error {
	for from := 0; from < n; from += 10 * batch {
		err := m.st.Update(ctx, func(tx *store.Tx) error {
			for i := from; i < min(from+10*batch, n); i++ {
				f := m.finding(1_000_000+i, m.now.Add(-time.Duration(m.dice.IntN(180*24*60))*time.Minute))
				if m.dice.IntN(50) == 0 {
					f.State = finding.Human
				}
				if err := tx.SaveFinding(ctx, f); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// id is a name of the time and a number.
func (m *maker) id(at time.Time) string {
	var entropy [10]byte
	for i := range entropy {
		entropy[i] = byte(m.dice.IntN(256))
	}
	var id ulid.ULID
	_ = id.SetTime(ulid.Timestamp(at)) // this century
	_ = id.SetEntropy(entropy[:])      // ten bytes
	return id.String()
}

// state is where the i-th of n tickets is: most are closed, and what is young may still be at work.
func (m *maker) state(i, n int) ticket.State {
	young := n-i < n/20+12
	switch d := m.dice.IntN(100); {
	case young && d < 40:
		return one(m, []ticket.State{ticket.Open, ticket.Investigating, ticket.Remediating, ticket.Verifying})
	case young && d < 70, d < 2:
		return ticket.Human
	}
	return ticket.Closed
}
