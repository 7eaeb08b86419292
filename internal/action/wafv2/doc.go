// Package wafv2 keeps addresses away from web applications.
//
// It is: the AWS WAF actions.
// It takes: a set of addresses that web ACLs block by, and an address.
// It gives: the set with the address.
// Next door: action/block says which addresses; inventory reads web ACLs through Cloud Control.
package wafv2
