package guardrail

import (
	"fmt"
	"strings"
)

// GuardFile makes one file of Guard's rules.
func GuardFile(o Options) (Made, error) {
	m := Made{Verb: "SAID", Language: "the language of CloudFormation Guard"}
	var b strings.Builder
	b.WriteString("# Expectations of jobzero as rules of CloudFormation Guard 3.1. A value that only deployment will tell fails here.\n")
	n := 0
	for _, e := range o.Expectations {
		c := Coverage{Expectation: e.ID, Title: e.Title, Severity: e.Severity, Extent: Nothing}
		r, err := Guard(e)
		if err != nil {
			c.Why = err.Error()
		} else {
			n++
			c.Extent, c.Statements = Whole, []string{r.Name}
			b.WriteString("\n" + r.Text)
		}
		m.Coverage = append(m.Coverage, c)
	}
	if n > 0 {
		m.Files = []File{{Name: "expectations.guard", Text: []byte(b.String()), Size: b.Len(), rules: n}}
	}
	return m, nil
}

// ConfigFile makes the file of a conformance pack.
func ConfigFile(o Options) (Made, error) {
	p := Config(o)
	m := Made{Verb: "DETECTED", Language: "managed rules of AWS Config", Coverage: p.Coverage}
	if p.Rules > 0 {
		m.Files = []File{{Name: "conformance-pack.yaml", Text: p.Text, Size: len(p.Text), rules: p.Rules}}
	}
	return m, nil
}

// Measure is how large a file is, in words.
func (f File) Measure() string {
	words := func(n int, word string) string {
		if n != 1 {
			word += "s"
		}
		return fmt.Sprintf("%d %s", n, word)
	}
	if f.Statements == nil {
		return fmt.Sprintf("%s, %d bytes", words(f.rules, "rule"), f.Size)
	}
	return fmt.Sprintf("%s, %d of %d characters", words(len(f.Statements), "statement"), f.Size, maxPolicy)
}
