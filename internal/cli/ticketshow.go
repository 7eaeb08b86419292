package cli

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/effect"
	"jobzero/internal/finding"
	"jobzero/internal/playbook"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// dossier is everything about one ticket.
type dossier struct {
	ticket.Ticket
	FindingList []finding.Finding  `json:"finding_list"`
	Timeline    []ticket.Entry     `json:"timeline"`
	Effects     []effect.Effect    `json:"effects"`
	Inquiries   []playbook.Inquiry `json:"inquiries"`
	Intact      bool               `json:"timeline_intact"` // the hashes of the timeline hold
	Broken      string             `json:"timeline_broken,omitempty"`
}

func (s *shell) ticketShow() *cobra.Command {
	var (
		form format
		full bool
	)
	c := &cobra.Command{
		Use:   "show ID",
		Short: "Show one ticket with all that happened to it",
		Long: `Shows a ticket, its owner, its clocks, its findings, the whole timeline with the evidence, and the effects on the world. OCSF has
no ticket with a timeline: --format ocsf gives the ticket's findings.

ID is the whole name of the ticket, or a beginning or end of it that no other ticket has.`,
		Example: `  jobzero ticket show 01JD7ZC6P4ZQX0000000000000
  jobzero ticket show 4ZQX --full
  jobzero ticket show 4ZQX --format json | jq .clocks`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.with(cmd.Context(), func(st *store.Store) error {
				d, err := view(cmd.Context(), st, func(tx *store.Tx) (dossier, error) { return collect(cmd.Context(), tx, args[0]) })
				if err != nil {
					return err
				}
				switch form {
				case formatJSON:
					return s.object(d)
				case formatOCSF:
					return writeOCSF(s.out, d.FindingList...)
				case formatTable:
				}
				return s.dossier(d, full)
			})
		},
	}
	form.flag(c, formatOCSF)
	c.Flags().BoolVar(&full, "full", false, "show the evidence as it was read: resources, records, requests")
	return c
}

// collect brings together all about a ticket.
func collect(ctx context.Context, tx *store.Tx, name string) (d dossier, err error) {
	if d.Ticket, err = findTicket(ctx, tx, name); err != nil {
		return d, err
	}
	if d.FindingList, err = tx.Findings(ctx, finding.Filter{Ticket: string(d.ID)}); err != nil {
		return d, err
	}
	if d.Timeline, err = tx.Timeline(ctx, d.ID); err != nil {
		return d, err
	}
	if d.Effects, err = tx.Effects(ctx, effect.Filter{Ticket: string(d.ID)}); err != nil {
		return d, err
	}
	if d.Inquiries, err = tx.InquiriesOf(ctx, d.ID); err != nil {
		return d, err
	}
	d.Intact = true
	if err := cmp.Or(ticket.Check(d.Timeline), playbook.Vouched(d.Inquiries, d.Timeline)); err != nil {
		d.Intact, d.Broken = false, err.Error()
	}
	return d, nil
}

func (s *shell) dossier(d dossier, full bool) error {
	p := &page{colour: coloured(s.out), full: full}
	p.dossier(d, s.now())
	_, err := s.out.Write([]byte(p.text.String()))
	return err
}

// dossier writes all about a ticket.
func (p *page) dossier(d dossier, now time.Time) {
	p.line(0, "%s  %s  %s", p.paint("1", string(d.ID)), p.paint(stateColour(string(d.State)), string(d.State)),
		p.paint(severityColour(string(d.Severity)), string(d.Severity)))
	p.line(0, "%s", d.Title)
	p.gap()
	p.line(0, "Subject   %s", subjectLine(d.Ticket))
	p.line(0, "Owner     %s", owner(d.Owner))
	if d.Reason != "" {
		p.line(0, "Reason    %s", d.Reason)
	}
	if d.Reopened > 0 {
		p.line(0, "Reopened  %s", plural(d.Reopened, "time"))
	}
	if d.Contended {
		p.line(0, "Contended something keeps putting it back: the source must be mended by a person")
	}
	if d.TakenBack {
		p.line(0, "Undone    a person took an effect back: software leaves this alone until the ticket is reopened")
	}
	if d.AcknowledgedBy != "" {
		p.line(0, "With      %s, who has acknowledged it", d.AcknowledgedBy)
	}
	if !d.Clocks.FixBy.IsZero() {
		p.line(0, "Fix by    %s", fixBy(d.Clocks.FixBy, d.Clocks.Closed, now))
	}
	p.clocks(d.Clocks)
	p.findings(d.FindingList)
	p.timeline(d.Timeline)
	p.effects(d.Effects)
	if !p.full {
		p.gap()
		p.line(0, "--full shows the evidence as it was read.")
	}
	if !d.Intact {
		p.gap()
		p.line(0, "%s", p.paint("1;31", "The timeline is not intact: "+d.Broken))
	}
}

// page is text for people while it is being written.
type page struct {
	text   strings.Builder
	colour bool
	full   bool
}

// line writes a line. Everything but our own colours is cleaned.
func (p *page) line(indent int, format string, args ...any) {
	for i, a := range args {
		switch v := a.(type) {
		case string:
			args[i] = clean(v)
		case painted:
			args[i] = string(v)
		}
	}
	p.text.WriteString(strings.Repeat(" ", indent) + strings.TrimRight(fmt.Sprintf(format, args...), " ") + "\n")
}

func (p *page) gap() { p.text.WriteString("\n") }

// painted is text that is clean and may carry our own colours.
type painted string

func (p *page) paint(code, text string) painted {
	if text = clean(text); !p.colour || code == "" || text == "" {
		return painted(text)
	}
	return painted("\x1b[" + code + "m" + text + "\x1b[0m")
}

func (p *page) clocks(c ticket.Clocks) {
	p.gap()
	p.line(0, "%s", p.paint("1", "Clocks"))
	for _, k := range []struct {
		name string
		at   time.Time
	}{{"occurred", c.Occurred}, {"detected", c.Detected}, {"opened", c.Opened}, {"acknowledged", c.Acknowledged}, {"contained", c.Contained}, {"verified", c.Verified}, {"closed", c.Closed}} {
		after := ""
		if !k.at.IsZero() && !c.Occurred.IsZero() && k.name != "occurred" {
			after = span(k.at.Sub(c.Occurred)) + " after it occurred"
		}
		p.line(2, "%-12s %-20s %s", k.name, instant(k.at), after)
	}
}

func (p *page) findings(all []finding.Finding) {
	p.gap()
	p.line(0, "%s (%d)", p.paint("1", "Findings"), len(all))
	for _, f := range all {
		p.line(2, "%s  %s  %s", p.paint(stateColour(string(f.State)), string(f.State)), p.paint(severityColour(string(f.Severity)), string(f.Severity)), f.Title)
		p.line(4, "%s %s, seen %s, last %s, fingerprint %s", string(f.Kind), f.By, plural(f.Count, "time"), instant(f.LastSeen), string(f.Fingerprint))
		for l := range strings.Lines(f.Why) {
			p.line(4, "%s", strings.TrimSpace(l))
		}
	}
}

func (p *page) timeline(all []ticket.Entry) {
	p.gap()
	p.line(0, "%s (%d)", p.paint("1", "Timeline"), len(all))
	for _, e := range all {
		p.line(2, "%-3d %s  %-16s %s", e.Seq, e.At.UTC().Format("2006-01-02 15:04:05.000"), e.Actor, p.paint("1", e.Kind))
		for l := range strings.Lines(e.Text) {
			p.line(6, "%s", strings.TrimSpace(l))
		}
		p.made(6, e.Made)
		p.data(6, e.Data)
	}
}

// made are the calls that an entry is the record of, with what CloudTrail knows them by.
func (p *page) made(indent int, all []effect.Made) {
	for _, m := range all {
		came := "request " + m.Request
		if m.Request == "" {
			came = "without a request ID"
		}
		if m.Error != "" {
			came += ", " + m.Error
		}
		p.line(indent, "called %s on %s: %s", m.API, m.Resource, came)
	}
}

func (p *page) effects(all []effect.Effect) {
	p.gap()
	p.line(0, "%s (%d)", p.paint("1", "Effects"), len(all))
	for _, e := range all {
		p.line(2, "%s  %s  %s", e.Key, e.Plan.Action, p.paint(stateColour(string(e.State)), string(e.State)))
		p.line(4, "on %s, playbook %s, begun %s, %s, %s", e.Plan.Target.Ref.String(), e.Playbook, instant(e.Began), plural(e.Attempts, "attempt"), plural(e.Calls, "call"))
		if e.Error != "" {
			p.line(4, "%s", "error: "+e.Error)
		}
	}
}

func owner(o ticket.Owner) string {
	name := o.Team
	switch {
	case o.Team == "" && o.Person == "":
		return "nobody"
	case o.Team == "":
		name = o.Person
	case o.Person != "":
		name += " (" + o.Person + ")"
	}
	if o.Via != "" {
		name += ", by " + o.Via
	}
	return name
}

func subjectLine(k ticket.Ticket) string {
	if k.Resource == nil {
		return subjectPrincipal(k.Subject) + " in " + k.Account
	}
	text := k.Resource.String()
	if k.Region != "" {
		text += ", " + k.Region
	}
	return text
}

// subjectPrincipal is the principal of a subject that is no resource: principal|account|name.
func subjectPrincipal(subject string) string {
	p := strings.SplitN(subject, "|", 3)
	if len(p) < 3 {
		return subject
	}
	return p[2]
}
