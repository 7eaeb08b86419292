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
	// Delivery names the delivery that it is of, so that whoever carries it can say that it came; empty: it is of none.
	Delivery ID
}

// DeliveryHeader is the header of a letter that holds the name of its delivery.
const DeliveryHeader = "X-Jobzero-Delivery"

// Post is one request to a webhook.
type Post struct {
	ID   string // of the occasion: the same each time that it is sent
	Body []byte // JSON
	At   time.Time
}
