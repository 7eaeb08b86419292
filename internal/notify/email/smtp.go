package email

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/mail"
	"net/smtp"
	"net/textproto"
	"time"

	"jobzero/internal/fault"
)

// mailPatience is how long a server may take for one message: some answer slowly on purpose.
const mailPatience = 30 * time.Second

// send hands a letter to the server. What the server refuses for good is Denied; all else may be tried again.
func (s Config) send(ctx context.Context, roots *x509.CertPool, to []string, letter []byte) error {
	ctx, cancel := context.WithTimeout(ctx, mailPatience)
	defer cancel()
	host, _, err := net.SplitHostPort(s.Server)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "smtp.server")
	}
	trust := &tls.Config{ServerName: host, RootCAs: roots, MinVersion: tls.VersionTLS12}
	conn, err := s.dial(ctx, trust)
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "reach the mail server %s", s.Server)
	}
	defer conn.Close()                                          // the server may be left without a word: what counts is its answer to the letter
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })() // whoever stops waits for no server
	if until, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(until); err != nil {
			return fault.Wrap(fault.Unavailable, err, "reach the mail server %s", s.Server)
		}
	}
	c, err := smtp.NewClient(conn, host)
	if err != nil {
		return refused(err, s.Server)
	}
	if err := s.greet(c, host, trust); err != nil {
		return refused(err, s.Server)
	}
	return refused(s.hand(c, to, letter), s.Server)
}

func (s Config) dial(ctx context.Context, trust *tls.Config) (net.Conn, error) {
	if s.TLS == FromHead {
		return (&tls.Dialer{Config: trust}).DialContext(ctx, "tcp", s.Server)
	}
	return (&net.Dialer{}).DialContext(ctx, "tcp", s.Server)
}

// greet makes the way safe and says who we are. A server that offers no STARTTLS where it is wanted is not spoken to further.
func (s Config) greet(c *smtp.Client, host string, trust *tls.Config) error {
	if s.TLS == "" || s.TLS == StartTLS {
		if err := c.StartTLS(trust); err != nil {
			return err
		}
	}
	if s.User == "" {
		return nil
	}
	return c.Auth(smtp.PlainAuth("", s.User, s.Password.Reveal(), host))
}

func (s Config) hand(c *smtp.Client, to []string, letter []byte) error {
	from, err := mail.ParseAddress(s.From)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "smtp.from")
	}
	if err := c.Mail(from.Address); err != nil {
		return err
	}
	for _, t := range to {
		a, err := mail.ParseAddress(t)
		if err != nil {
			return fault.Wrap(fault.Invalid, err, "%s", t)
		}
		if err := c.Rcpt(a.Address); err != nil {
			return err
		}
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(letter); err != nil {
		return err
	}
	return w.Close()
}

// refused gives an error its code: a server's 5yz is for good (RFC 5321, section 4.2.1).
func refused(err error, server string) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return err
	}
	if said, ok := errors.AsType[*textproto.Error](err); ok && said.Code >= 500 && said.Code < 600 {
		return fault.Wrap(fault.Denied, err, "the mail server %s refuses it", server)
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return fault.Wrap(fault.Denied, err, "the mail server %s is not who it should be", server)
	}
	return fault.Wrap(fault.Unavailable, err, "the mail server %s", server)
}
