package cli

import (
	"errors"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"jobzero/internal/access"
	"jobzero/internal/access/cases"
	"jobzero/internal/fault"
)

// ruled is the decision over a case for programs.
type ruled struct {
	File     string         `json:"file,omitempty"`
	Case     int            `json:"case,omitempty"`
	Decision access.Outcome `json:"decision,omitempty"`
	By       []reason       `json:"by,omitempty"`      // the statements that it rests on
	Lacks    []access.Layer `json:"lacks,omitempty"`   // of ImplicitlyDenied: who should have allowed it
	Unknown  []string       `json:"unknown,omitempty"` // of Unknown: condition keys
	Error    string         `json:"error,omitempty"`   // of a case that cannot be read
}

type reason struct {
	Layer     access.Layer `json:"layer"`
	Policy    string       `json:"policy"`
	Statement string       `json:"statement"`
	Effect    string       `json:"effect"`
}

func (s *shell) accessEvaluate() *cobra.Command {
	var form format
	var partial bool
	c := &cobra.Command{
		Use:   "evaluate FILE… [--partial] [--format json|table]",
		Short: "Decide over written cases, without any account",
		Long: `Decides over cases that are written out: a call and the policies that have a say in it. A file is JSON: one case, an array of
them, or one after another; - is the standard input. It answers one JSON object a case.

  {"request": {"principal": {"type": "IAM", "arn": "arn:aws:iam::111122223333:user/ana"}, "action": "s3:GetObject",
    "resource": {"arn": "arn:aws:s3:::shop/a.txt", "accountId": "111122223333"}, "context": {"aws:SourceIp": "203.0.113.7"}},
   "identityPolicies": [{"name": "own", "policy": {…}}], "resourcePolicy": {…}, "permissionBoundaries": [{…}],
   "sessionPolicy": {…}, "serviceControlPolicies": [[{…}], [{…}]], "resourceControlPolicies": [[{…}]],
   "endpointPolicies": [{…}]}

The type of a principal is IAM, Service (arn: its name, such as sns.amazonaws.com), Federated (arn: that of the provider of
its identity) or Anonymous. An accountId that is left out is that of the ARN, or else the caller's. Policies of the
organisation stand in a list for each level, from its root to the account. What follows from the request is added to the
context, such as aws:PrincipalArn and aws:ResourceAccount. A condition key that a case does not name is not in its call; one
whose value is null is not known. With --partial nothing is known of any key that a case does not name.

A case that cannot be read has an error in place of a decision, and the others are decided.

Exit codes: 0 all cases are decided, 2 it could not run or a case could not be read.`,
		Example: `  jobzero access evaluate cases.json
  jobzero access evaluate --partial case.json | jq -r .unknown[]
  jobzero access evaluate --format table cases.json`,
		Args: arguments(cobra.MinimumNArgs(1)),
		RunE: func(_ *cobra.Command, files []string) error {
			return s.evaluate(files, partial, form)
		},
	}
	form.flag(c)
	form = formatJSON
	c.Flags().Lookup("format").DefValue = string(formatJSON)
	c.Flags().BoolVar(&partial, "partial", false, "take a condition key that a case does not name for not known")
	return c
}

// evaluate decides over the cases of files, one after another.
func (s *shell) evaluate(files []string, partial bool, form format) error {
	t := table{columns: []column{{name: "FILE", give: 2}, {name: "CASE"}, {name: "DECISION", colour: decisionColour}, {name: "BECAUSE", give: 1}}}
	bad := 0
	for _, name := range files {
		err := s.eachCase(name, partial, func(x ruled) error {
			if x.Error != "" {
				bad++
				s.complain("jobzero: %s", x.Error)
			}
			if form == formatTable {
				t.add(x.row()...)
				return nil
			}
			return s.object(x)
		})
		if err != nil {
			return err
		}
	}
	if form == formatTable {
		if err := t.write(s.out); err != nil {
			return err
		}
	}
	if bad > 0 {
		return fault.New(fault.Invalid, "%s could not be read", plural(bad, "case"))
	}
	return nil
}

// eachCase gives what is decided over each case of a file.
func (s *shell) eachCase(name string, partial bool, do func(ruled) error) error {
	in, shown := s.in, "standard input"
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return fault.Path(err, name, "a file of cases, in JSON")
		}
		defer func() { _ = f.Close() }()
		in, shown = f, name
	}
	r := cases.NewReader(shown, in)
	r.Partial = partial
	for {
		c, err := r.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil && c == nil:
			return err
		case err != nil:
			err = do(ruled{File: shown, Case: c.Number, Error: err.Error()})
		default:
			err = do(ruledBy(shown, c))
		}
		if err != nil {
			return err
		}
	}
}

func ruledBy(name string, c *cases.Case) ruled {
	x := ruledOf(c.Policies.Decide(&c.Call))
	x.File, x.Case = name, c.Number
	return x
}

func ruledOf(d access.Decision) ruled {
	x := ruled{Decision: d.Outcome, Lacks: d.Lacks, Unknown: d.Unknown}
	for _, by := range d.By {
		effect := "Deny"
		if by.Statement.Allow {
			effect = "Allow"
		}
		x.By = append(x.By, reason{by.Layer, by.Document.Name, by.Statement.Name(), effect})
	}
	return x
}

func (x ruled) row() []string {
	return []string{x.File, strconv.Itoa(x.Case), string(x.Decision), x.because()}
}

// because is what a decision rests on, in words.
func (x ruled) because() string {
	var because []string
	for _, by := range x.By {
		because = append(because, string(by.Layer)+" "+by.Policy+", "+by.Statement)
	}
	for _, l := range x.Lacks {
		because = append(because, "no "+string(l)+" allows it")
	}
	if len(x.Unknown) > 0 {
		because = append(because, "it hangs on "+strings.Join(x.Unknown, ", "))
	}
	if x.Error != "" {
		because = append(because, x.Error)
	}
	return strings.Join(because, "; ")
}

func decisionColour(cell string) string {
	switch access.Outcome(cell) {
	case access.ExplicitlyDenied:
		return "31"
	case access.Unknown:
		return "33"
	case access.Allowed, access.ImplicitlyDenied:
	}
	return ""
}
