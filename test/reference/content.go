package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"jobzero/internal/action/builtin"
	"jobzero/internal/app"
	"jobzero/internal/config"
	"jobzero/internal/expect"
	"jobzero/internal/playbook/book"
	"jobzero/internal/role"
)

func learned() (*app.Knowledge, error) {
	k, bad, err := app.Learn(config.Default())
	return k, errors.Join(append(bad, err)...)
}

func rules(k *app.Knowledge) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Rules\n\n%d Sigma rules over CloudTrail and the other logs that AWS writes. Yours are added with `content.rules` or replace them with `replay --rules`.\n\n", len(k.Rules))
	b.WriteString("| rule | level | ATT&CK | id |\n| --- | --- | --- | --- |\n")
	for _, c := range k.Rules {
		r := c.Rule
		fmt.Fprintf(&b, "| %s | %s | %s | `%s` |\n", cell(r.Title), r.Level, strings.Join(r.Tags, " "), r.ID)
	}
	for _, c := range k.Rules {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n", c.Rule.Title, strings.TrimSpace(c.Rule.Description))
		for _, f := range c.Rule.FalsePositives {
			fmt.Fprintf(&b, "\nNot meant: %s\n", strings.TrimSpace(f))
		}
	}
	return b.String()
}

func expectations(k *app.Knowledge) string {
	var b strings.Builder
	all := k.Expectations.All()
	fmt.Fprintf(&b, "# Expectations\n\n%d baselines, asked of templates, plans and folders of Terraform (design), of the calls of hooks (provision) and of the live account (live). Yours are added with `content.expectations`.\n", len(all))
	for _, e := range all {
		fmt.Fprintf(&b, "\n## %s\n\n%s. Severity %s, of", e.ID, strings.TrimSuffix(e.Title, "."), e.Severity)
		for _, t := range e.Types {
			fmt.Fprintf(&b, " `%s`", t)
		}
		fmt.Fprintf(&b, "; answers %s. %s\n\nWhy: %s\n\nLesson: %s\n\n```\n%s\n```\n", strings.Join(e.Controls, ", "), gates(e),
			strings.TrimSpace(e.Why), strings.TrimSpace(e.Lesson), strings.TrimSpace(e.Expression))
	}
	return b.String()
}

// gates says where an expectation can be decided.
func gates(e *expect.Expectation) string {
	by := map[expect.Reach][]string{}
	var why []string
	for _, g := range expect.Gates() {
		reach, text := e.At(g)
		by[reach] = append(by[reach], string(g))
		for _, t := range text {
			if !slices.Contains(why, t) {
				why = append(why, t)
			}
		}
	}
	var parts []string
	for i, reach := range []expect.Reach{expect.Decides, expect.Partly, expect.Cannot} {
		if len(by[reach]) > 0 {
			parts = append(parts, []string{"decided at ", "partly at ", "never at "}[i]+strings.Join(by[reach], ", "))
		}
	}
	out := strings.Join(parts, "; ")
	if len(why) > 0 {
		out += " (" + strings.Join(why, "; ") + ")"
	}
	return strings.ToUpper(out[:1]) + out[1:] + "."
}

func playbooks(k *app.Knowledge) string {
	var b strings.Builder
	b.WriteString("# Playbooks\n\nEach is in plan mode until `playbooks.enforce` names it for an account.\n")
	for _, d := range k.Playbooks {
		fmt.Fprintf(&b, "\n## %s\n\n%s. %s\n\n", d.ID, strings.TrimSuffix(d.Title, "."), strings.TrimSpace(d.Why))
		if settles := slices.Concat(d.When.Expectations, d.When.Rules, d.When.Leavers); len(settles) > 0 {
			fmt.Fprintf(&b, "Settles: `%s`\n\n", strings.Join(settles, "` `"))
		}
		if d.When.Hand {
			b.WriteString("Begun by a person.\n\n")
		}
		b.WriteString("Steps, each only while it is still so:\n\n")
		for _, s := range d.All() {
			depth := strings.Count(s.Place(), "steps") - 1
			fmt.Fprintf(&b, "%s1. %s\n", strings.Repeat("   ", depth), does(s))
		}
	}
	return b.String()
}

// does is a step in a few words.
func does(s *book.Step) string {
	switch s.Kind() {
	case book.Action:
		return "[`" + s.Action + "`](actions.md)"
	case book.Other:
		return "the steps of [" + s.Playbook + "](#" + s.Playbook + ")"
	case book.Task:
		return "a person: " + s.Manual.Do
	case book.Approve:
		return "approval: " + s.Approval.Why
	case book.Gather:
		return "gather " + strings.Join(s.Gather, ", ")
	default:
		return string(s.Kind()) + " `" + s.ID + "`"
	}
}

func actions() string {
	var b strings.Builder
	b.WriteString("# Actions\n\nWhat jobzero can change in AWS. There is nothing else.\n")
	for _, a := range builtin.All() {
		i := a.Info()
		fmt.Fprintf(&b, "\n## %s\n\n%s. %s\n\nRisk: %s\n\nUndo: %s. Reads `%s`, writes `%s` as the %s.\n", i.ID, strings.TrimSuffix(i.Title, "."),
			i.Why, i.Risk, i.Undo, strings.Join(i.Reads, "` `"), strings.Join(i.Writes, "` `"), role.Of(i.Role))
		for _, p := range i.Params {
			fmt.Fprintf(&b, "\n- `%s`: %s\n", p.Name, p.Text)
		}
	}
	return b.String()
}

// permissions are the least that the two roles need, made from what the readers and the actions say of themselves.
