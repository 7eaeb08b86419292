// Package auth says who is asking, and whether they may.
//
// It is: the table of roles, sign-in by OpenID Connect and by a one-time link, sessions, service tokens, and what stands before every door for people.
// It takes: HTTP requests, the people and teams of org.yaml, and its settings.
// It gives: a Visitor in the context of each request, refusals, headers that browsers obey, and a record of every write.
// Next door: console and api ask Of(ctx) who it is; store keeps sessions and tokens by their hashes.
package auth
