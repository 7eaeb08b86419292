// Package rest is what programs ask over HTTP.
//
// It is: the paths below /api/v1, each with the right that it takes, and their description as OpenAPI 3.1, made of the Go types.
// It takes: a visitor in the context, a store of transactions, and what the house knows.
// It gives: JSON of the same nouns as the command line, the same verbs, and problem+json (RFC 9457) where something is wrong.
// Next door: auth says who is asking, live tells of changes, api opens the door.
package rest
