package role_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/glass"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/book"
	"jobzero/internal/role"
)

// TestGrantsInOtherPartitions: no policy has an ARN of another partition than its own.
func TestGrantsInOtherPartitions(t *testing.T) {
	for _, partition := range []string{"aws-cn", "aws-us-gov"} {
		o := options()
		o.Partition, o.Queues, o.Objects = partition, []string{"arn:" + partition + ":sqs:*:*:jobzero-*"}, []string{"arn:" + partition + ":s3:::logs/*"}
		o.Checkpoint.Bucket = "arn:" + partition + ":s3:::example-checkpoints"
		for _, n := range role.Names() {
			for _, g := range role.Grants(n, o) {
				for _, r := range g.Resources {
					if r != "*" && !strings.HasPrefix(r, "arn:"+partition+":") {
						t.Errorf("%s in %s: %s on %s", n, partition, g.Action, r)
					}
				}
			}
		}
	}
}

// TestEnabled: what may be done follows what is switched on, for the account that is asked about.
func TestEnabled(t *testing.T) {
	var books []book.Definition
	for id, steps := range map[string]string{
		"one":  "[{id: a, action: s3.block-public-access}, {id: b, decide: [{steps: [{id: c, action: s3.remove-public-policy}]}]}]",
		"two":  "[{id: a, playbook: part}]",
		"part": "[{id: a, action: iam.end-role-sessions}]",
	} {
		d, err := book.Parse(id+".yml", []byte("id: "+id+"\ntitle: t\nwhy: w\nwhen: {hand: true}\nsteps: "+steps+"\n"))
		if err != nil {
			t.Fatal(err)
		}
		books = append(books, d)
	}
	const here, there = "111122223333", "444455556666"
	one := playbook.Config{Mode: playbook.PlanOnly, Enforce: []playbook.Switch{{Playbook: "one", Accounts: []string{here}}}}
	for name, c := range map[string]struct {
		config  playbook.Config
		glass   glass.Policy
		account string
		want    []string
	}{
		"nothing":     {playbook.Config{Mode: playbook.PlanOnly}, glass.Policy{Mode: glass.Plan}, "", nil},
		"one":         {one, glass.Policy{Mode: glass.Plan}, "", []string{"s3.block-public-access", "s3.remove-public-policy"}},
		"one here":    {one, glass.Policy{Mode: glass.Plan}, here, []string{"s3.block-public-access", "s3.remove-public-policy"}},
		"none there":  {one, glass.Policy{Mode: glass.Plan}, there, nil},
		"all":         {playbook.Config{Mode: playbook.Enforce}, glass.Policy{Mode: glass.Plan}, "", []string{"iam.end-role-sessions", "s3.block-public-access", "s3.remove-public-policy"}},
		"glass":       {playbook.Config{Mode: playbook.PlanOnly}, glass.Policy{Mode: glass.Plan, Enforce: []string{here}}, "", []string{"iam.end-role-sessions", "iam.grant-break-glass"}},
		"glass there": {playbook.Config{Mode: playbook.PlanOnly}, glass.Policy{Mode: glass.Plan, Enforce: []string{here}}, there, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			narrowed := true
			for _, i := range (role.Switches{Playbooks: books, Config: c.config, Glass: c.glass, Account: c.account}).Enabled(infos()) {
				got = append(got, i.ID)
				narrowed = narrowed && len(i.Within) == len(i.Writes)
			}
			slices.Sort(got)
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
			if strings.HasPrefix(name, "glass") && !narrowed {
				t.Error("break-glass alone may change other roles than its own")
			}
		})
	}
}

// TestFill: what is made stands between its two lines, and a template without them is an error.
func TestFill(t *testing.T) {
	const template = "Resources:\n  # Made by x y. Do not edit.\n  Old:\n  # The end of what x y has made.\n  Rest:\n"
	got, err := role.Fill(template, "x y", "  New:\n")
	if want := strings.ReplaceAll(template, "Old", "New"); err != nil || got != want {
		t.Errorf("%q %v", got, err)
	}
	if _, err := role.Fill(template, "another", "  New:\n"); err == nil {
		t.Error("a template without the lines was filled")
	}
}

// TestPoliciesInTemplates: CloudFormation fills in its own variables, and leaves IAM's to IAM.
func TestPoliciesInTemplates(t *testing.T) {
	got := role.Policies(role.Hub, "Here", []role.Document{{Version: "2012-10-17", Statement: []role.Statement{{
		Effect: "Allow", Action: []string{"s3:GetObject"},
		Resource:  []string{"*", "arn:${AWS::Partition}:s3:::${Bucket}/${aws:PrincipalAccount}/*", "arn:aws:s3:::b/${aws:username}"},
		Condition: map[string]map[string]any{"StringLike": {"kms:ViaService": []string{"s3.*"}, "aws:ResourceAccount": "${aws:PrincipalAccount}"}},
	}}}})
	want := `  HubPolicy1:
    Type: AWS::IAM::ManagedPolicy
    Condition: Here
    Properties:
      ManagedPolicyName: jobzero-hub-1
      Description: What the hub of jobzero may do, part 1 of 1.
      Roles: [!Ref HubRole]
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action:
              - s3:GetObject
            Resource:
              - "*"
              - !Sub arn:${AWS::Partition}:s3:::${Bucket}/${!aws:PrincipalAccount}/*
              - "arn:aws:s3:::b/${aws:username}"
            Condition:
              StringLike:
                aws:ResourceAccount: "${aws:PrincipalAccount}"
                kms:ViaService:
                  - "s3.*"
`
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
