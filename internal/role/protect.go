package role

import (
	"slices"

	"jobzero/internal/fault"
	"jobzero/internal/policy"
)

// Protect is a service control policy that keeps our roles, rules, queues, keys and stacks as they are: for administrators of the accounts
// too. Who may change them are the ways in which they are installed, break-glass, and our own roles, which nobody else can make: a role that
// is exempt here is a role that this policy protects. The management account is never bound by such policies, and neither are
// service-linked roles (docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html).
func Protect(o Options) (Document, error) {
	arn := func(rest string) string { return "arn:" + o.Partition + ":" + rest }
	exempt := []string{
		arn("iam::*:role/" + Prefix + "*"), arn("iam::*:role/break-glass/*"),
		// What StackSets work as in the accounts, with service-managed and with self-managed permissions
		// (docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-prereqs.html).
		arn("iam::*:role/stacksets-exec-*"), arn("iam::*:role/AWSCloudFormationStackSetExecutionRole"),
	}
	for _, name := range o.Roles {
		exempt = append(exempt, arn("iam::*:role/"+name))
	}
	slices.Sort(exempt)
	exempt = widest(slices.Compact(exempt))
	d := Document{Version: version}
	for _, p := range protected() {
		s := Statement{Sid: p.sid, Effect: "Deny", Action: p.actions, Condition: map[string]map[string]any{"ArnNotLike": {"aws:PrincipalArn": exempt}}}
		for _, r := range p.resources {
			s.Resource = append(s.Resource, arn(r))
		}
		if p.sid == "Roles" {
			s.Resource = append(s.Resource, exempt...)
		}
		if p.tagged {
			s.Condition["StringEquals"] = map[string]any{"aws:ResourceTag/" + Tag: "protected"}
		}
		d.Statement = append(d.Statement, s)
	}
	if n := d.Size(); n > policy.MaxOrganisation {
		return d, fault.New(fault.Invalid, "the policy has %d characters, and AWS takes %d: give the roles shorter names", n, policy.MaxOrganisation)
	}
	return d, nil
}

// Tag is on what has no name that could be known beforehand.
const Tag = "jobzero"

// guarded is one kind of what is protected.
type guarded struct {
	sid       string
	resources []string // what follows the partition in their ARNs
	tagged    bool     // it has our tag
	actions   []string
}

// protected is everything. Reading stays allowed, so that people can see what there is.
func protected() []guarded {
	return []guarded{
		{"Roles", []string{"iam::*:policy/" + Prefix + "*", "iam::*:instance-profile/" + Prefix + "*"}, false, []string{
			"iam:Add*", "iam:Attach*", "iam:Create*", "iam:Delete*", "iam:Detach*", "iam:PassRole", "iam:Put*", "iam:Remove*",
			"iam:SetDefaultPolicyVersion", "iam:Tag*", "iam:Untag*", "iam:Update*",
		}},
		{"Rules", []string{"events:*:*:event-bus/jobzero", "events:*:*:rule/" + Prefix + "*", "events:*:*:rule/jobzero/*"}, false, []string{
			"events:Create*", "events:Delete*", "events:Disable*", "events:Enable*", "events:Put*", "events:Remove*", "events:Tag*",
			"events:Untag*", "events:Update*",
		}},
		{"Queues", []string{"sqs:*:*:" + Prefix + "*"}, false, []string{
			"sqs:Add*", "sqs:Cancel*", "sqs:Change*", "sqs:Create*", "sqs:Delete*", "sqs:Purge*", "sqs:Receive*", "sqs:Remove*", "sqs:Send*",
			"sqs:Set*", "sqs:Start*", "sqs:Tag*", "sqs:Untag*",
		}},
		{"Keys", []string{"kms:*:*:key/*"}, true, []string{
			"kms:CreateGrant", "kms:Delete*", "kms:Disable*", "kms:PutKeyPolicy", "kms:RetireGrant", "kms:RevokeGrant", "kms:ScheduleKeyDeletion",
			"kms:TagResource", "kms:UntagResource", "kms:Update*",
		}},
		{"Stacks", []string{"cloudformation:*:*:stack/" + Prefix + "*", "cloudformation:*:*:stack/StackSet-" + Prefix + "*"}, false, []string{
			"cloudformation:Cancel*", "cloudformation:Continue*", "cloudformation:Create*", "cloudformation:Delete*", "cloudformation:Execute*",
			"cloudformation:Rollback*", "cloudformation:SetStackPolicy", "cloudformation:SignalResource", "cloudformation:Tag*",
			"cloudformation:Untag*", "cloudformation:Update*",
		}},
	}
}
