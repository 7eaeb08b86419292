// Package notifytest is a mail server for tests.
//
// It is: enough of SMTP (RFC 5321) with STARTTLS, on a real socket, to take letters and to refuse them.
// It takes: what a client says.
// It gives: the letters, and the certificate that a client has to trust.
// Next door: notify's tests and those of actions and stories begin one.
package notifytest
