// Package route53resolver keeps machines away from names.
//
// It is: the DNS Firewall actions.
// It takes: a list of names that firewall rules block by, and a name.
// It gives: the list with the name and all below it.
// Next door: action/block says which names.
package route53resolver
