// Package provider says what the types of Terraform's AWS providers are in CloudFormation.
//
// It is: a table in text of the provider aws (tables/*.txt), and a walk that finds what is the same under another spelling.
// It takes: resources as a plan gives them, with holes where a value is not known.
// It gives: properties in the CloudFormation schema, holes where they were, and a list of what was not understood.
// Next door: terraform reads the plan and follows its references; resource/schema knows the names and kinds of properties.
//
// The table only has what differs: a name that is the same but for case and underscores (vpc_id, VpcId), or its plural, is found
// without it, one-element lists of nested blocks become objects, texts become numbers or documents as the schema wants them.
// What is neither found, listed nor ignored is never dropped: each property that it could have set becomes unknown.
package provider
