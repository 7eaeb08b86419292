package notice

import "time"

// Letter is one e-mail.
type Letter struct {
	ID      string // of the occasion: the Message-ID follows from it
	Thread  string // what it belongs to; empty: to nothing
	To      []string
	Subject string
	Text    string
	At      time.Time
}

// Post is one request to a webhook.
type Post struct {
	ID   string // of the occasion: the same each time that it is sent
	Body []byte // JSON
	At   time.Time
}
