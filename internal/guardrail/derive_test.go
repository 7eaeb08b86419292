package guardrail

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"jobzero/internal/expect"
	"jobzero/internal/policy"
	"jobzero/internal/policy/lint"
	"jobzero/internal/policy/names"
	"jobzero/internal/testcorpus"
)

var testNow = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

// setOf reads what was made as AWS would, and wants nothing odd about it.
func setOf(t *testing.T, m Made, kind policy.Kind) policy.Set {
	t.Helper()
	var docs []*policy.Document
	for _, f := range m.Files {
		d, odd, err := policy.Parse(f.Name, kind, f.Text)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range append(odd, lint.Check(d)...) {
			t.Errorf("%s", p)
		}
		if d.Size != f.Size || d.Size > policy.MaxOrganisation {
			t.Errorf("%s: %d characters, said to be %d", f.Name, d.Size, f.Size)
		}
		docs = append(docs, d)
	}
	return policy.NewSet(docs...)
}

// missing is a context in which what is not written down is not there.
type missing map[string]string

func (m missing) Value(key string) policy.Value {
	if v, ok := m[key]; ok {
		return policy.Is(v)
	}
	return policy.Not()
}

func request(r row, action string, ctx missing) policy.Request {
	arn := strings.NewReplacer("arn:*", "arn:aws", ":*:*:", ":eu-central-1:111122223333:", "*", "made-up").Replace(r.resource)
	return policy.Request{Action: action, Context: ctx, Resources: []policy.Thing{{ARN: arn, Sure: true}}}
}

// TestBothWays: each statement that was made denies the calls that set what the expectation refuses, and no call that sets
// anything else. What is refused the expectation itself says.
func TestBothWays(t *testing.T) {
	denied, let := 0, 0
	for _, e := range embedded(t) {
		m, err := SCP(Options{Expectations: []*expect.Expectation{e}, Now: testNow, Gentle: true})
		if err != nil {
			t.Fatal(err)
		}
		set := setOf(t, m, policy.SCP)
		for _, kind := range e.Types {
			d := deriving{asker: newAsker(e, kind, testNow), cover: &Coverage{}}
			d.statements()
			for i, f := range d.found {
				one, two := d.tryEach(t, set, f)
				denied, let = denied+one, let+two
				for _, g := range d.found[i+1:] {
					one, two := d.tryBoth(t, set, f, g)
					denied, let = denied+one, let+two
				}
			}
		}
	}
	t.Logf("%d calls are denied, %d let through", denied, let)
	if denied < 60 || let < 60 {
		t.Errorf("%d denied and %d let through: far fewer than there were", denied, let)
	}
}

// tryEach tries the values that the expectation refuses by themselves, and those that it takes.
func (d *deriving) tryEach(t *testing.T, set policy.Set, f finds) (denied, let int) {
	t.Helper()
	if len(f.bad) == 0 {
		return 0, 0
	}
	for _, r := range f.p.rows {
		if _, ok := condition(r, f.domain, f.bad); r.kind != denyRow || !ok {
			continue
		}
		for _, action := range r.actions {
			for _, v := range f.domain {
				ctx, want := missing{}, slices.Contains(f.bad, v)
				switch {
				case v != absent:
					ctx[strings.ToLower(r.key)] = r.each([]any{v})[0]
				case r.unsaid == "said":
					continue
				default:
					want = want && r.unsaid == "default"
				}
				d.beside(f, r, action, ctx)
				got := set.Decide(request(r, action, ctx))
				if want != (got.Outcome == policy.Denied) {
					t.Errorf("%s: %s with %s %v: %s, and the expectation says %s", d.e.ID, action, f.path, v, got.Outcome, d.result(setting{f.path: v}))
				}
				if want {
					denied++
				} else {
					let++
				}
			}
		}
	}
	return denied, let
}

// beside gives the other properties of the call values that are right.
func (d *deriving) beside(f finds, r row, action string, ctx missing) {
	for _, o := range d.found {
		for _, other := range o.p.rows {
			if o.path == f.path || other.kind != denyRow || !slices.Contains(other.actions, action) || other.key == r.key {
				continue
			}
			for _, v := range o.good() {
				if v != absent {
					ctx[strings.ToLower(other.key)] = other.each([]any{v})[0]
					break
				}
			}
		}
	}
}

// tryBoth tries values of two properties that one call sets.
func (d *deriving) tryBoth(t *testing.T, set policy.Set, f, g finds) (denied, let int) {
	t.Helper()
	if len(d.pair(f, g)) == 0 {
		return 0, 0
	}
	for _, a := range f.p.rows {
		for _, b := range g.p.rows {
			if a.kind != denyRow || b.kind != denyRow || !slices.Equal(a.actions, b.actions) || a.resource != b.resource {
				continue
			}
			for _, v := range f.domain {
				for _, w := range g.domain {
					if v == absent || w == absent {
						continue
					}
					ctx := missing{strings.ToLower(a.key): a.each([]any{v})[0], strings.ToLower(b.key): b.each([]any{w})[0]}
					want := d.result(setting{f.path: v, g.path: w}) == expect.Fail
					got := set.Decide(request(a, a.actions[0], ctx))
					if want != (got.Outcome == policy.Denied) {
						t.Errorf("%s: %s with %s %v and %s %v: %s", d.e.ID, a.actions[0], f.path, v, g.path, w, got.Outcome)
					}
					if want {
						denied++
					} else {
						let++
					}
				}
			}
		}
	}
	return denied, let
}

// TestAll: everything that is expected fits, is taken by our own reader, and each statement is for somebody.
func TestAll(t *testing.T) {
	m, err := SCP(Options{Expectations: embedded(t), Now: testNow, Baseline: true, Exempt: []string{"arn:aws:iam::*:role/break-glass"}})
	if err != nil {
		t.Fatal(err)
	}
	set := setOf(t, m, policy.SCP)
	if len(m.Files) > MaxFiles || len(m.LeftOut) > 0 {
		t.Errorf("%d files, %d left out", len(m.Files), len(m.LeftOut))
	}
	sid := regexp.MustCompile(`^[A-Za-z0-9]+$`)
	seen := map[string]bool{}
	for _, d := range set.Documents() {
		for _, s := range d.Statements {
			if !sid.MatchString(s.Sid) || seen[s.Sid] {
				t.Errorf("Sid %q is not of letters and digits, or stands twice", s.Sid)
			}
			seen[s.Sid] = true
		}
	}
	stop := policy.Request{Action: "cloudtrail:StopLogging", Context: missing{"aws:principalarn": "arn:aws:iam::111122223333:role/deploy"}}
	if got := set.Decide(stop).Outcome; got != policy.Denied {
		t.Errorf("StopLogging is %s", got)
	}
	stop.Context = missing{"aws:principalarn": "arn:aws:iam::111122223333:role/break-glass"}
	if got := set.Decide(stop).Outcome; got != policy.Untouched {
		t.Errorf("StopLogging by who is exempt is %s", got)
	}
	extents := map[Extent]int{}
	for _, c := range m.Coverage {
		extents[c.Extent]++
		if c.Extent == Nothing && c.Why == "" || c.Extent == Part && len(c.Leaves) == 0 || c.Extent != Nothing && len(c.Statements) == 0 {
			t.Errorf("%s: %s without a reason: %+v", c.Expectation, c.Extent, c)
		}
	}
	if extents[Whole] < 15 || extents[Part] < 25 {
		t.Errorf("%v: fewer than there were", extents)
	}
}

// TestNoRoom: where it does not fit, what is for the mildest is left out and named.
func TestNoRoom(t *testing.T) {
	var exempt []string
	for range 40 {
		exempt = append(exempt, "arn:aws:iam::111122223333:role/"+strings.Repeat("x", 40))
	}
	m, err := SCP(Options{Expectations: embedded(t), Now: testNow, Exempt: exempt})
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Files) != MaxFiles || len(m.LeftOut) == 0 {
		t.Fatalf("%d files, %d left out", len(m.Files), len(m.LeftOut))
	}
	least := m.Files[0].Statements[0].Severity
	for _, s := range m.LeftOut {
		if s.Severity.Rank() > least.Rank() {
			t.Errorf("%s is left out, which is %s", s.Sid, s.Severity)
		}
	}
	for _, c := range m.Coverage {
		if len(c.LeftOut) > 0 && c.Extent == Whole {
			t.Errorf("%s: whole, though %v is left out", c.Expectation, c.LeftOut)
		}
	}
}

// TestPerimeter tries the resource control policies on who is in and who is not.
func TestPerimeter(t *testing.T) {
	m, err := RCP(Options{Expectations: embedded(t), Now: testNow}, Perimeter{Organisation: "o-a1b2c3d4e5", Accounts: []string{"444455556666"}})
	if err != nil {
		t.Fatal(err)
	}
	set := setOf(t, m, policy.RCP)
	for name, c := range map[string]struct {
		action string
		ctx    missing
		want   policy.Outcome
	}{
		"ours":           {"s3:GetObject", missing{"aws:principalorgid": "o-a1b2c3d4e5", "aws:securetransport": "true", "aws:principalisawsservice": "false"}, policy.Untouched},
		"plain":          {"s3:GetObject", missing{"aws:principalorgid": "o-a1b2c3d4e5", "aws:securetransport": "false", "aws:principalisawsservice": "false"}, policy.Denied},
		"others":         {"s3:GetObject", missing{"aws:principalorgid": "o-other", "aws:securetransport": "true", "aws:principalisawsservice": "false"}, policy.Denied},
		"nobody":         {"sqs:SendMessage", missing{"aws:securetransport": "true"}, policy.Denied},
		"trusted":        {"kms:Decrypt", missing{"aws:principalorgid": "o-other", "aws:principalaccount": "444455556666", "aws:securetransport": "true"}, policy.Untouched},
		"service for us": {"s3:PutObject", missing{"aws:principalisawsservice": "true", "aws:sourceorgid": "o-a1b2c3d4e5", "aws:sourceaccount": "111122223333", "aws:securetransport": "true"}, policy.Untouched},
		"deputy":         {"s3:PutObject", missing{"aws:principalisawsservice": "true", "aws:sourceorgid": "o-other", "aws:sourceaccount": "999999999999", "aws:securetransport": "true"}, policy.Denied},
		"service alone":  {"s3:PutObject", missing{"aws:principalisawsservice": "true", "aws:securetransport": "true"}, policy.Untouched},
		"web identity":   {"sts:AssumeRoleWithWebIdentity", missing{"aws:securetransport": "true"}, policy.Untouched},
		"foreign role":   {"sts:AssumeRole", missing{"aws:principalorgid": "o-other", "aws:securetransport": "true"}, policy.Denied},
	} {
		got := set.Decide(policy.Request{Action: c.action, Context: c.ctx, Resources: []policy.Thing{{ARN: "arn:aws:s3:::shop/a", Sure: true}}})
		if got.Outcome != c.want {
			t.Errorf("%s: %s, want %s (%v)", name, got.Outcome, c.want, got.Statement)
		}
	}
	if _, err := RCP(Options{}, Perimeter{}); err == nil {
		t.Error("a perimeter without an organisation was made")
	}
}

// TestNames: what the table names AWS has, as far as the published list of actions covers a service.
func TestNames(t *testing.T) {
	text, err := os.ReadFile(testcorpus.Path(t, "iam-actions", "actions.json"))
	if err != nil {
		t.Fatal(err)
	}
	var published map[string]any
	if err := json.Unmarshal(text, &published); err != nil {
		t.Fatal(err)
	}
	services := map[string]bool{}
	for a := range published {
		s, _, _ := strings.Cut(a, ":")
		services[s] = true
	}
	beyond := 0
	check := func(action string) {
		if action == "*" {
			return
		}
		a, ok := names.Find(action)
		if !ok || a.Name != action {
			t.Errorf("the table of names has no action %s", action)
		}
		if s, _, _ := strings.Cut(action, ":"); services[s] && published[action] == nil {
			beyond++ // that list leaves out what managed policies rarely grant
			t.Logf("%s is not in the published list", action)
		}
	}
	table := readKeys()
	for _, p := range table.properties {
		for _, r := range p.rows {
			for _, a := range r.actions {
				check(a)
			}
			if _, ok := names.FindKey(r.key); r.key != "" && !ok {
				t.Errorf("there is no condition key %s", r.key)
			}
		}
	}
	for _, list := range table.keep {
		for _, a := range list {
			check(a)
		}
	}
	for _, s := range baseline() {
		for _, a := range s.Actions {
			check(a)
		}
	}
	if beyond > 8 {
		t.Errorf("%d actions are not in the published list of actions", beyond)
	}
}

// TestManaged: each managed rule is one of those that published packs use, or is known not to be in them, and some match.
func TestManaged(t *testing.T) {
	p := Config(Options{Expectations: embedded(t), Now: testNow})
	if p.Rules < 35 || p.Rules > maxRules || len(p.Text) > maxPack {
		t.Errorf("%d rules in %d bytes", p.Rules, len(p.Text))
	}
	used := map[string]bool{}
	dir := testcorpus.Path(t, "config-conformance-packs", "aws-config-conformance-packs")
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	form := regexp.MustCompile(`SourceIdentifier: *([A-Z0-9_]+)`)
	for _, f := range files {
		text, err := os.ReadFile(dir + "/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range form.FindAllStringSubmatch(string(text), -1) {
			used[m[1]] = true
		}
	}
	var beyond []string
	for _, m := range form.FindAllStringSubmatch(string(p.Text), -1) {
		if !used[m[1]] {
			beyond = append(beyond, m[1])
		}
	}
	// Newer than the packs; all are in AWS's list of managed rules.
	known := []string{"EC2_CLIENT_VPN_CONNECTION_LOG_ENABLED", "NETFW_DELETION_PROTECTION_ENABLED", "RDS_CLUSTER_ENCRYPTED_AT_REST", "SAGEMAKER_NOTEBOOK_INSTANCE_ROOT_ACCESS_CHECK"}
	slices.Sort(beyond)
	if !slices.Equal(beyond, known) {
		t.Errorf("in no published pack: %v, want %v", beyond, known)
	}
}
