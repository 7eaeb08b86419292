// Package hcl reads folders of Terraform and OpenTofu, in the native syntax and in JSON.
//
// It is: a loader of .tf and .tf.json files; it evaluates what can be known without a provider, an account or a network.
// It takes: a folder that nobody trusts, values for its variables, and what is known of the account.
// It gives: the resources that the folder asks for, in CloudFormation's schema, each with the place of its text.
// Next door: terraform reads plans and gathers what both ask for; provider knows what Terraform's types are in CloudFormation.
//
// What is not known until it is made stands in texts as a symbol, so that a text around it stays a text: what is known of it is
// known, and a policy has its gap exactly where the value would stand. What looks into a text, such as a comparison, sees
// an unknown value instead. Where a value comes from travels with it, as a mark or as the symbol.
package hcl
