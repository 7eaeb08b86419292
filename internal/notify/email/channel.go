package email

import (
	"context"
	"crypto/x509"

	"jobzero/internal/fault"
	"jobzero/internal/notice"
	"jobzero/internal/notify"
)

// Sender is the way to the mail server of the settings.
type Sender struct {
	Config Config
	Roots  *x509.CertPool // whom the server's certificate has to come from; nil: whom the machine trusts
}

// Mail hands one letter to the server.
func (s Sender) Mail(ctx context.Context, l notice.Letter) error {
	if s.Config.Server == "" {
		return fault.New(fault.Invalid, "nobody carries e-mail: set notify.smtp")
	}
	text, err := write(s.Config.From, l)
	if err != nil {
		return err
	}
	return s.Config.send(ctx, s.Roots, l.To, text)
}

// Name is the channel to each person's own address.
const Name = "email"

// Channel is e-mail, to a person or to addresses that several read.
type Channel struct {
	Sender Sender
	Called string   // empty: to a person
	To     []string // of those that several read
}

var _ notify.Channel = Channel{}

// Name is how it is called.
func (c Channel) Name() string {
	if c.Called == "" {
		return Name
	}
	return c.Called
}

// Personal reports whether it goes to each person's own address.
func (c Channel) Personal() bool { return c.Called == "" }

// Address is the person's, or the one that several read.
func (c Channel) Address(p notify.Person) (notify.Address, error) {
	switch {
	case c.Called != "":
		return notify.Address{To: c.To[0], Shown: c.Called}, nil
	case p.Email == "":
		return notify.Address{}, fault.New(fault.Invalid, "the organisation file has no e-mail address of them")
	}
	return notify.Address{To: p.Email, Shown: p.Email}, nil
}

// Send hands it to the server, whose answer is no more than that it has it.
func (c Channel) Send(ctx context.Context, l notify.Letter) (string, error) {
	to := c.To
	if c.Called == "" {
		to = []string{l.To.To}
	}
	thread := l.Message.Thread
	if thread == l.Message.Occasion {
		thread = ""
	}
	return "", c.Sender.Mail(ctx, notice.Letter{ID: l.ID, Thread: thread, To: to, Subject: "jobzero " + l.Title, Text: l.Text, At: l.At, Delivery: notice.ID(l.ID)})
}
