// Package organizations changes what an organisation lets its accounts do.
//
// It is: the actions on service control policies, and on where accounts stand.
// It takes: a policy, an account or a unit by its ID, in the account that may change it.
// It gives: a smaller text, a policy attached, an account in quarantine, and each as it was when it is undone.
// Next door: action/narrow and action/setting have what such actions have in common; inventory/organizations reads the policies.
package organizations
