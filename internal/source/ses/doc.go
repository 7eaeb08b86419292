// Package ses reads what Amazon SES tells of our own e-mail.
//
// It is: the event "Email Delivered", by which SES says that the mail server of a receiver has taken a message.
// It takes: the detail of such an event; whoever may write to the queue may have written it.
// It gives: the names of our messages that came; mail of others is nothing.
// Next door: source/eventbridge opens the envelope, notify/email writes the name into the letter, app notes that it came.
package ses
