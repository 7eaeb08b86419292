package console

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/ticket"
)

// ticketsPage is the queue.
type ticketsPage struct {
	Filter filterForm
	Views  []savedView
	Query  string // of this list, to be kept by a name; empty: it is everything, or cannot be kept
	Here   string // the name of this list, where the visitor has kept it
	Page   ticket.Page
	More   string // where the list goes on
	Start  string // where it begins, when this is not it
	Total  int    // of the states that are asked for, whatever else is
	Beyond bool   // there may be more than Total
}

// filterForm is the filter as it stands in the form.
type filterForm struct {
	States     []choice
	Severities []choice
	Account    string
	Owner      string
	Text       string
	Older      string // as words: 1h, 7d
	Newer      string
}

type choice struct {
	Word string
	On   bool
}

func (c *Console) tickets(v visit) (page, error) {
	q, form, err := ticketQuery(v)
	if err != nil {
		return page{}, err
	}
	out := ticketsPage{Filter: form, Views: views(v.visitor.Person)}
	err = c.Reader.View(v.Context(), func(tx Tx) (err error) {
		if err := c.ownViews(v, tx, &out); err != nil {
			return err
		}
		counts, err := tx.CountTickets(v.Context(), mostCounted)
		if err != nil {
			return err
		}
		for s, n := range counts {
			if len(q.States) == 0 || slices.Contains(q.States, s) {
				out.Total += n
				out.Beyond = out.Beyond || n >= mostCounted
			}
		}
		out.Page, err = tx.TicketPage(v.Context(), q)
		return err
	})
	if out.Page.Next != "" {
		out.More = onward(v.URL, string(out.Page.Next))
	}
	if q.After != "" {
		out.Start = onward(v.URL, "")
	}
	return page{name: "tickets", title: "Tickets", here: "/tickets", content: out}, err
}

// ticketQuery reads the filter of an address.
func ticketQuery(v visit) (q ticket.Query, form filterForm, err error) {
	get := v.URL.Query()
	form = filterForm{Account: get.Get("account"), Owner: get.Get("owner"), Text: get.Get("text"), Older: get.Get("older"), Newer: get.Get("newer")}
	q = ticket.Query{Account: form.Account, Owner: form.Owner, Text: form.Text, After: ticket.ID(get.Get("after")), Severity: finding.Severity(get.Get("severity"))}
	for _, s := range ticket.States() {
		on := slices.Contains(get["state"], string(s))
		form.States = append(form.States, choice{string(s), on})
		if on {
			q.States = append(q.States, s)
		}
	}
	known := q.Severity == ""
	for _, s := range severities() {
		form.Severities = append(form.Severities, choice{string(s), s == q.Severity})
		known = known || s == q.Severity
	}
	if !known {
		return q, form, fault.New(fault.Invalid, "severity %q: use %s", q.Severity, list(severities()))
	}
	for _, x := range []struct {
		word string
		to   *time.Time
	}{{form.Older, &q.Until}, {form.Newer, &q.Since}} {
		if x.word == "" {
			continue
		}
		d, err := ago(x.word)
		if err != nil {
			return q, form, err
		}
		*x.to = v.now.Add(-d)
	}
	return q, form, nil
}

func severities() []finding.Severity {
	return []finding.Severity{finding.Low, finding.Medium, finding.High, finding.Critical}
}

// ago reads 30m, 6h or 7d.
func ago(word string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(strings.TrimSpace(word), "d"); ok {
		if n, err := strconv.Atoi(days); err == nil && n > 0 && n < 10_000 {
			return time.Duration(n) * 24 * time.Hour, nil
		}
	}
	d, err := time.ParseDuration(strings.TrimSpace(word))
	if err != nil || d <= 0 {
		return 0, fault.New(fault.Invalid, "%q is no age: write it as 30m, 6h or 7d", word)
	}
	return d, nil
}
