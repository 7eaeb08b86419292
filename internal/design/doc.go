// Package design is what people mean to make: templates, plans and the calls of hooks, read as resources.
//
// It is: the noun Declared, and a loader for each form in the folders beside it.
// It takes: files that others wrote, none of them trusted; no account and no network.
// It gives: resources in the CloudFormation schema, each with the place of its text; what cannot be known is named as unknown.
// Next door: resource is the noun that the live account is read into too, so that expect judges both alike.
package design
