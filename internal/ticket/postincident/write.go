package postincident

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// Review is the whole of it; Lessons are nil until people have written them.
type Review struct {
	Account Account  `json:"account"`
	Lessons *Lessons `json:"lessons,omitempty"`
}

// Markdown writes the review for people to read.
func (r Review) Markdown(w io.Writer) error {
	var b strings.Builder
	a := r.Account
	fmt.Fprintf(&b, "# What is to be learnt from %s\n\n%s. Severity %s, %s.", a.Ticket, sentence(a.Title), a.Severity, a.State)
	if a.Owner.Team != "" {
		fmt.Fprintf(&b, " Owner: %s.", a.Owner.Team)
	}
	fmt.Fprintf(&b, " Persons who had a part: %d. They are numbered: what they knew and what they had to work with is what matters.\n\n", a.People)
	if r.Lessons != nil {
		r.Lessons.markdown(&b)
	} else {
		b.WriteString("Nobody has written the lessons yet.\n\n")
	}
	b.WriteString("## How long it took\n\n")
	for _, s := range a.Spans {
		fmt.Fprintf(&b, "- %s: %s\n", s.Of, s.Took.Round(time.Second))
	}
	if len(a.Spans) == 0 {
		b.WriteString("No two instants are known that it could be told from.\n")
	}
	b.WriteString("\n## What happened\n\n| entry | when (UTC) | who | what |\n| ---: | --- | --- | --- |\n")
	for _, m := range a.Moments {
		fmt.Fprintf(&b, "| %d | %s | %s | %s |\n", m.Entry, m.At.UTC().Format("2006-01-02 15:04:05"), m.Who, cell(m.What))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (l Lessons) markdown(b *strings.Builder) {
	fmt.Fprintf(b, "%s\n\n", strings.TrimSpace(l.Summary))
	if len(l.Well) > 0 {
		b.WriteString("## What went well\n\n")
		for _, t := range l.Well {
			fmt.Fprintf(b, "- %s\n", cell(t))
		}
		b.WriteString("\n")
	}
	b.WriteString("## What made it possible\n\n")
	for _, f := range l.Factors {
		fmt.Fprintf(b, "- %s", cell(f.What))
		if len(f.Entries) > 0 {
			fmt.Fprintf(b, " (entries %s)", strings.Trim(strings.Join(strings.Fields(fmt.Sprint(f.Entries)), ", "), "[]"))
		}
		b.WriteString("\n")
	}
	b.WriteString("\n## What will be changed\n\n| what | owner | until |\n| --- | --- | --- |\n")
	for _, a := range l.Actions {
		fmt.Fprintf(b, "| %s | %s | %s |\n", cell(a.What), cell(a.Owner), a.Due)
	}
	b.WriteString("\n")
}

// cell is a text that stays in its cell: one line, and nothing in it that Markdown takes for a column or for HTML.
func cell(text string) string {
	return strings.NewReplacer("|", "\\|", "<", "&lt;", "&", "&amp;", "`", "'").Replace(strings.Join(strings.Fields(text), " "))
}

func sentence(text string) string { return strings.TrimRight(cell(text), ".") }

// Template is a text of lessons to fill in.
func Template(ticket string) string {
	return `# What is to be learnt from this ticket. Describe what made it possible; name nobody but at owner.
ticket: ` + ticket + `
summary: |
  What happened, and whom it touched, in a few sentences.
went_well:
  - What helped, so that it is kept.
factors:                      # at least two: what made it possible, what made it worse, why it was not noticed before
  - what: The role could write to every bucket of the account.
    entries: [1]              # of the timeline, which show it
  - what: The alarm for such changes had been switched off for a migration, and nothing switched it on again.
actions:                      # each becomes a ticket of its owner
  - what: Give the role a policy with the one bucket that it needs.
    owner: shop               # a team or a person of org.yaml
    due: 2027-01-31
    severity: medium          # low, medium, high or critical
`
}
