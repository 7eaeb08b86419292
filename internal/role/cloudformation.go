package role

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"jobzero/internal/fault"
)

// Pseudo are CloudFormation's own parameters, which stand in ARNs of a template.
const (
	PseudoPartition = "${AWS::Partition}"
	PseudoAccount   = "${AWS::AccountId}"
)

// Policies are the documents of a role as resources of a template, which are attached to a role of the template. When is the template's
// condition under which the role is made; empty: it always is.
func Policies(n Name, when string, docs []Document) string {
	var b strings.Builder
	title := strings.ToUpper(string(n[:1])) + string(n[1:])
	for i, d := range docs {
		fmt.Fprintf(&b, "  %sPolicy%d:\n    Type: AWS::IAM::ManagedPolicy\n", title, i+1)
		if when != "" {
			fmt.Fprintf(&b, "    Condition: %s\n", when)
		}
		fmt.Fprintf(&b, "    Properties:\n      ManagedPolicyName: %s%s-%d\n", Prefix, n, i+1)
		fmt.Fprintf(&b, "      Description: What the %s of jobzero may do, part %d of %d.\n", n, i+1, len(docs))
		fmt.Fprintf(&b, "      Roles: [!Ref %sRole]\n      PolicyDocument:\n        Version: %q\n        Statement:\n", title, d.Version)
		for _, s := range d.Statement {
			s.yaml(&b)
		}
	}
	return b.String()
}

// yaml writes a statement as an item of a list.
func (s Statement) yaml(b *strings.Builder) {
	const in = "            "
	fmt.Fprintf(b, "          - Effect: %s\n", s.Effect)
	some := func(key string, list []string, write func(string) string) {
		if len(list) == 0 {
			return
		}
		fmt.Fprintf(b, "%s%s:\n", in, key)
		for _, text := range list {
			fmt.Fprintf(b, "%s  - %s\n", in, write(text))
		}
	}
	some("Action", s.Action, scalar)
	some("NotAction", s.NotAction, scalar)
	some("Resource", s.Resource, scalar)
	if len(s.Condition) == 0 {
		return
	}
	fmt.Fprintf(b, "%sCondition:\n", in)
	for _, operator := range sorted(s.Condition) {
		fmt.Fprintf(b, "%s  %s:\n", in, operator)
		for _, key := range sorted(s.Condition[operator]) {
			switch v := s.Condition[operator][key].(type) {
			case string:
				fmt.Fprintf(b, "%s    %s: %s\n", in, key, scalar(v))
			case []string:
				fmt.Fprintf(b, "%s    %s:\n", in, key)
				for _, text := range v {
					fmt.Fprintf(b, "%s      - %s\n", in, scalar(text))
				}
			}
		}
	}
}

func sorted[V any](m map[string]V) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

var iamVariable = regexp.MustCompile(`\$\{(\w+:\w[^}]*)\}`)

// scalar writes a text so that CloudFormation fills in its own variables and leaves those of IAM alone.
func scalar(text string) string {
	if filled.MatchString(text) {
		return "!Sub " + iamVariable.ReplaceAllString(text, "$${!$1}")
	}
	if strings.ContainsAny(text, "*${") {
		return `"` + text + `"`
	}
	return text
}

// Fill puts what was made between two lines of a template that name the command which makes it.
func Fill(template, command, made string) (string, error) {
	begin, end := "  # Made by "+command+". Do not edit.\n", "  # The end of what "+command+" has made.\n"
	from := strings.Index(template, begin)
	to := strings.Index(template, end)
	if from < 0 || to < from {
		return "", fault.New(fault.Invalid, "the template has no lines %q and %q around what is to be made", strings.TrimSpace(begin), strings.TrimSpace(end))
	}
	return template[:from+len(begin)] + made + template[to:], nil
}
