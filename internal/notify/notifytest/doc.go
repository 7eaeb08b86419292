// Package notifytest is what every channel must do, and the servers that it speaks to in tests.
//
// It is: one conformance suite; a mail server with STARTTLS (RFC 5321) and stand-ins of vendors, on real sockets, as those document their APIs.
// It takes: a channel that was pointed at one of the servers.
// It gives: a failing test where a channel sends twice, hides a refusal, tells a secret or does not stop.
// Next door: notify's parts run it; actions and stories begin the mail server.
package notifytest
