// Package terraform reads plans of Terraform and OpenTofu.
//
// It is: a loader of what terraform show -json gives, for a plan or a state, of the providers aws and awscc.
// It takes: a text that nobody trusts, in UTF-8 or UTF-16.
// It gives: the resources that are there after it is applied, in CloudFormation's schema, and how much of them was understood.
// Next door: provider knows what Terraform's types are in CloudFormation; expect judges what comes out.
//
// The truth of a plan is resource_changes; planned_values is looked into only where a plan has no changes, because versions
// before 1.15.6 keep resources of removed blocks there. What is known after apply, and what the plan calls sensitive, is
// unknown. Where a value comes from is read from configuration: through modules, and each.value where it can be followed.
package terraform
