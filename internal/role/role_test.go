package role_test

import (
	"testing"

	"jobzero/internal/action"
	actions "jobzero/internal/action/builtin"
	"jobzero/internal/policy"
	"jobzero/internal/policy/names"
	"jobzero/internal/role"
)

func infos() (out []action.Info) {
	for _, a := range actions.All(actions.Options{}) {
		out = append(out, a.Info())
	}
	return out
}

func options() role.Options {
	return role.Options{
		Partition: "aws", Account: "111122223333", Actions: infos(), Planned: infos(), CloudControl: true,
		Roles:  map[role.Name]string{role.Reader: "jobzero-reader", role.Responder: "jobzero-responder", role.Organization: "jobzero-organization", role.Hub: "jobzero-hub"},
		Queues: []string{"arn:aws:sqs:*:*:jobzero-*"}, Objects: []string{"arn:aws:s3:::example-trail/AWSLogs/*"},
		Checkpoint: role.Checkpoint{Bucket: "arn:aws:s3:::example-checkpoints"}, Pulse: "jobzero", Phones: role.Phones{SMS: "eu-central-1", Voice: "eu-central-1"},
	}
}

// TestDocumentsFit: each policy is one that IAM takes, and together they say all that is granted.
func TestDocumentsFit(t *testing.T) {
	for _, n := range role.Names() {
		grants := role.Grants(n, options())
		docs, err := role.Documents(grants)
		if err != nil {
			t.Fatal(err)
		}
		said := map[string]bool{}
		for i, d := range docs {
			text, err := d.Text()
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%s %d of %d: %d characters", n, i+1, len(docs), d.Size())
			p, problems, err := policy.Parse(string(n)+".json", policy.Identity, text)
			if err != nil || len(problems) > 0 || p.Size > role.MaxManaged {
				t.Errorf("%s: %v %v, %d characters", n, problems, err, p.Size)
			}
			for _, s := range d.Statement {
				for _, a := range s.Action {
					said[s.Effect+a] = true
				}
			}
		}
		for _, g := range grants {
			effect := "Allow"
			if g.Deny {
				effect = "Deny"
			}
			if _, known := names.Find(g.Action); !known && !g.Deny {
				t.Errorf("%s: AWS has no action %s", n, g.Action)
			}
			if !said[effect+g.Action] || len(g.Resources) == 0 || len(g.For) == 0 {
				t.Errorf("%s: %+v", n, g)
			}
		}
		if len(docs) > 10 {
			t.Errorf("%s has %d policies, and a role at most ten", n, len(docs))
		}
	}
}
