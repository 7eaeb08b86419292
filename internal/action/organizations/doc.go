// Package organizations changes the policies of an organisation.
//
// It is: the action on service and resource control policies.
// It takes: a policy by its ID, in the account that may change it.
// It gives: a smaller text in its place, and the old one back when it is undone.
// Next door: action/narrow has what such actions have in common; inventory/organizations reads the policies.
package organizations
