package auth_test

import (
	"os"
	"strings"
	"testing"

	"jobzero/internal/auth"
)

// TestTable says the whole table once more, in letters, so that no cell of it changes by accident: a = all, o = own team, - = none.
func TestTable(t *testing.T) {
	want := map[auth.Verb]string{ // reporter viewer owner responder approver admin
		auth.Report: "aaaaaa", auth.Look: "-aaaaa", auth.Letters: "---aaa", auth.Settle: "--oaa-", auth.Operate: "--oaa-",
		auth.Approve: "----a-", auth.Duty: "--oaa-", auth.Replay: "---a-a", auth.Stop: "---aaa", auth.Resume: "----a-", auth.Govern: "-----a",
	}
	for _, verb := range auth.Verbs() {
		var got strings.Builder
		for _, r := range auth.Roles() {
			v := auth.Visitor{Kind: auth.Person, Roles: []auth.Role{r}, Teams: []string{"shop"}}
			switch own, others := v.May(verb, "shop"), v.May(verb, "bank"); {
			case own && others && v.May(verb, ""):
				got.WriteByte('a')
			case own && !others && !v.May(verb, ""):
				got.WriteByte('o')
			case !own && !others:
				got.WriteByte('-')
			default:
				got.WriteByte('?')
			}
			if v.Somewhere(verb) != v.May(verb, "shop") {
				t.Errorf("%s of %s: offered %t", verb, r, v.Somewhere(verb))
			}
		}
		if got.String() != want[verb] {
			t.Errorf("%s: %s, want %s", verb, got.String(), want[verb])
		}
	}
	if len(want) != len(auth.Verbs()) {
		t.Errorf("the table has %d verbs, this test %d", len(auth.Verbs()), len(want))
	}
}

// TestNobody says what those may do who are nothing, and what nobody may.
func TestNobody(t *testing.T) {
	for _, verb := range append(auth.Verbs(), "", "fly") {
		if (auth.Visitor{Kind: auth.Person}).May(verb, "shop") || (auth.Visitor{Kind: auth.Person, Roles: []auth.Role{"king"}}).May(verb, "shop") {
			t.Errorf("nobody may %q", verb)
		}
	}
	all := auth.Visitor{Kind: auth.Person, Roles: auth.Roles()}
	if all.May("fly", "") {
		t.Error("what is not in the table is allowed")
	}
}

// TestTokensHaveScopesAndNoRoles holds a token to its scopes, and keeps it from approving.
func TestTokensHaveScopesAndNoRoles(t *testing.T) {
	for _, verb := range auth.Verbs() {
		one := auth.Visitor{Kind: auth.Machine, Scopes: []auth.Verb{verb}, Roles: auth.Roles()}
		for _, other := range auth.Verbs() {
			if want := other == verb && verb != auth.Approve; one.May(other, "shop") != want {
				t.Errorf("a token with %s: %s is %t", verb, other, !want)
			}
		}
	}
}

// TestRolesAddUp gives two roles what either has.
func TestRolesAddUp(t *testing.T) {
	v := auth.Visitor{Kind: auth.Person, Roles: []auth.Role{auth.OwnerOfTeam, auth.Admin}, Teams: []string{"shop"}}
	for verb, want := range map[auth.Verb]bool{auth.Settle: true, auth.Govern: true, auth.Approve: false} {
		if v.May(verb, "shop") != want {
			t.Errorf("%s: want %t", verb, want)
		}
	}
}

// TestTheHowToSaysTheTable holds docs/how-to/sign-in.md against the table.
func TestTheHowToSaysTheTable(t *testing.T) {
	page, err := os.ReadFile("../../docs/how-to/sign-in.md")
	if err != nil {
		t.Fatal(err)
	}
	words := []string{"-", "own", "all"}
	for _, row := range auth.Table() {
		cells := []string{string(row.Verb)}
		for _, r := range row.Reach {
			cells = append(cells, words[r])
		}
		if line := "| " + strings.Join(cells, " | ") + " |\n"; !strings.Contains(string(page), line) {
			t.Errorf("the page lacks %s", line)
		}
	}
}
