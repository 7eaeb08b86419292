// Package estate is who there is, and what each may do by all policies that are known.
//
// It is: users, groups and roles of any number of accounts with their policies, the policies of resources, and those of the organisation.
// It takes: files of GetAccountAuthorizationDetails, of resource policies and of the organisation, one entry after another.
// It gives: the decision over a call by the name of its caller, and everybody who may do something.
// Next door: access decides; policy reads documents.
package estate
