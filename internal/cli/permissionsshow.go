package cli

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"jobzero/internal/role"
)

// shownPolicy is one policy, for programs.
type shownPolicy struct {
	Role       role.Name     `json:"role"`
	Part       int           `json:"part"`
	Parts      int           `json:"parts"`
	Characters int           `json:"characters"`
	Policy     role.Document `json:"policy"`
}

func (s *shell) showPermissions(o permissionsOptions, sets []policySet) error {
	switch o.form {
	case powerJSON:
		for _, set := range sets {
			for i, d := range set.docs {
				if err := s.object(shownPolicy{set.role, i + 1, len(set.docs), d.Size(), d}); err != nil {
					return err
				}
			}
		}
		return nil
	case powerCloudFormation:
		var b strings.Builder
		for _, set := range sets {
			b.WriteString(role.Policies(set.role, conditionOf(set.role), set.docs))
		}
		_, err := s.out.Write([]byte(b.String()))
		return err
	case powerTable:
	}
	return s.permissionTable(sets)
}

// conditionOf is the condition of our own templates under which a role is made.
func conditionOf(n role.Name) string {
	switch n {
	case role.Reader:
		return "Home"
	case role.Responder:
		return "Responds"
	case role.Organization:
		return "Administers"
	case role.Hub: // it is made in any case
	}
	return ""
}

func (s *shell) permissionTable(sets []policySet) error {
	t := table{columns: []column{{name: "ROLE"}, {name: "EFFECT"}, {name: "ACTION"}, {name: "ON", give: 2}, {name: "IF", give: 1}, {name: "FOR", give: 3}}}
	var sizes []string
	for _, set := range sets {
		for _, g := range set.grants {
			effect := "allow"
			if g.Deny {
				effect = "deny"
			}
			t.add(string(set.role), effect, g.Action, strings.Join(g.Resources, " "), conditionText(g.Condition), firstOf(g.For))
		}
		sizes = append(sizes, sizeOf(set))
	}
	if len(t.rows) > 0 {
		if err := t.write(s.out); err != nil {
			return err
		}
		if err := s.print(""); err != nil {
			return err
		}
	}
	return s.print("%s", strings.Join(sizes, "\n"))
}

// sizeOf says how many policies a role needs.
func sizeOf(set policySet) string {
	if len(set.docs) == 0 {
		return fmt.Sprintf("%s: nothing is switched on: it needs no policy, and need not exist.", set.role)
	}
	var n []string
	for _, d := range set.docs {
		n = append(n, count(int64(d.Size())))
	}
	return fmt.Sprintf("%s: %s actions in %d policies, with %s characters of at most %s.", set.role, count(int64(len(set.grants))), len(set.docs),
		strings.Join(n, ", "), count(role.MaxManaged))
}

// firstOf names the first of a list, and how many more there are.
func firstOf(list []string) string {
	const most = 2
	if len(list) <= most {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:most], ", "), len(list)-most)
}

// conditionText is a condition in one line.
func conditionText(c map[string]map[string]any) string {
	var out []string
	for _, operator := range slices.Sorted(maps.Keys(c)) {
		for _, key := range slices.Sorted(maps.Keys(c[operator])) {
			text, err := json.Marshal(c[operator][key])
			if err != nil {
				continue // of texts and lists of texts, which can be written
			}
			out = append(out, operator+" "+key+" "+string(text))
		}
	}
	return strings.Join(out, "; ")
}
