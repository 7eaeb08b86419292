package story

import (
	"encoding/json"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"jobzero/internal/access"
	"jobzero/internal/awsorg"
	"jobzero/internal/inventory"
	readers "jobzero/internal/inventory/builtin"
	"jobzero/internal/policy"
	table "jobzero/internal/policy/names"
	"jobzero/internal/resource"
	"jobzero/internal/role"
	"jobzero/internal/testmoto"
	"jobzero/test/world"
)

// TestEveryCallIsInThePolicyOfItsRole: the whole house at work, with the emulator's recorder as the witness. Who made a call says STS, by the
// key that signed it; whether he may say the policies that `jobzero permissions` writes, read by our own evaluator.
func TestEveryCallIsInThePolicyOfItsRole(t *testing.T) {
	h := begin(t, world.Options{Enforce: true})
	record(t)
	start(t, h)
	tickets := map[string]bool{}
	for _, o := range tellAll(t, offend(t)) {
		tickets[string(mended(t, h, o).ID)] = true
	}
	account := furnished(t) // of its own: what other stories have left in theirs would decide what is called
	if _, err := h.Run(t.Context(), "access", "collect", t.TempDir(), "--account", account, "--config", "jobzero.yaml"); err == nil {
		t.Error("the emulator lacks some of what is read, and nothing is said of it")
	}
	readAll(t, account)
	calls, err := shared.AWS.Calls(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w := judge{t: t, power: powers(t, h), who: map[string]string{}, tickets: tickets}
	for _, c := range calls {
		w.look(c)
	}
	t.Logf("%d calls: %v", len(calls), w.made)
	for _, n := range []role.Name{role.Reader, role.Responder, role.Hub} {
		if w.made[n] == 0 {
			t.Errorf("the %s made no call", n)
		}
	}
	if len(w.named) != len(tickets) {
		t.Errorf("sessions named %d of %d tickets", len(w.named), len(tickets))
	}
	w.uncalled()
}

// uncalled holds what the reader's policy allows and the house did not call against the list of it, which has the reasons. What AWS Cloud
// Control calls in the reader's name is left out: the emulator has no Cloud Control, and the schemas of AWS's types say what it needs.
func (w *judge) uncalled() {
	listed := map[string]bool{}
	text, err := os.ReadFile(filepath.Join("testdata", "uncalled.txt"))
	if err != nil {
		w.t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		name, why, _ := strings.Cut(line, " ")
		if why == "" || listed[name] {
			w.t.Errorf("testdata/uncalled.txt: %s has no reason, or is there twice", name)
		}
		listed[name] = true
	}
	first := w.power[role.Reader][0] // the others are Cloud Control's
	for _, s := range first.Statements {
		for _, p := range s.Actions {
			name := p.Written()
			if a, ok := table.Find(name); ok {
				name = a.Name
			}
			if called := w.seen["reader "+name]; called == listed[name] {
				w.t.Errorf("%s: called %t, and in testdata/uncalled.txt %t", name, called, listed[name])
			}
		}
	}
}

// furnished makes an account with a person, a role and a key in it.
func furnished(t *testing.T) string {
	t.Helper()
	account := testmoto.Account()
	cfg := shared.AWS.Config(account)
	c, who := iam.NewFromConfig(cfg), aws.String("kim")
	allow := aws.String(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*"}}`)
	_, err := c.CreateUser(t.Context(), &iam.CreateUserInput{UserName: who})
	_, second := c.PutUserPolicy(t.Context(), &iam.PutUserPolicyInput{UserName: who, PolicyName: who, PolicyDocument: allow})
	_, third := c.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: who, AssumeRolePolicyDocument: allow})
	_, fourth := c.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{RoleName: who, PolicyName: who, PolicyDocument: allow})
	_, fifth := kms.NewFromConfig(cfg).CreateKey(t.Context(), &kms.CreateKeyInput{})
	if err := errors.Join(err, second, third, fourth, fifth); err != nil {
		t.Fatal(err)
	}
	return account
}

// readAll reads all that the native readers know, through the same roles: a sweep of the house takes one type after the other, for as long
// as it needs.
func readAll(t *testing.T, account string) {
	t.Helper()
	own, err := sts.NewFromConfig(shared.AWS.Config(world.Hub)).AssumeRole(t.Context(), &sts.AssumeRoleInput{
		RoleArn: aws.String("arn:aws:iam::" + world.Hub + ":role/jobzero-hub"), RoleSessionName: aws.String("hub"),
	})
	if err != nil {
		t.Fatal(err)
	}
	c := awsorg.DefaultConfig()
	c.Region, c.Endpoint, c.MaxBackoff, c.RateLimit, c.Burst = world.Region, shared.AWS.Endpoint, 50*time.Millisecond, 1e4, 1e4
	c.Credentials = credentials.NewStaticCredentialsProvider(*own.Credentials.AccessKeyId, *own.Credentials.SecretAccessKey, *own.Credentials.SessionToken)
	org, err := awsorg.New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer org.Close()
	all, err := inventory.New(org, readers.Native()...)
	if err != nil {
		t.Fatal(err)
	}
	var types []resource.Type
	for _, r := range readers.Native() {
		types = append(types, r.Type())
	}
	err = all.Sweep(t.Context(), []string{account}, []string{world.Region}, types, func(resource.Resource) error { return nil })
	if err == nil {
		t.Error("the emulator lacks some of what is read, and nothing is said of it")
	}
}

// powers are the policies that the program writes for its roles.
func powers(t *testing.T, h *world.House) map[role.Name][]*policy.Document {
	t.Helper()
	out := map[role.Name][]*policy.Document{}
	for line := range strings.Lines(command(t, h, "permissions", "--enabled", "--format", "json")) {
		var x struct {
			Role   role.Name       `json:"role"`
			Policy json.RawMessage `json:"policy"`
		}
		if err := json.Unmarshal([]byte(line), &x); err != nil {
			t.Fatal(err)
		}
		p, _, err := policy.Parse(string(x.Role), policy.Identity, x.Policy)
		if err != nil {
			t.Fatal(err)
		}
		out[x.Role] = append(out[x.Role], p)
	}
	return out
}

// judge holds calls against the policies.
type judge struct {
	t       *testing.T
	power   map[role.Name][]*policy.Document
	who     map[string]string // by key: the ARN of the session
	tickets map[string]bool
	named   map[string]bool // tickets that sessions were named after
	made    map[role.Name]int
	seen    map[string]bool // "role action"
}

// look judges one call. Those that are made to set the scene are signed by nobody's role.
func (w *judge) look(c testmoto.Call) {
	who := w.caller(c.Key)
	n, ok := roleOf(who)
	if !ok {
		return
	}
	if w.made == nil {
		w.made, w.seen, w.named = map[role.Name]int{}, map[string]bool{}, map[string]bool{}
	}
	w.made[n]++
	name, resource := c.Permission(), "*"
	form, _ := url.ParseQuery(string(c.Body)) // of a call that is no form nothing is asked
	switch c.Service {
	case "sts":
		if name == "sts:GetCallerIdentity" { // which nobody has to be allowed
			return
		}
		resource = form.Get("RoleArn")
		w.enters(form)
	case "sqs":
		resource = queueARN(c.Body)
	default:
		if n == role.Responder {
			resource = "" // its session allows nothing but the plan's calls, which were judged when it was taken on
		}
	}
	if key := string(n) + " " + name; !w.seen[key] {
		w.seen[key] = true
		if resource != "" && !w.may(n, who, name, resource) {
			w.t.Errorf("the %s calls %s on %s, which its policy does not allow", n, c, resource)
		}
	}
}

// enters judges the taking on of a role: that the policy of its session lies within that of the role, and for which ticket it is.
func (w *judge) enters(form url.Values) {
	name, session := form.Get("RoleArn"), form.Get("RoleSessionName")
	if !strings.HasSuffix(name, "/jobzero-responder") {
		if session != "jobzero" || form.Get("Policy") != "" {
			w.t.Errorf("%s is taken on as %s", name, session)
		}
		return
	}
	ticket, _ := strings.CutPrefix(session, "jobzero-")
	if !w.tickets[ticket] {
		w.t.Errorf("%s is taken on as %s, which is none of the tickets %v", name, session, w.tickets)
	}
	w.named[ticket] = true
	p, _, err := policy.Parse("session", policy.Identity, []byte(form.Get("Policy")))
	if err != nil {
		w.t.Fatal(err)
	}
	for _, s := range p.Statements {
		for i := range s.Actions {
			if action, resource := s.Actions[i].Written(), s.Resources[i].Written(); !w.may(role.Responder, name, action, strings.ReplaceAll(resource, "*", "x")) {
				w.t.Errorf("a session may %s on %s, which the responder's policy does not allow", action, resource)
			}
		}
	}
}

func (w *judge) may(n role.Name, who, name, resource string) bool {
	w.t.Helper()
	caller, err := access.NewCaller(access.IAM, who, "")
	if err != nil {
		w.t.Fatal(err)
	}
	c := &access.Call{Caller: caller, Action: name, Resource: resource, Account: caller.Account()}
	organisation := policy.Is("o-example")
	c.Context = access.Whole(c, policy.Keys{
		"aws:resourceaccount": policy.Is(caller.Account()), "aws:principalaccount": policy.Is(caller.Account()),
		"aws:resourceorgid": organisation, "aws:principalorgid": organisation,
	})
	all := access.Policies{Identity: w.power[n]}
	if name == "sts:AssumeRole" { // which a role's own policy decides too; internal/role holds that of our template
		p, _, err := policy.Parse("trust", policy.Resource, []byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::`+world.Hub+`:role/jobzero-hub"},"Action":"sts:AssumeRole"}}`))
		if err != nil {
			w.t.Fatal(err)
		}
		all.Resource = []*policy.Document{p}
	}
	return all.Decide(c).Outcome == access.Allowed
}

// caller asks whose key it is.
func (w *judge) caller(key string) string {
	if who, ok := w.who[key]; ok {
		return who
	}
	if !strings.HasPrefix(key, "ASIA") {
		return ""
	}
	cfg := shared.AWS.Config("")
	cfg.Credentials = credentials.NewStaticCredentialsProvider(key, "emulator-only", "")
	me, err := sts.NewFromConfig(cfg).GetCallerIdentity(w.t.Context(), nil)
	if err != nil {
		w.t.Fatal(err)
	}
	w.who[key] = aws.ToString(me.Arn)
	return w.who[key]
}

func roleOf(who string) (role.Name, bool) {
	for _, n := range role.Names() {
		if strings.Contains(who, ":assumed-role/jobzero-"+string(n)+"/") {
			return n, true
		}
	}
	return "", false
}

// queueARN is the queue that a call of SQS names.
func queueARN(body []byte) string {
	var in struct{ QueueUrl string }
	if json.Unmarshal(body, &in) != nil {
		return ""
	}
	part := strings.Split(in.QueueUrl, "/")
	if len(part) < 2 {
		return ""
	}
	return "arn:aws:sqs:" + world.Region + ":" + part[len(part)-2] + ":" + part[len(part)-1]
}
