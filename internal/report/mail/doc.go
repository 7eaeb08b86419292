// Package mail reads e-mails that are reports.
//
// It is: RFC 5322 and MIME (RFC 2045) within bounds, and what tells a person from a machine and a sender from somebody who says he is.
// It takes: the bytes of one message, written by a stranger.
// It gives: subject, words and files of it; whether a machine wrote it; what a trusted server says of its sender.
// Next door: report is what is made of it; source/mailbox knows where messages lie; app joins both.
package mail
