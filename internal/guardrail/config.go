package guardrail

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"jobzero/internal/expect"
	"jobzero/internal/resource"
)

//go:embed config.txt
var configText string

// The limits of a conformance pack (docs.aws.amazon.com/config/latest/developerguide/configlimits.html).
const (
	maxPack  = 51_200 // bytes of a template that is given in the call
	maxRules = 130
)

// managed is a managed rule of AWS Config.
type managed struct {
	identifier string
	kind, path string
	good       []string
	set        bool
	least      int64
	params     []string
	expression string
}

var readManaged = sync.OnceValue(func() (out []managed) {
	for line := range strings.Lines(configText) {
		f := strings.Fields(line)
		switch {
		case len(f) == 0 || strings.HasPrefix(f[0], "#"):
		case f[0] == "says":
			at := slices.Index(f, ":")
			out = append(out, managed{identifier: f[1], params: f[2:at], expression: strings.Join(f[at+1:], " ")})
		default:
			m := managed{identifier: f[1], kind: f[2], path: f[3], params: f[5:]}
			switch least, number := strings.CutPrefix(f[4], "atleast:"); {
			case number:
				m.least, _ = strconv.ParseInt(least, 10, 64) // a test reads all of it
			case f[4] == "set":
				m.set = true
			default:
				m.good = strings.Split(f[4], "|")
			}
			out = append(out, m)
		}
	}
	return out
})

// is reports whether a managed rule says what an expectation says, and with which parameters.
func (m managed) is(e *expect.Expectation, now time.Time) (params []string, ok bool) {
	if m.expression != "" {
		return m.params, strings.Join(strings.Fields(e.Expression), " ") == m.expression && e.When == ""
	}
	if !slices.Contains(e.Types, resource.Type(m.kind)) {
		return nil, false
	}
	p := &property{types: []string{m.kind}, paths: []string{m.path}, closed: true}
	if !m.set && m.least == 0 {
		p.values = slices.DeleteFunc(slices.Clone(m.good), func(v string) bool { return v == "true" || v == "false" })
	}
	d := deriving{asker: newAsker(e, resource.Type(m.kind), now)}
	if !d.asksFor(m.path) {
		return nil, false
	}
	least, good, bad := m.least, 0, 0
	for _, v := range append(d.domain(p, m.path), other) {
		if v == absent || v == other && (m.least > 0 || len(m.good) > 0 && (m.good[0] == "true" || m.good[0] == "false")) {
			continue
		}
		switch d.result(setting{m.path: v}) {
		case expect.Pass:
			if n, number := v.(int64); number && m.least > 0 && (good == 0 || n < least) {
				least = n
			}
			if m.least == 0 && !m.takes(v) {
				return nil, false
			}
			good++
		case expect.Fail:
			if m.least == 0 && m.takes(v) {
				return nil, false
			}
			bad++
		case expect.Unknown, expect.NotApplicable:
			return nil, false
		}
	}
	for _, p := range m.params {
		params = append(params, strings.ReplaceAll(p, "{N}", strconv.FormatInt(least, 10)))
	}
	return params, good > 0 && bad > 0
}

func (m managed) takes(v any) bool {
	if m.set {
		return word(v) != ""
	}
	return slices.Contains(m.good, word(v))
}

// Pack is a conformance pack.
type Pack struct {
	Text     []byte
	Rules    int
	Coverage []Coverage
}

// Config makes a conformance pack of managed rules that say the same as expectations. Where there are too many, those for what is
// worst come first.
func Config(o Options) Pack {
	var b strings.Builder
	b.WriteString("# Managed rules of AWS Config that say what expectations of jobzero say.\nResources:\n")
	list := slices.Clone(o.Expectations)
	slices.SortStableFunc(list, func(a, b *expect.Expectation) int { return b.Severity.Rank() - a.Severity.Rank() })
	p := Pack{}
	used := map[string]bool{}
	for _, e := range list {
		c := Coverage{Expectation: e.ID, Title: e.Title, Severity: e.Severity, Extent: Nothing, Why: "no managed rule in the table says the same"}
		for _, m := range readManaged() {
			params, ok := m.is(e, o.Now)
			if !ok {
				continue
			}
			name := sidOf(strings.ToLower(strings.ReplaceAll(m.identifier, "_", "-")))
			text := m.written(name, e, params)
			switch {
			case used[name]:
			case p.Rules >= maxRules || b.Len()+len(text) > maxPack:
				c.Why = fmt.Sprintf("there was no room: a conformance pack has %d rules and %d bytes at most", maxRules, maxPack)
				continue
			default:
				b.WriteString(text)
				p.Rules++
				used[name] = true
			}
			c.Extent, c.Why = Whole, ""
			c.Statements = append(c.Statements, m.identifier)
		}
		if len(c.Statements) > 0 && len(e.Types) > 1 {
			c.Extent = Part
			c.Leaves = []string{"types other than those of " + strings.Join(c.Statements, ", ")}
		}
		p.Coverage = append(p.Coverage, c)
	}
	p.Text = []byte(b.String())
	return p
}

func (m managed) written(name string, e *expect.Expectation, params []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "  %s:\n    Type: AWS::Config::ConfigRule\n    Properties:\n      ConfigRuleName: %s\n", name, strings.ToLower(strings.ReplaceAll(m.identifier, "_", "-")))
	fmt.Fprintf(&b, "      Description: %s\n", strconv.Quote(e.Title+" ("+e.ID+")"))
	if len(params) > 0 {
		b.WriteString("      InputParameters:\n")
		for _, p := range params {
			key, value, _ := strings.Cut(p, "=")
			fmt.Fprintf(&b, "        %s: %q\n", key, value)
		}
	}
	fmt.Fprintf(&b, "      Source:\n        Owner: AWS\n        SourceIdentifier: %s\n", m.identifier)
	return b.String()
}
