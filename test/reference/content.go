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
	b.WriteString("# Playbooks\n\nEach is in plan mode until `playbooks.enforce` names it for an account. [Their language](playbook-language.md) has a page of its own.\n")
	for _, d := range k.Playbooks {
		fmt.Fprintf(&b, "\n## %s\n\n%s. %s\n\nBegins: %s.\n", d.ID, strings.TrimSuffix(d.Title, "."), strings.TrimSpace(d.Why), strings.Join(d.When.Words(), ", "))
		for _, g := range d.Guards {
			fmt.Fprintf(&b, "\nGuard: `%s` %s\n", strings.TrimSpace(g.If), g.Why)
		}
		b.WriteString("\n")
		steps(&b, d.Steps, "")
	}
	return b.String()
}

func verdicts(k *app.Knowledge) string {
	var b strings.Builder
	b.WriteString("# Verdicts\n\nWhat is believed of a finding, in the order in which it is asked. Nothing is closed until `verdicts.mode` is `enforce`. " +
		"[The how-to](../how-to/verdicts.md) says how to write your own.\n")
	for _, d := range k.Verdicts {
		closes := "It closes nothing."
		if d.Close {
			closes = "It may close the finding."
		}
		if d.Remember > 0 {
			closes += " It is remembered for " + book.Span(d.Remember) + "."
		}
		fmt.Fprintf(&b, "\n## %s\n\n%s. %s\n\nBelieved: %s, %s. %s\n\n```\n%s\n```\n", d.ID, d.Title, strings.TrimSpace(d.Why), d.Verdict, d.Confidence, closes, strings.TrimSpace(d.If))
	}
	return b.String()
}

// steps lists steps with those in them.
func steps(b *strings.Builder, all []book.Step, in string) {
	for i := range all {
		s := &all[i]
		fmt.Fprintf(b, "%s%d. `%s`: %s\n", in, i+1, s.ID, cell(s.Words()))
		for _, branch := range append(slices.Clone(s.Decide), s.Parallel...) {
			word := "at the same time"
			if s.Decide != nil {
				if word = "for all else"; branch.If != "" {
					word = "if `" + cell(branch.If) + "`"
				}
			}
			fmt.Fprintf(b, "%s   - %s\n\n", in, word)
			steps(b, branch.Steps, in+"     ")
		}
	}
}

func actions() string {
	var b strings.Builder
	b.WriteString("# Actions\n\nWhat jobzero can change in AWS, and whom it can tell or ask. There is nothing else.\n\n" +
		"Every action passes one suite of tests: planning writes nothing, doing and undoing restores, doing twice is once, and no call is made that it does not declare. " +
		"*Emulator* says that this was against an emulator of AWS; *contract*, against the answers that AWS documents.\n")
	for _, a := range builtin.All(builtin.Options{}) {
		i := a.Info()
		undo, held := string(i.Undo), "emulator"
		if i.UndoHelpsAttacker {
			undo += ", and what an attacker would want: have a second person look"
		}
		if i.Contract {
			held = "contract, where the emulator lacks its calls"
		}
		calls := fmt.Sprintf("Reads `%s`, writes `%s` as the %s", strings.Join(i.Reads, "` `"), strings.Join(i.Writes, "` `"), role.Of(i.Role))
		if len(i.Reads)+len(i.Writes) == 0 {
			calls, held = "Calls nothing of AWS", "a server on a real socket"
		}
		fmt.Fprintf(&b, "\n## %s\n\n%s. %s\n\nRisk: %s\n\nUndo: %s. %s. Tested against: %s.\n", i.ID, strings.TrimSuffix(i.Title, "."), i.Why, i.Risk, undo, calls, held)
		for _, p := range i.Params {
			fmt.Fprintf(&b, "\n- `%s`: %s\n", p.Name, p.Text)
		}
	}
	return b.String()
}

// permissions are the least that the two roles need, made from what the readers and the actions say of themselves.
