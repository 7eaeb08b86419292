// Package ocsftest holds views against OCSF's own files.
//
// It is: a checker of one object against its class, its profiles and every object of the schema within.
// It takes: the schema as the corpus has it, and what a view marshals to.
// It gives: everything that is wrong, one sentence each; nothing when it follows the schema.
// Next door: event/ocsf, finding/ocsf, lake and cli test with it.
package ocsftest
