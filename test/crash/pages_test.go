package crash

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/flow"
	"jobzero/internal/notice"
	"jobzero/internal/notify"
	"jobzero/internal/oncall/escalate"
	"jobzero/internal/oncall/pager"
	"jobzero/internal/org"
	"jobzero/internal/store"
)

// asked are the people who are asked about what comes to a person, one after the other. Nobody ever answers.
var asked = []string{"ana", "leo", "kim"}

// policy asks quickly, and has a page for each ticket.
func (c child) policy() escalate.Policy {
	if c.Silent {
		return escalate.Policy{}
	}
	line := escalate.Line{Name: "all", Severities: finding.Severities()}
	for _, person := range asked {
		line.Acknowledge = append(line.Acknowledge, escalate.Level{Ask: []string{"person/" + person}, Within: escalate.Span(300 * time.Millisecond)})
	}
	return escalate.Policy{Group: escalate.Group{Within: -1}, Lines: []escalate.Line{line}}
}

// pages are those of a worker: the real pager, and the real carrier of messages, by a channel that the witness listens to.
func pages(s *store.Store, as child) ([]flow.Leg, error) {
	people, err := org.Parse("org.yaml", []byte("people:\n  - {id: ana, name: A, email: a@example.com}\n  - {id: leo, name: L, email: l@example.com}\n  - {id: kim, name: K, email: k@example.com}\n"))
	if err != nil {
		return nil, err
	}
	templates, err := notify.BuiltinTemplates()
	if err != nil {
		return nil, err
	}
	g := pager.New(pager.Options{
		Store: store.In(s, func(tx *store.Tx) pager.Tx { return tx }), Carrier: calls{}, Policy: as.policy, Org: func() *org.Org { return people },
		NewID: func(time.Time) escalate.ID { return escalate.ID(rand.Text()) }, Now: time.Now,
	})
	c := notify.New(notify.Options{
		Store: store.In(s, func(tx *store.Tx) notify.Tx { return tx }), Now: time.Now,
		Ways: func() notify.Ways {
			return notify.Ways{Channels: []notify.Channel{mouth{as.Witness}}, People: people, Templates: templates}
		},
	})
	legs := []flow.Leg{flow.Into(pager.Leg, "tickets", g.Advance), flow.Into(notify.Leg, "what people are told", c.Carry)}
	legs[0].Workers = pager.Workers
	return legs, nil
}

// calls hand what a page asks to those who carry messages, in the transaction that decides, as app does.
type calls struct{}

// Carry queues it.
func (calls) Carry(ctx context.Context, tx pager.Tx, p escalate.Page, c escalate.Call) error {
	m := notice.Message{Occasion: c.Key(), Thread: string(p.ID), Kind: notice.Page, Severity: p.Severity, Title: p.Title, Ticket: p.First}
	_, err := notify.Send(ctx, tx.(*store.Tx), m, notice.To{Person: c.Person}, time.Now())
	return err
}

// Spare ends what nobody need be told any more.
func (calls) Spare(ctx context.Context, tx pager.Tx, p escalate.Page, why string) error {
	return notify.Settle(ctx, tx.(*store.Tx), string(p.ID), why, time.Now())
}

// mouth tells the witness.
type mouth struct{ witness string }

// Name is how it is called.
func (mouth) Name() string { return "witness" }

// Personal says yes.
func (mouth) Personal() bool { return true }

// Address is the person.
func (mouth) Address(p notify.Person) (notify.Address, error) {
	return notify.Address{To: p.ID, Shown: p.ID}, nil
}

// Send tells it, under the name of the delivery.
func (m mouth) Send(ctx context.Context, l notify.Letter) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, m.witness+told+l.ID, nil)
	if err != nil {
		return "", err
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", fault.Wrap(fault.Unavailable, err, "tell the witness")
	}
	return l.ID, res.Body.Close()
}

// judgePages: each ticket that came to a person has one page, which has asked everybody once and in their order, and each of them was told; a kill has one
// message come twice at the most, under its name. Of what software settled nobody was told.
func (l *load) judgePages(kills int) {
	l.t.Helper()
	ctx := l.t.Context()
	paged, messages, twice := 0, 0, 0
	for n := range l.runs {
		ref, d := subject(n)
		err := l.store.View(ctx, func(tx *store.Tx) error {
			tk, _, err := tx.TicketOf(ctx, ref.Key())
			if err != nil {
				return err
			}
			all, err := tx.PagesOf(ctx, tk.ID)
			if err != nil || tk.State != d.ticket {
				return err // that it is as it has to be is judged elsewhere
			}
			if len(d.failed) == 0 {
				if len(all) > 0 {
					l.t.Errorf("%s, %s: %d pages tell of what software has settled", ref.ID, d.id, len(all))
				}
				return nil
			}
			if len(all) != 1 || all[0].State != escalate.Unanswered {
				l.t.Errorf("%s, %s: want one page that nobody has answered: %+v", ref.ID, d.id, all)
				return nil
			}
			paged++
			return l.judgeCallsOf(ctx, tx, all[0])
		})
		if err != nil {
			l.t.Fatal(err)
		}
	}
	l.witness.mu.Lock()
	defer l.witness.mu.Unlock()
	for _, times := range l.witness.told {
		messages++
		twice += times - 1
	}
	if messages != paged*len(asked) || twice > kills {
		l.t.Errorf("%d pages asked %d people each, and %d messages came, %d times more than once after %d kills", paged, len(asked), messages, twice, kills)
	}
	l.t.Logf("%d pages, %d messages, of which %d came once more, under their names", paged, messages, twice)
}

// judgeCallsOf holds the calls of a page against who had to be asked, and against what the witness has heard.
func (l *load) judgeCallsOf(ctx context.Context, tx *store.Tx, p escalate.Page) error {
	l.t.Helper()
	all, err := tx.Calls(ctx, p.ID)
	if err != nil {
		return err
	}
	got := map[string]int{}
	for _, c := range all {
		got[fmt.Sprint(c.Level, " ", c.Person)]++
		d, err := tx.Delivery(ctx, notice.Name(c.Key(), notice.To{Person: c.Person}))
		if err != nil {
			return err
		}
		l.witness.mu.Lock()
		if d.State != notice.Sent || l.witness.told[string(d.ID)] == 0 {
			l.t.Errorf("page %s: %s was to be told, and the message is %s and came %d times", p.ID, c.Person, d.State, l.witness.told[string(d.ID)])
		}
		l.witness.mu.Unlock()
	}
	for level, person := range asked {
		if got[fmt.Sprint(level, " ", person)] != 1 || len(all) != len(asked) {
			l.t.Errorf("page %s asked %v; want each of %v once, in that order", p.ID, got, asked)
		}
	}
	return nil
}
