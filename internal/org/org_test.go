package org_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jobzero/internal/fault"
	"jobzero/internal/org"
	"jobzero/internal/resource"
	"jobzero/internal/ticket"
)

func example(t testing.TB) *org.Org {
	t.Helper()
	o, err := org.Parse("org.yaml", []byte(org.Example()))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestOwnerOf(t *testing.T) {
	bucket := func(account, name string) resource.Ref {
		return resource.Ref{Type: resource.Bucket, Account: account, ID: name}
	}
	cases := []struct {
		name string
		ref  resource.Ref
		tags map[string]string
		arn  string
		want ticket.Owner
	}{
		{
			"pattern by path",
			resource.Ref{Type: "AWS::IAM::Role", Account: "111122223333", ID: "x"},
			nil,
			"arn:aws:iam::111122223333:role/platform/backup",
			ticket.Owner{Team: "platform", Person: "alex", Via: "pattern"},
		},
		{
			"pattern by account and type",
			resource.Ref{Type: resource.SecurityGroup, Account: "444455556666", ID: "sg-1"},
			map[string]string{"owner": "shop"},
			"",
			ticket.Owner{Team: "platform", Person: "alex", Via: "pattern"},
		},
		{"service by resource", bucket("111122223333", "checkout-data"), map[string]string{"owner": "platform"}, "", ticket.Owner{Team: "shop", Person: "kim", Via: "service"}},
		{"service by tag", bucket("111122223333", "x"), map[string]string{"service": "checkout"}, "", ticket.Owner{Team: "shop", Person: "kim", Via: "service"}},
		{"service in another account", bucket("444455556666", "checkout-data"), nil, "", ticket.Owner{Team: "platform", Person: "alex", Via: "unit"}},
		{"tag", bucket("111122223333", "x"), map[string]string{"Owner": "platform"}, "", ticket.Owner{Team: "platform", Person: "alex", Via: "tag"}},
		{"tag that names nobody", bucket("111122223333", "x"), map[string]string{"owner": "evil"}, "", ticket.Owner{Team: "shop", Person: "kim", Via: "account"}},
		{"tag that names a person", bucket("111122223333", "x"), map[string]string{"owner": "alex"}, "", ticket.Owner{Team: "shop", Person: "kim", Via: "account"}},
		{"account", resource.Ref{Account: "111122223333"}, nil, "", ticket.Owner{Team: "shop", Person: "kim", Via: "account"}},
		{"unit", resource.Ref{Account: "444455556666"}, nil, "", ticket.Owner{Team: "platform", Person: "alex", Via: "unit"}},
		{"default", resource.Ref{Account: "999999999999"}, nil, "", ticket.Owner{Team: "platform", Person: "alex", Via: "default"}},
	}
	o := example(t)
	for _, c := range cases {
		if d := cmp.Diff(c.want, o.OwnerOf(c.ref, c.tags, c.arn)); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
	var nobody *org.Org
	empty, err := org.Parse("org.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range []*org.Org{nobody, empty} {
		if got := o.OwnerOf(bucket("111122223333", "x"), map[string]string{"owner": "shop"}, ""); got != (ticket.Owner{}) {
			t.Errorf("an empty organisation gives %+v", got)
		}
	}
}

func TestOwnerGoesUpTheUnits(t *testing.T) {
	o, err := org.Parse("org.yaml", []byte(`
people: [{id: kim}]
units: [{name: root, owner: kim}, {name: a, parent: root}, {name: b, parent: a}]
accounts: [{id: "111122223333", unit: b}]
`))
	if err != nil {
		t.Fatal(err)
	}
	want := ticket.Owner{Person: "kim", Via: "unit"}
	if d := cmp.Diff(want, o.OwnerOf(resource.Ref{Account: "111122223333"}, nil, "")); d != "" {
		t.Error(d)
	}
}

func TestChain(t *testing.T) {
	o := example(t)
	var got []string
	for _, p := range o.Chain("robin") {
		got = append(got, p.ID)
	}
	if d := cmp.Diff([]string{"kim", "alex"}, got); d != "" {
		t.Error(d)
	}
	if len(o.Chain("alex")) != 0 || len(o.Chain("nobody")) != 0 {
		t.Error("a chain out of nothing")
	}
}

func TestParseRefuses(t *testing.T) {
	cases := []struct{ name, text, want string }{
		{"unknown key", "teams:\n- nane: a\n", `org.yaml:2:3: unknown field "nane"`},
		{"unknown team", "teams: [{name: platform}]\ndefault: platfrom\n", `org.yaml:2:10: no team and no person is called "platfrom": did you mean "platform"?`},
		{"unknown person", "people: [{id: kim}]\nteams:\n- name: shop\n  lead: kin\n", `org.yaml:4:9: no person is called "kin": did you mean "kim"?`},
		{"unknown member", "people: [{id: kim}]\nteams:\n- name: shop\n  members: [kim, robin]\n", `org.yaml:4:18: no person is called "robin": use one of kim`},
		{"unknown manager", "people:\n- id: kim\n  manager: x\n", `org.yaml:3:12: no person is called "x": use one of kim`},
		{"unknown unit", "accounts:\n- id: \"111122223333\"\n  unit: retale\nunits: [{name: retail}]\n", `org.yaml:3:9: no unit is called "retale": did you mean "retail"?`},
		{"unknown environment", "environments: [prod]\naccounts:\n- id: \"111122223333\"\n  environment: prd\n", `org.yaml:4:16: no environment is called "prd": did you mean "prod"?`},
		{"account in a service", "people: [{id: kim}]\nservices:\n- name: s\n  owner: kim\n  accounts: [shop]\n", `org.yaml:5:13: no account is called "shop": there are none`},
		{"short account", "accounts:\n- id: 12345\n", `org.yaml:2:7: account id "12345": want twelve digits, in quotes`},
		{"octal account", "accounts:\n- id: 001234567012\n", "want twelve digits, in quotes"},
		{"octal account in a pattern", "people: [{id: kim}]\npatterns:\n- {account: 001234567012, team: kim}\n", "want twelve digits, in quotes"},
		{"twice", "people:\n- id: kim\n- id: kim\n", `org.yaml:3:7: "kim" is there already`},
		{"no id", "accounts:\n- name: x\n", "org.yaml:2:3: a name or id is missing here"},
		{"ring of managers", "people:\n- {id: a, manager: b}\n- {id: b, manager: a}\n", "org.yaml:2:20: the chain of command of a is a ring: a reports to b reports to a"},
		{"own manager", "people:\n- {id: a, manager: a}\n", "a reports to a"},
		{"ring of units", "units:\n- {name: a, parent: b}\n- {name: b, parent: a}\n", "org.yaml:2:21: unit a is above itself: a in b in a"},
		{"team and person", "people: [{id: kim}]\nteams:\n- name: kim\n", `org.yaml:3:9: "kim" is a team and a person`},
		{"service without owner", "services:\n- name: s\n  tags: {a: b}\n", `org.yaml:2:3: service "s" has no owner`},
		{"service of everything", "people: [{id: kim}]\nservices:\n- {name: s, owner: kim}\n", "would own everything"},
		{"empty pattern", "people: [{id: kim}]\npatterns:\n- team: kim\n", "org.yaml:3:3: this matches nothing"},
		{"pattern without team", "patterns:\n- id: a\n", "org.yaml:2:3: a pattern without a team"},
		{"e-mail", "people:\n- {id: a, email: nobody}\n", `org.yaml:2:18: "nobody" is no e-mail address`},
		{"not a map", "- a\n", "org.yaml:1:"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := org.Parse("org.yaml", []byte(c.text))
			if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestAllMistakesAtOnce(t *testing.T) {
	_, err := org.Parse("org.yaml", []byte("default: x\naccounts:\n- id: a\n- id: b\n"))
	if err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("want three lines, got %v", err)
	}
	_, err = org.Parse("org.yaml", []byte("accounts:\n"+strings.Repeat("- id: a\n", 1000)))
	if err == nil || strings.Count(err.Error(), "\n") != 19 {
		t.Errorf("want twenty lines, got %v", err)
	}
}

func TestLoad(t *testing.T) {
	fsys := fstest.MapFS{"etc/org.yaml": {Data: []byte(org.Example())}, "etc/intent.yaml": {Data: []byte(org.ExampleIntent())}}
	if _, err := org.Load(fsys, "etc/org.yaml"); err != nil {
		t.Error(err)
	}
	if _, err := org.LoadIntent(fsys, "etc/intent.yaml"); err != nil {
		t.Error(err)
	}
	if _, err := org.Load(fsys, "none.yaml"); !fault.Is(err, fault.NotFound) {
		t.Errorf("got %v", err)
	}
	if _, err := org.Load(os.DirFS(t.TempDir()), "."); !fault.Is(err, fault.Unavailable) {
		t.Errorf("got %v", err)
	}
}

func TestGlob(t *testing.T) {
	cases := []struct {
		pattern, s string
		want       bool
	}{
		{"*", "", true},
		{"*", "a/b", true},
		{"a*", "a", true},
		{"a*c", "abbc", true},
		{"a*c", "abcd", false},
		{"?b", "ab", true},
		{"?", "", false},
		{"*a*b*", "xxaxxbxx", true},
		{"a**b", "ab", true},
		{"A", "a", false},
		{"[a]", "a", false},
		{"*aab", "aaaab", true},
	}
	for _, c := range cases {
		p, err := org.Parse("org.yaml", []byte("people: [{id: kim}]\npatterns: [{id: '"+c.pattern+"', type: T, team: kim}]\n"))
		if err != nil {
			t.Fatal(err)
		}
		if got := p.OwnerOf(resource.Ref{Type: "T", ID: c.s}, nil, "").Person == "kim"; got != c.want {
			t.Errorf("%q on %q: got %t", c.pattern, c.s, got)
		}
	}
}

// TestGlobAgrees compares with the standard library's matcher, which knows the same two wildcards.
func TestGlobAgrees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.StringMatching(`[ab*?]{1,8}`).Draw(t, "pattern")
		s := rapid.StringMatching(`[ab]{0,8}`).Draw(t, "s")
		want, err := filepath.Match(pattern, s)
		if err != nil {
			t.Fatal(err)
		}
		o, err := org.Parse("org.yaml", []byte("people: [{id: kim}]\npatterns: [{id: '"+pattern+"', team: kim}]\n"))
		if err != nil {
			t.Fatal(err)
		}
		if got := o.OwnerOf(resource.Ref{ID: s}, nil, "").Person == "kim"; got != want {
			t.Fatalf("%q on %q: got %t, want %t", pattern, s, got, want)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(org.Example()))
	f.Add([]byte("people: [{id: a, manager: a}]\nunits: [null]\nteams: [{members: [null]}]\n"))
	f.Add([]byte("accounts: [{id: 1}]\nservices: [{accounts: [x], resources: [{}]}]\npatterns: [{}]\nenvironments: [1, 1]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		o, err := org.Parse("org.yaml", data)
		if err != nil {
			for line := range strings.Lines(err.Error()) {
				if !strings.HasPrefix(line, "org.yaml:") {
					t.Fatalf("error without a place: %v", err)
				}
			}
			return
		}
		for _, p := range o.People {
			if len(o.Chain(p.ID)) > len(o.People) {
				t.Fatalf("the chain of %q does not end", p.ID)
			}
		}
		owner := o.OwnerOf(resource.Ref{Type: resource.Bucket, Account: "111122223333", ID: "b"}, map[string]string{"owner": "shop"}, "arn:aws:s3:::b")
		if owner != (ticket.Owner{}) && owner.Via == "" {
			t.Fatalf("an owner by no way: %+v", owner)
		}
	})
}
