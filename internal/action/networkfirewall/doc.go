// Package networkfirewall drops what comes from addresses and goes to them.
//
// It is: the Network Firewall actions.
// It takes: a group of stateful rules, and an address.
// It gives: the group with one rule more, before all others.
// Next door: action/block says which addresses.
package networkfirewall
