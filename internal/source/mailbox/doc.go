// Package mailbox knows where e-mails lie that are meant for us.
//
// It is: a Maildir that a mail server delivers to, and a bucket that Amazon SES puts received mail into.
// It takes: a folder, or a bucket and a way into S3; nothing of what is in a message is believed here.
// It gives: messages one after the other, as bytes, each under a name of its own.
// Next door: report/mail reads them; app takes each once.
package mailbox
