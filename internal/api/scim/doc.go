// Package scim is the door for directories: Entra ID, Okta, Google and others tell here who works for the organisation.
//
// It is: a service provider of SCIM 2.0 (RFC 7643, RFC 7644) for Users and Groups, behind a bearer token.
// It takes: requests of a directory, strict where the RFCs are and forgiving where directories are known not to be.
// It gives: people and groups in the store, each change with its entry in one transaction, and answers in SCIM.
// Next door: principal/person is what is kept; app joins this to the server and the store.
package scim
