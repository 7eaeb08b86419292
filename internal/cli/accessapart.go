package cli

import (
	"context"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"jobzero/internal/access/estate"
	"jobzero/internal/access/least"
	"jobzero/internal/fault"
)

// splitting is what access apart is asked.
type splitting struct {
	leasting
	write string
}

func (s *shell) accessApart() *cobra.Command {
	var o splitting
	c := &cobra.Command{
		Use:   "apart [ROLE] --from FILE… --used FILE… [--declared FILE]… [--write DIR] [--format table|json]",
		Short: "Write a policy for each of the functions that share a role",
		Long: `Functions of Lambda that share a role can all do what any of them needs: whoever takes over one has the rights of all.
This holds what the role may do against what each function did, by the names of its sessions, and writes the policy of
a role of its own for each. Nothing is allowed that the shared role does not allow. Uses that do not say which
function's they are stay with each; a function that did nothing that is known keeps the role it has. Without a ROLE
the roles that functions share are listed.

--write puts the policies into a folder, one file a function: NAME.json, or NAME-2.json and so on where one policy is
not enough. Flags of uses are those of access least.`,
		Example: `  jobzero access apart --from ./estate
  jobzero access apart arn:aws:iam::111122223333:role/shop --from ./estate --used used.ledger
  jobzero access apart arn:aws:iam::111122223333:role/shop --from ./estate --used used.ledger --data-events s3,dynamodb --write roles`,
		Args: arguments(cobra.MaximumNArgs(1)),
		RunE: func(c *cobra.Command, args []string) error { return s.apart(c.Context(), args, &o) },
	}
	o.form.flag(c)
	o.knowing.flags(c)
	o.useFlags(c)
	c.Flags().StringVar(&o.write, "write", "", "write the policies into a `DIR`, one file a function")
	return c
}

func (s *shell) apart(ctx context.Context, args []string, o *splitting) error {
	e, err := s.estate(ctx, &o.knowing)
	if err != nil {
		return err
	}
	if len(args) == 0 {
		return s.showShared(least.Shared(e), o.form)
	}
	if len(o.used) == 0 {
		return fault.New(fault.Invalid, "what the functions did is not known: want --used FILE, such as a ledger (jobzero access ledger)")
	}
	all, err := readUses(o.used, false)
	if err != nil {
		return err
	}
	needs, err := o.needs()
	if err != nil {
		return err
	}
	for who, uses := range all {
		all[who] = since(uses, o.days)
	}
	split, err := least.Apart(e, args[0], all, needs)
	if err != nil {
		return err
	}
	if o.write != "" {
		if err := writeApart(o.write, split); err != nil {
			return err
		}
	}
	return s.showApart(split, o.form)
}

// showShared lists the roles that more than one function has.
func (s *shell) showShared(shared map[string][]*estate.Asset, form format) error {
	type row struct {
		Role      string   `json:"role"`
		Functions []string `json:"functions"`
	}
	rows := []row{}
	t := table{columns: []column{{name: "ROLE", give: 1}, {name: "FUNCTIONS"}, {name: "NAMES", give: 2}}}
	for _, role := range slices.Sorted(maps.Keys(shared)) {
		r := row{Role: role}
		var names []string
		for _, a := range shared[role] {
			r.Functions, names = append(r.Functions, a.ARN), append(names, least.FunctionName(a.ARN))
		}
		rows = append(rows, r)
		t.add(role, strconv.Itoa(len(names)), join(names))
	}
	if form == formatJSON {
		return list(s, rows)
	}
	if len(rows) == 0 {
		s.complain("no two functions that are known share a role")
		return nil
	}
	return t.write(s.out)
}

// apartFunction is a function for programs.
type apartFunction struct {
	Function string          `json:"function"`
	Name     string          `json:"name"`
	Uses     int             `json:"uses"` // its own for sure
	Before   *extent         `json:"before,omitempty"`
	After    *extent         `json:"after,omitempty"`
	Policies []writtenPolicy `json:"policies"` // empty: it keeps the role it has
}

func (s *shell) showApart(split *least.Split, form format) error {
	out := []apartFunction{}
	t := table{columns: []column{{name: "FUNCTION", give: 1}, {name: "USES"}, {name: "ACTIONS BEFORE"}, {name: "AFTER"}, {name: "POLICIES"}, {name: "CHARACTERS"}}}
	for _, f := range split.Functions {
		x := apartFunction{Function: f.ARN, Name: f.Name, Uses: f.Used, Policies: []writtenPolicy{}}
		if f.Plan == nil {
			t.add(f.Name, "0", "-", "-", "-", "-")
			out = append(out, x)
			continue
		}
		before, after := extent(f.Plan.Before), extent(f.Plan.After)
		x.Before, x.After = &before, &after
		for _, p := range f.Plan.Policies {
			x.Policies = append(x.Policies, writtenPolicy{p.Name, p.Size, json.RawMessage(p.JSON)})
		}
		out = append(out, x)
		t.add(f.Name, strconv.Itoa(f.Used), strconv.Itoa(before.Actions), strconv.Itoa(after.Actions), strconv.Itoa(after.Policies), strconv.Itoa(after.Characters))
	}
	if form == formatJSON {
		return s.object(map[string]any{"role": split.Role, "functions": out, "notes": split.Notes})
	}
	if err := t.write(s.out); err != nil {
		return err
	}
	s.notes(split.Notes)
	return nil
}

// writeApart makes the files. A name of a function has no letters that a path could take amiss: it is of letters, digits, - and _.
func writeApart(dir string, split *least.Split) error {
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // for everybody who writes templates
		return fault.Wrap(fault.Invalid, err, "make the folder %s", dir)
	}
	for _, f := range split.Functions {
		if f.Plan == nil {
			continue
		}
		for i, p := range f.Plan.Policies {
			name := filepath.Base(f.Name)
			if i > 0 {
				name += "-" + strconv.Itoa(i+1)
			}
			path := filepath.Join(dir, name+".json")
			if err := os.WriteFile(path, p.JSON, 0o644); err != nil { //nolint:gosec // likewise
				return fault.Wrap(fault.Invalid, err, "write %s", path)
			}
		}
	}
	return nil
}
