package agreement

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

const head = `<!-- Made by ` + "`make agreement`" + `. Do not edit. -->

# Agreement with what others expect

The embedded expectations, held against published examples that nobody here wrote, by the road that ` + "`jobzero check`" + ` takes. Each
example says of a template, or of a resource in it, whether it passes or fails a control of its own project. The same is tested on
every change where the examples are there (` + "`JOBZERO_CORPUS`" + `); the test fails when agreement or coverage falls below its floor,
when a disagreement has no reason, and when a reason excuses nothing any more.

A case is **covered** when an expectation of ours is about the matter of its control, alike or not, and its form is read. A control is left
out on one of these grounds only: its subject is *gone*; it is about *cost* or speed, or about *style*, and no weakness; it is *contrary* to
a control that is covered; it is the *name* of nothing; there is *none* of ours about its matter. A case **agrees** when we say the same: of an
expected fail, that at least one expectation fails; of an expected pass, that none fails and nothing is left open; of a skip (nothing
in it is of the control's business), that none fails. Where the label names resources, each of them counts and so does each other
resource that is judged. What we leave **undecided**, because only deployment will tell, agrees with nothing. A disagreement counts as
one however good its reason is. The last columns say what disagreements come from: examples that AWS or Terraform *refuse* to make, such as a
property that there is not; values that are *open* until deployment; what we judge otherwise (*differ*), on purpose; and where we fall
*short*.

| examples of | cases | covered | | agree | | undecided | of the fails | of the passes | of the skips | refused | open | differ | short |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
`

// Page is docs/reference/agreement.md.
func Page(tallies []*Tally) string {
	var b strings.Builder
	b.WriteString(head)
	for _, t := range append(slices.Clone(tallies), Together(tallies)) {
		fmt.Fprintf(&b, "| %s | %d | %d | %.1f %% | %d | %.1f %% | %d | %s | %s | %s |", t.Name, t.Cases, t.Covered, t.Coverage(), t.Agreed,
			t.Agreement(), t.Undecided, t.ByWant[Fail], t.ByWant[Pass], t.ByWant[Skip])
		for _, kind := range kinds {
			fmt.Fprintf(&b, " %d |", t.kinds()[kind])
		}
		b.WriteByte('\n')
	}
	for _, t := range tallies {
		fmt.Fprintf(&b, "\n## %s\n", t.Name)
		for _, why := range slices.Sorted(maps.Keys(t.Left)) {
			fmt.Fprintf(&b, "\n%d labels are no cases: %s.\n", t.Left[why], why)
		}
		t.whole(&b)
		t.told(&b)
		t.uncovered(&b)
	}
	return b.String()
}

// String is the agreed ones of all.
func (n Count) String() string {
	if n.Of == 0 {
		return "–"
	}
	return fmt.Sprintf("%d of %d", n.Agreed, n.Of)
}

// whole names the controls of which the resources are not compared, or others than those that are labelled.
func (t *Tally) whole(b *strings.Builder) {
	var names []string
	for _, c := range t.Controls {
		if c.Whole {
			names = append(names, c.Name)
		}
		if c.Says != "" {
			fmt.Fprintf(b, "\nOf %s only those fails count that say %s: our expectation is about several settings at once.\n", c.Name, c.Says)
		}
		if c.By != "" {
			fmt.Fprintf(b, "\nOf %s those are compared that name the labelled resource by %s: they hold the property.\n", c.Name, c.By)
		}
	}
	if len(names) > 0 {
		fmt.Fprintf(b, "\nOf %s only whole templates are compared: they name other resources than those that hold the property.\n", strings.Join(names, ", "))
	}
}

func (t *Tally) told(b *strings.Builder) {
	if len(t.Told) == 0 {
		return
	}
	b.WriteString("\nWhere we differ:\n\n| case | | reason |\n| --- | --- | --- |\n")
	for _, d := range t.Told {
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", strings.ReplaceAll(d.Key, "`", "'"), d.Outcome, d.Reason)
	}
}

func (t *Tally) uncovered(b *strings.Builder) {
	var open []Control
	for _, c := range t.Controls {
		if c.Covered < c.Cases {
			open = append(open, c)
		}
	}
	if len(open) == 0 {
		return
	}
	b.WriteString("\nNot covered:\n\n| control | cases | reason |\n| --- | ---: | --- |\n")
	for _, c := range open {
		why := c.Why
		switch {
		case why != "":
		case len(c.IDs) > 0:
			why = "an expectation is there; the form is not read yet"
		case c.Forms[Terraform] && !c.Forms[CloudFormation]:
			why = "the form is not read yet"
		default:
			why = "nobody has looked at it yet"
		}
		fmt.Fprintf(b, "| %s | %d | %s |\n", c.Name, c.Cases-c.Covered, why)
	}
}
