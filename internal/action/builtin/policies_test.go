package builtin_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/access"
	"jobzero/internal/action"
	"jobzero/internal/action/actiontest"
	"jobzero/internal/action/builtin"
	"jobzero/internal/effect"
	"jobzero/internal/policy"
	"jobzero/internal/principal"
	"jobzero/internal/role"
)

// powers are the generated policies of a role, for our own evaluator.
func powers(t *testing.T, n role.Name) []*policy.Document {
	t.Helper()
	var all []action.Info
	for _, a := range builtin.All(builtin.Options{}) {
		all = append(all, a.Info())
	}
	docs, err := role.Documents(role.Grants(n, role.Options{Partition: "aws", Account: "*", Actions: all, Planned: all, Queues: []string{"arn:aws:sqs:*:*:jobzero-*"}, Objects: []string{"arn:aws:s3:::logs/*"}, Roles: map[role.Name]string{
		role.Reader: "jobzero-reader", role.Responder: "jobzero-responder", role.Organization: "jobzero-organization", role.Hub: "jobzero-hub",
	}}))
	if err != nil {
		t.Fatal(err)
	}
	var out []*policy.Document
	for _, d := range docs {
		text := must[[]byte](t)(d.Text())
		p, _, err := policy.Parse(string(n), policy.Identity, text)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
	return out
}

// may decides over one call by a role's policies.
func may(t *testing.T, n role.Name, docs []*policy.Document, name, resource, account string) access.Outcome {
	t.Helper()
	c := &access.Call{
		Caller: must[access.Caller](t)(access.NewCaller(access.IAM, "arn:aws:sts::"+account+":assumed-role/jobzero-"+string(n)+"/jobzero-01JD7Z", "")),
		Action: name, Resource: resource, Account: account,
	}
	c.Context = access.Whole(c, policy.Keys{"aws:resourceaccount": policy.Is(account), "aws:principalaccount": policy.Is(account)})
	have := &access.Policies{Identity: docs}
	if strings.HasPrefix(name, "kms:") { // whose keys leave it to the account, as KMS makes them
		text := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + account + `:root"},"Action":"kms:*","Resource":"*"}]}`
		key, _, err := policy.Parse("key policy", policy.Resource, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		have.Resource = []*policy.Document{key}
	}
	return have.Decide(c).Outcome
}

// heldAgainstPolicies: what the recorder has seen of each role is allowed to it by the policy that is generated for it, and to no other role that
// writes; and what the policy allows besides is in a list, with the reason why no case calls it.
func heldAgainstPolicies(t *testing.T, w actiontest.Witness) {
	of := map[string]role.Name{}
	var reads, writes []string
	for _, a := range builtin.All(builtin.Options{}) {
		i := a.Info()
		reads = append(reads, i.Reads...)
		for _, p := range i.Writes {
			of[p] = role.Of(i.Role)
			writes = append(writes, p)
		}
	}
	have := map[role.Name][]*policy.Document{}
	for _, n := range role.Names() {
		have[n] = powers(t, n)
	}
	for _, name := range w.Read {
		if got := may(t, role.Reader, have[role.Reader], name, "*", "111122223333"); got != access.Allowed {
			t.Errorf("the reader called %s: %s", name, got)
		}
	}
	if len(w.Planned) < len(builtin.All(builtin.Options{})) || len(w.Read) == 0 || len(w.Wrote) == 0 {
		t.Fatalf("%d calls were planned, %d actions read, %d wrote: the suite did not run", len(w.Planned), len(w.Read), len(w.Wrote))
	}
	var needs []effect.Need
	for _, c := range w.Planned {
		needs = append(needs, c.Needs()...)
	}
	for _, c := range needs {
		account := "111122223333"
		if arn, err := principal.ParseARN(c.Resource); err == nil && principal.IsAccount(arn.Account) {
			account = arn.Account
		}
		resource := strings.ReplaceAll(c.Resource, "*", "x")
		for _, n := range role.Names() {
			if got := may(t, n, have[n], c.Permission, resource, account); (got == access.Allowed) != (n == of[c.Permission]) {
				t.Errorf("%s on %s by the %s: %s", c.Permission, c.Resource, n, got)
			}
		}
	}
	never := slices.DeleteFunc(append(reads, writes...), func(p string) bool { return slices.Contains(w.Read, p) || slices.Contains(w.Wrote, p) })
	slices.Sort(never)
	if d := cmp.Diff(uncalled(t), slices.Compact(never)); d != "" {
		t.Errorf("what no case calls is not what testdata/uncalled.txt says: %s\nnever called: %s", d, strings.Join(slices.Compact(never), " "))
	}
}

// uncalled reads the list: an action and the reason a line.
func uncalled(t *testing.T) (out []string) {
	t.Helper()
	for line := range strings.Lines(string(must[[]byte](t)(os.ReadFile(filepath.Join("testdata", "uncalled.txt"))))) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, why, ok := strings.Cut(line, " ")
		if !ok || why == "" {
			t.Errorf("testdata/uncalled.txt: %s has no reason", name)
		}
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}
