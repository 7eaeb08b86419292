package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jobzero/internal/access"
	"jobzero/internal/check"
	"jobzero/internal/design/cfn"
	"jobzero/internal/policy"
)

// installed reads a template as it is made in a region: the properties of each resource, by its name, as JSON.
func installed(t *testing.T, name, region, partition string) map[string]string {
	t.Helper()
	values := map[string]string{}
	for _, p := range params {
		key, value, _ := strings.Cut(p, "=")
		values[key] = value
	}
	values["HomeRegion"] = region
	docs, err := check.Read(os.DirFS(filepath.Join(deployed, "cloudformation")), name, cfn.Options{
		Parameters: values, Account: theHub, Region: region, Partition: partition,
		Made: func(name, attribute string) (string, bool) {
			if attribute == "Arn" {
				return "arn:" + partition + ":made:" + region + ":" + theHub + ":" + name, true
			}
			return name, true
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, d := range docs[0].Resources {
		text, err := json.Marshal(d.Properties)
		if err != nil || len(d.Unknown) > 0 {
			t.Errorf("%s in %s: %v, unknown %v", d.Name, region, err, d.Unknown)
		}
		out[d.Name] = string(text)
	}
	if len(out) < 5 {
		t.Fatalf("%s has %d resources", name, len(out))
	}
	return out
}

// TestTemplatesInEveryPartition: nothing in them is for one partition only.
func TestTemplatesInEveryPartition(t *testing.T) {
	for region, partition := range map[string]string{"cn-north-1": "aws-cn", "us-gov-west-1": "aws-us-gov", "eu-central-1": "aws"} {
		for name := range templates {
			arns := 0
			for resource, text := range installed(t, name, region, partition) {
				rest := strings.ReplaceAll(text, "arn:"+partition+":", "")
				if arns += (len(text) - len(rest)) / len("arn:"+partition+":"); strings.Contains(rest, "arn:aws") {
					t.Errorf("%s of %s in %s: %s", resource, name, region, text)
				}
			}
			if arns < 10 {
				t.Errorf("%s in %s has %d ARNs: nothing was looked at", name, region, arns)
			}
		}
	}
}

// part is what stands at a key of a resource's properties, as a policy document.
func part(t *testing.T, properties, key string) *policy.Document {
	t.Helper()
	var in map[string]json.RawMessage
	if err := json.Unmarshal([]byte(properties), &in); err != nil {
		t.Fatal(err)
	}
	text := string(in[key])
	if key == "Statement" { // of a bus, whose one statement is no document
		text = `{"Version":"2012-10-17","Statement":` + text + `}`
	}
	p, problems, err := policy.Parse(key, policy.Resource, []byte(text))
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	return p
}

// TestWhoMayDeliver: the bus takes events from the organisation's rules, the queues take them from the bus and the bucket, and from nobody else.
func TestWhoMayDeliver(t *testing.T) {
	hub := installed(t, "hub.yaml", "eu-central-1", "aws")
	all, _, err := policy.Parse("all", policy.Identity, []byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`))
	if err != nil {
		t.Fatal(err)
	}
	arn := func(name string) string { return "arn:aws:made:eu-central-1:" + theHub + ":" + name }
	ours, theirs := policy.Is("o-a1b2c3d4e5"), policy.Is("o-zzzzzzzzzz")
	bus, events, trail := part(t, hub["BusPolicy"], "Statement"), part(t, hub["EventsPolicy"], "PolicyDocument"), part(t, hub["TrailPolicy"], "PolicyDocument")
	const put, send = "events:PutEvents", "sqs:SendMessage"
	secure := policy.Keys{"aws:securetransport": policy.Is("true")}
	with := func(more policy.Keys) policy.Keys {
		for k, v := range secure {
			if _, ok := more[k]; !ok {
				more[k] = v
			}
		}
		return more
	}
	for name, c := range map[string]struct {
		kind            access.Kind
		who, action, to string
		by              *policy.Document
		given           policy.Keys
		want            access.Outcome
	}{
		"a rule of the organisation":  {access.IAM, "arn:aws:iam::111122223333:role/jobzero-forward", put, "Bus", bus, policy.Keys{"aws:principalorgid": ours}, access.Allowed},
		"an administrator in it":      {access.IAM, "arn:aws:iam::111122223333:role/admin", put, "Bus", bus, policy.Keys{"aws:principalorgid": ours}, access.ImplicitlyDenied},
		"another organisation":        {access.IAM, "arn:aws:iam::444455556666:role/jobzero-forward", put, "Bus", bus, policy.Keys{"aws:principalorgid": theirs}, access.ImplicitlyDenied},
		"no organisation":             {access.IAM, "arn:aws:iam::444455556666:role/jobzero-forward", put, "Bus", bus, policy.Keys{}, access.ImplicitlyDenied},
		"the bus":                     {access.Service, "events.amazonaws.com", send, "Events", events, policy.Keys{"aws:sourcearn": policy.Is(arn("Collect"))}, access.Allowed},
		"another rule":                {access.Service, "events.amazonaws.com", send, "Events", events, policy.Keys{"aws:sourcearn": policy.Is(arn("Other"))}, access.ImplicitlyDenied},
		"the bucket":                  {access.Service, "s3.amazonaws.com", send, "Trail", trail, policy.Keys{"aws:sourcearn": policy.Is("arn:aws:s3:::example-trail"), "aws:sourceaccount": policy.Is("444455556666")}, access.Allowed},
		"its name in another account": {access.Service, "s3.amazonaws.com", send, "Trail", trail, policy.Keys{"aws:sourcearn": policy.Is("arn:aws:s3:::example-trail"), "aws:sourceaccount": policy.Is("111122223333")}, access.ImplicitlyDenied},
		"another account":             {access.IAM, "arn:aws:iam::111122223333:role/admin", send, "Trail", trail, policy.Keys{}, access.ImplicitlyDenied},
		"in the clear":                {access.Service, "events.amazonaws.com", send, "Events", events, policy.Keys{"aws:sourcearn": policy.Is(arn("Collect")), "aws:securetransport": policy.Is("false")}, access.ExplicitlyDenied},
	} {
		t.Run(name, func(t *testing.T) {
			caller, err := access.NewCaller(c.kind, c.who, "")
			if err != nil {
				t.Fatal(err)
			}
			call := &access.Call{Caller: caller, Action: c.action, Resource: arn(c.to), Account: theHub}
			call.Context = access.Whole(call, with(c.given))
			p := access.Policies{Resource: []*policy.Document{c.by}}
			if c.kind == access.IAM {
				p.Identity = []*policy.Document{all}
			}
			if got := p.Decide(call); got.Outcome != c.want {
				t.Errorf("%s, want %s (unknown %v)", got.Outcome, c.want, got.Unknown)
			}
		})
	}
}
