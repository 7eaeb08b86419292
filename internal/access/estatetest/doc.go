// Package estatetest makes up organisations, always the same for the same numbers.
//
// It is: accounts with users, groups, roles, machines and data, tied to one another as they are in real life, some of them carelessly.
// It takes: how many accounts, principals and resources.
// It gives: an estate, or the same as files of GetAccountAuthorizationDetails.
// Next door: estate reads it; reach walks it.
package estatetest
