package cli

import (
	"strings"

	"jobzero/internal/glass"
)

func (s *shell) glassPage(f glassFile, full bool) error {
	p := &page{colour: coloured(s.out), full: full}
	p.line(0, "%s  %s", p.paint("1", string(f.ID)), p.paint(stateColour(string(f.State)), string(f.State)))
	p.line(0, "%s", f.Person+" for "+f.Role+" in account "+f.Account+", for "+span(f.For)+": "+f.Reason)
	p.gap()
	p.line(0, "Principal %s", f.Principal)
	if f.Ticket != "" {
		p.line(0, "Reference %s", f.Ticket)
	}
	p.line(0, "Asked     %s", instant(f.Asked))
	for _, a := range f.Approvals {
		p.line(0, "Approved  %s by %s: %s", instant(a.At), a.By, a.Reason)
	}
	if f.Refused != nil {
		p.line(0, "Refused   %s by %s: %s", instant(f.Refused.At), f.Refused.By, f.Refused.Reason)
	}
	if !f.Until.IsZero() {
		p.line(0, "Granted   %s until %s", instant(f.Since), instant(f.Until))
	}
	if f.State == glass.Granted {
		p.line(0, "Take it on with: aws sts assume-role --role-arn %s --role-session-name %s", f.roleARN(), f.ID.Session())
	}
	if !f.Ended.IsZero() {
		p.line(0, "Ended     %s", instant(f.Ended))
	}
	if f.Held != "" {
		p.line(0, "Held      %s", f.Held)
	}
	if !f.By.IsZero() {
		p.line(0, "Next by   %s", instant(f.By))
	}
	if f.Review != nil {
		p.line(0, "Reviewed  %s by %s: %s", instant(f.Review.At), f.Review.By, f.Review.Reason)
	}
	p.would(f.Use)
	p.did(f)
	p.timeline(f.Timeline)
	if !f.Intact {
		p.line(0, "%s", p.paint("1;31", "The timeline is not intact: "+f.Broken))
	}
	_, err := s.out.Write([]byte(p.text.String()))
	return err
}

// roleARN is the role's, as the plan of the grant has it.
func (f glassFile) roleARN() string {
	if give := f.Step(glass.Give); give != nil && len(give.Plan.Calls) > 0 {
		return give.Plan.Calls[0].Resource
	}
	return f.Role
}

// would shows what plan mode would do.
func (p *page) would(u glass.Use) {
	if len(u.Would) == 0 {
		return
	}
	p.gap()
	p.line(0, "%s", p.paint("1", "Would do"))
	for _, w := range u.Would {
		p.line(2, "%s", w.Action)
		for l := range strings.Lines(w.Diff + w.Refused + w.Nothing) {
			p.line(4, "%s", strings.TrimSpace(l))
		}
	}
}

// did shows what was done in the sessions.
func (p *page) did(f glassFile) {
	r := f.Record
	p.gap()
	p.line(0, "%s (%s, %s, %d writes, %d refused)", p.paint("1", "Record"), plural(r.Events, "event"), plural(r.Sessions, "session"), r.Writes, r.Refused)
	if r.Beyond > 0 {
		p.line(2, "%s more were too many to keep", plural(r.Beyond, "event"))
	}
	if r.Late > 0 {
		p.line(2, "%s", p.paint("1;31", plural(r.Late, "call")+" came through after the end"))
	}
	for _, a := range r.Did {
		word := "read"
		if a.Writes {
			word = "write"
		}
		p.line(2, "%-6s %5d  %s", word, a.Count, a.Name)
	}
	if !p.full {
		return
	}
	for _, d := range f.Deeds {
		p.line(4, "%s  %s  %s  %s  %s", instant(d.At), d.Name, d.Resource, d.IP, d.Error)
	}
}
