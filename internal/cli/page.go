package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/app"
	"jobzero/internal/oncall/escalate"
	"jobzero/internal/oncall/pager"
	"jobzero/internal/org"
	"jobzero/internal/store"
)

func (s *shell) page() *cobra.Command {
	return group("page", "See who is told of what, and answer",
		`A page is what people are told: one ticket that needs a person, or a storm of them. By the policy it asks one level after
the other until somebody acknowledges it, and others when it is not fixed in time. It is resolved when its tickets are
closed.`,
		"  jobzero page list\n  jobzero page ack 4ZQX --as kim\n  jobzero page escalate 4ZQX --as kim --reason \"this is above me\"",
		s.pageList(), s.pageShow(), s.pageAck(), s.pageSnooze(), s.pageEscalate(), s.pagePolicy("page"))
}

func (s *shell) pageList() *cobra.Command {
	var (
		form   format
		filter escalate.Filter
		all    bool
	)
	c := &cobra.Command{
		Use:   "list",
		Short: "List pages that have not ended, newest first",
		Long:  "Lists pages with who has them, or when the next level is asked.",
		Example: `  jobzero page list
  jobzero page list --state unanswered,asking --severity high
  jobzero page list --all --format json | jq -r 'select(.tickets > 1) | .id'   # storms`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkLimit(filter.Limit); err != nil {
				return err
			}
			if len(filter.States) == 0 && !all {
				for _, st := range escalate.States() {
					if st != escalate.Resolved {
						filter.States = append(filter.States, st)
					}
				}
			}
			return s.with(cmd.Context(), func(st *store.Store) error {
				found, err := view(cmd.Context(), st, func(tx *store.Tx) ([]escalate.Page, error) { return tx.Pages(cmd.Context(), filter) })
				if err != nil {
					return err
				}
				s.told(len(found), filter.Limit, "pages")
				if form == formatJSON {
					return list(s, found)
				}
				return s.pageTable(found)
			})
		},
	}
	form.flag(c)
	wordsFlag(c, &filter.States, "state", "only in this state, repeatable", escalate.States())
	severityFlag(c, &filter.MinSeverity, "severity", "at least this severe")
	c.Flags().BoolVar(&all, "all", false, "those that are resolved too")
	limit(c, &filter.Limit, "pages")
	return c
}

func (s *shell) pageTable(found []escalate.Page) error {
	if len(found) == 0 {
		return s.print("No pages.")
	}
	t := table{columns: []column{
		{name: "PAGE"},
		{name: "STATE"},
		{name: "SEVERITY", colour: severityColour},
		{name: "TICKETS"},
		{name: "TITLE", give: 3},
		{name: "WHO", give: 1},
		{name: "OPENED"},
		{name: "NEXT", give: 1},
		{name: "FIX BY", give: 1},
	}}
	for _, p := range found {
		t.add(string(p.ID), string(p.State), string(p.Severity), fmt.Sprintf("%d/%d", p.Open, p.Tickets), p.Title, dash(p.By), age(p.Opened, s.now()), next(p), fixBy(p.FixBy, p.Ended, s.now()))
	}
	return t.write(s.out)
}

// next is when the next level is asked.
func next(p escalate.Page) string {
	if p.Answer.Due.IsZero() {
		return "-"
	}
	return instant(p.Answer.Due)
}

// fixBy is until when it has to be fixed, and by how much it is late.
func fixBy(by, ended, now time.Time) string {
	if by.IsZero() {
		return "-"
	}
	if !ended.IsZero() {
		now = ended
	}
	if late := now.Sub(by); late > 0 {
		return instant(by) + ", late by " + span(late)
	}
	return instant(by)
}

// findPage finds a page by its name, or a beginning or end of it.
func findPage(ctx context.Context, tx *store.Tx, name string) (escalate.Page, error) {
	all, err := tx.Pages(ctx, escalate.Filter{Limit: maxList})
	if err != nil {
		return escalate.Page{}, err
	}
	id, err := pick("page", name, names(all, func(p escalate.Page) string { return string(p.ID) }))
	if err != nil {
		return escalate.Page{}, err
	}
	return tx.Page(ctx, escalate.ID(id))
}

// answering is a command that says something of a page.
type answering struct {
	short, long, example string
	reason               bool // one has to be given
	verb                 func(context.Context, pager.Desk, pager.Order) (escalate.Page, error)
}

func (s *shell) pageAnswer(use string, a answering) *cobra.Command {
	var (
		form format
		who  order
	)
	c := &cobra.Command{
		Use: use, Short: a.short, Long: a.long + "\n\nID is the whole name of the page, or a beginning or end of it that no other page has.", Example: a.example,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, plain := cmd.Context(), strings.TrimSpace(who.reason) == "" && !a.reason
			if plain {
				who.reason = "-" // only what is said has to be something
			}
			if err := who.settle(); err != nil {
				return err
			}
			if plain {
				who.reason = ""
			}
			settings, err := s.settings()
			if err != nil {
				return err
			}
			owners, err := loaded(settings.Org, wantOrg, org.Parse)
			if err != nil {
				return err
			}
			return s.with(ctx, func(st *store.Store) error {
				p, err := view(ctx, st, func(tx *store.Tx) (escalate.Page, error) { return findPage(ctx, tx, args[0]) })
				if err != nil {
					return err
				}
				o := pager.Order{Page: p.ID, Answer: escalate.Answer{By: personIn(owners, who.person), Reason: who.reason, At: s.now()}}
				if p, err = a.verb(ctx, pager.Desk{Store: app.PageStore(st), Carrier: app.Paging(s.now)}, o); err != nil {
					return err
				}
				if form == formatJSON {
					return s.object(p)
				}
				return s.print("Page %s is %s%s.", p.ID, p.State, until(p))
			})
		},
	}
	form.flag(c)
	who.flags(c)
	if !a.reason {
		delete(c.Flags().Lookup("reason").Annotations, cobra.BashCompOneRequiredFlag)
	}
	return c
}

func until(p escalate.Page) string {
	switch p.State {
	case escalate.Snoozed:
		return " until " + instant(p.Answer.Due)
	case escalate.Asking:
		return ": the next level is asked now by a running serve"
	case escalate.Acknowledged, escalate.Waiting, escalate.Unanswered, escalate.Resolved:
	}
	return ""
}

func (s *shell) pageAck() *cobra.Command {
	return s.pageAnswer("ack ID", answering{
		short: "Say that you have it",
		long: `Acknowledges a page: nobody else is asked to. The clock until it is fixed goes on, and when that is over others are told,
whoever has it. A page that somebody has can be taken over.`,
		example: "  jobzero page ack 4ZQX --as kim",
		verb: func(ctx context.Context, d pager.Desk, o pager.Order) (escalate.Page, error) {
			return d.Acknowledge(ctx, o)
		},
	})
}

func (s *shell) pageSnooze() *cobra.Command {
	var wait time.Duration
	c := s.pageAnswer("snooze ID", answering{
		short: "Say that you have it, and be asked again later",
		long: `Snoozes a page: nobody is asked until then, and all levels anew afterwards. The policy says for how long at the most;
when it has to be fixed does not change.`,
		example: "  jobzero page snooze 4ZQX --for 15m --as kim --reason \"on the train\"",
		verb: func(ctx context.Context, d pager.Desk, o pager.Order) (escalate.Page, error) {
			return d.Snooze(ctx, o, wait)
		},
	})
	c.Flags().DurationVar(&wait, "for", 15*time.Minute, "for how long (`TIME`, such as 15m)")
	return c
}

func (s *shell) pageEscalate() *cobra.Command {
	return s.pageAnswer("escalate ID", answering{
		short: "Have the next level asked now",
		long: `Has the next level of a page asked at once, at night too and whoever has it by now. Anybody may, and it is written down
who did and why.`,
		example: "  jobzero page escalate 4ZQX --as kim --reason \"customers are affected\"",
		reason:  true,
		verb: func(ctx context.Context, d pager.Desk, o pager.Order) (escalate.Page, error) {
			return d.Escalate(ctx, o)
		},
	})
}
