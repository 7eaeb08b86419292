// Package email carries letters to a mail server.
//
// It is: SMTP with STARTTLS or TLS (RFC 5321, RFC 3207, RFC 8314), and letters as RFC 5322 has them.
// It takes: a letter, from deliveries or from a playbook's action.
// It gives: what the server took, and what it refuses for good apart from what may be tried again.
// Next door: notify carries deliveries by it; action/notify is handed it by app, so that there is one sender in the house.
package email
