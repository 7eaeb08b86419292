package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"jobzero/internal/config"
	"jobzero/internal/doc"
	"jobzero/internal/expect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/resource"
)

// expected is an expectation for programs.
type expected struct {
	ID          string           `json:"expectation"`
	Title       string           `json:"title"`
	Severity    finding.Severity `json:"severity"`
	Types       []resource.Type  `json:"types"`
	Gates       []gateReach      `json:"gates"`
	Why         string           `json:"why"`
	Lesson      string           `json:"lesson,omitempty"`
	Controls    []string         `json:"controls,omitempty"`
	Remediation string           `json:"remediation,omitempty"`
	When        string           `json:"when,omitempty"`
	Expression  string           `json:"expression"`
}

// gateReach is how far an expectation can be decided at a gate.
type gateReach struct {
	Gate  expect.Gate  `json:"gate"`
	Reach expect.Reach `json:"reach"`
	Why   []string     `json:"why,omitempty"`
}

func expectedOf(e *expect.Expectation) expected {
	out := expected{
		ID: e.ID, Title: e.Title, Severity: e.Severity, Types: e.Types, Why: e.Why, Lesson: e.Lesson, Controls: e.Controls,
		Remediation: e.Remediation, When: e.When, Expression: e.Expression,
	}
	for _, g := range expect.Gates() {
		reach, why := e.At(g)
		out.Gates = append(out.Gates, gateReach{g, reach, why})
	}
	return out
}

func (s *shell) expectationGroup() *cobra.Command {
	return group("expectations", "See what is expected, and where it can be decided",
		`An expectation is a baseline that resources have to meet. The same text is asked at every gate: of templates, plans and
folders of Terraform (design), of the calls of CloudFormation hooks (provision) and of the live account (live). At the first
two it prevents, at the last it detects. What a gate can never know is worked out of the expression and of what is known of
the types.`,
		`  jobzero expectations list
  jobzero expectations show s3-bucket-public-only-as-declared`, s.expectationList(), s.expectationShow())
}

func (s *shell) expectationList() *cobra.Command {
	var dirs []string
	var kind string
	var form format
	c := &cobra.Command{
		Use:   "list [--type TYPE] [--expectations DIR]… [--format table|json]",
		Short: "List expectations with the gates at which they can be decided",
		Long: `Decides: all that the expectation asks for can be known at the gate. Partly: some of it never is, and whether that matters is
seen from case to case. Cannot: nothing of it ever is.`,
		Example: `  jobzero expectations list --type AWS::S3::Bucket
  jobzero expectations list --format json | jq -r 'select(.gates[0].reach == "cannot") | .expectation'`,
		Args: arguments(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			all, err := s.allExpectations(dirs)
			if err != nil {
				return err
			}
			all = slices.DeleteFunc(all, func(e *expect.Expectation) bool {
				return kind != "" && !slices.Contains(e.Types, resource.Type(kind))
			})
			return s.showExpectations(s.out, all, form)
		},
	}
	expectationDirs(c, &dirs)
	c.Flags().StringVar(&kind, "type", "", "only of this resource `TYPE`, such as AWS::S3::Bucket")
	form.flag(c)
	return c
}

func expectationDirs(c *cobra.Command, into *[]string) {
	c.Flags().StringArrayVar(into, "expectations", nil, "`DIR` of expectations, instead of the embedded ones; repeatable")
}

func (s *shell) allExpectations(dirs []string) ([]*expect.Expectation, error) {
	var settings config.Config
	if config.Path(s.options.config) != "" {
		var err error
		if settings, err = s.settings(); err != nil {
			return nil, err
		}
	}
	set, err := s.expectations(dirs, settings.Content.Expectations)
	if err != nil {
		return nil, err
	}
	return set.All(), nil
}

func (s *shell) showExpectations(w io.Writer, all []*expect.Expectation, form format) error {
	if form == formatJSON {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		for _, x := range all {
			if err := e.Encode(expectedOf(x)); err != nil {
				return err
			}
		}
		return nil
	}
	t := table{columns: []column{
		{name: "EXPECTATION", give: 1},
		{name: "SEVERITY", colour: severityColour},
		{name: "DESIGN", colour: reachColour},
		{name: "PROVISION", colour: reachColour},
		{name: "LIVE", colour: reachColour},
		{name: "TYPES", give: 3},
	}}
	for _, x := range all {
		cells := []string{x.ID, string(x.Severity)}
		for _, g := range expect.Gates() {
			reach, _ := x.At(g)
			cells = append(cells, string(reach))
		}
		var types []string
		for _, name := range x.Types {
			types = append(types, string(name))
		}
		t.add(append(cells, strings.Join(types, " "))...)
	}
	if err := t.write(w); err != nil {
		return err
	}
	s.complain("%s", plural(len(all), "expectation"))
	return nil
}

func reachColour(cell string) string {
	switch expect.Reach(cell) {
	case expect.Cannot:
		return "31"
	case expect.Partly:
		return "33"
	case expect.Decides:
	}
	return ""
}

func (s *shell) expectationShow() *cobra.Command {
	var dirs []string
	var form format
	c := &cobra.Command{
		Use:   "show ID [--expectations DIR]… [--format table|json]",
		Short: "Show an expectation",
		Long: `Tells why it is expected, how to put it right and how never to meet it again, which controls it answers, and where it can be
decided and where not, with the reason.`,
		Example: `  jobzero expectations show ebs-volume-encrypted`,
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			all, err := s.allExpectations(dirs)
			if err != nil {
				return err
			}
			i := slices.IndexFunc(all, func(e *expect.Expectation) bool { return e.ID == args[0] })
			if i < 0 {
				return noExpectation(args[0], all)
			}
			if form == formatJSON {
				return s.showExpectations(s.out, all[i:i+1], form)
			}
			return tellExpectation(s.out, all[i])
		},
	}
	expectationDirs(c, &dirs)
	form.flag(c)
	return c
}

// noExpectation names the nearest one.
func noExpectation(id string, all []*expect.Expectation) error {
	near, least := "", len(id)/2
	for _, e := range all {
		if d := doc.Distance(e.ID, id); d < least {
			near, least = e.ID, d
		}
	}
	if near != "" {
		near = ": did you mean " + near + "?"
	}
	return fault.New(fault.NotFound, "there is no expectation %s%s", id, near)
}

func tellExpectation(w io.Writer, e *expect.Expectation) error {
	var b strings.Builder
	line := func(name, text string) {
		if text != "" {
			fmt.Fprintf(&b, "%-12s%s\n", name, clean(strings.Join(strings.Fields(text), " ")))
		}
	}
	line("Expectation", e.ID)
	line("Title", e.Title)
	line("Severity", string(e.Severity))
	for _, t := range e.Types {
		line("Type", string(t))
	}
	line("Why", e.Why)
	line("Lesson", e.Lesson)
	line("Remediation", e.Remediation)
	line("Controls", strings.Join(e.Controls, ", "))
	for _, g := range expect.Gates() {
		reach, why := e.At(g)
		line(string(g), strings.TrimSuffix(string(reach)+": "+strings.Join(why, "; "), ": "))
	}
	fmt.Fprintf(&b, "\n%s\n", strings.TrimSpace(e.Expression))
	_, err := io.WriteString(w, b.String())
	return err
}
