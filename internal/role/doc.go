// Package role is what each of our own roles may do.
//
// It is: the least-privilege policies of the reader, the responder, the organization's role and the hub, and what protects them.
// It takes: what readers, actions and sources declare that they call, and what is switched on.
// It gives: policies within AWS's limits, as JSON and as CloudFormation; no file, clock or network.
// Next door: cli prints them, deploy/cloudformation has them in its templates.
//
// Nothing is listed here that somebody else declares. A test holds the declarations against the calls in the source, and others against the
// calls that the emulator has seen.
package role
