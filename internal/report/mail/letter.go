package mail

import (
	"errors"
	"fmt"
	"io"
	"mime"
	netmail "net/mail"
	"net/textproto"
	"strings"

	"golang.org/x/text/encoding/htmlindex"

	"jobzero/internal/fault"
	"jobzero/internal/report"
)

// The bounds of one message.
const (
	Most       = 40 << 20  // bytes of all of it
	mostHeader = 256 << 10 // of what stands before the words
	mostText   = 64 << 10  // of the words
	mostParts  = 100
	mostDepth  = 8
	mostWord   = 1 << 10 // of a header that is kept
)

// Letter is an e-mail as far as a report is made of it.
type Letter struct {
	ID      string // Message-ID; empty: it has none
	From    string // address, in small letters
	Subject string
	Text    string
	Files   []report.File
	Left    []string // what was not taken, and why
	Writer  Writer
	Results []string // Authentication-Results, the last added first
}

// Writer is what wrote a message, as far as it says.
type Writer string

// The writers. To machines nothing is answered; what a machine answers is no report.
const (
	Person   Writer = "person"
	Machine  Writer = "machine"
	Answerer Writer = "answerer" // of absences, and of what could not be delivered
)

// Parse reads a message. The error is fault.Invalid: it is no e-mail, or beyond the bounds.
func Parse(r io.Reader) (Letter, error) {
	in := &bounded{from: r, left: mostHeader, of: "header"}
	m, err := netmail.ReadMessage(in)
	if err != nil {
		return Letter{}, fault.Wrap(fault.Invalid, err, "read the header of an e-mail")
	}
	in.left, in.of = Most, "message"
	from, err := sender(m.Header)
	if err != nil {
		return Letter{}, err
	}
	l := Letter{
		ID: short(m.Header.Get("Message-ID")), From: from, Subject: words(m.Header.Get("Subject")), Writer: writer(m.Header, from),
		Results: m.Header["Authentication-Results"],
	}
	w := &walk{letter: &l}
	if err := w.part(textproto.MIMEHeader(m.Header), m.Body, 0); err != nil {
		return Letter{}, fault.Wrap(fault.Invalid, err, "read the body of an e-mail")
	}
	if l.Text == "" {
		l.Text = w.html
	}
	return l, nil
}

// sender is the one address that a message says it is from. One that names several, or none, is from nobody: what servers have checked would
// be about another of them than people see.
func sender(h netmail.Header) (string, error) {
	if n := len(h["From"]); n != 1 {
		return "", fault.New(fault.Invalid, "the e-mail has %d headers From: want one", n)
	}
	p := netmail.AddressParser{WordDecoder: decoder()}
	all, err := p.ParseList(h.Get("From"))
	if err != nil || len(all) != 1 {
		return "", fault.New(fault.Invalid, "the e-mail is not from one address: From %q", short(h.Get("From")))
	}
	return strings.ToLower(short(all[0].Address)), nil
}

func decoder() *mime.WordDecoder {
	return &mime.WordDecoder{CharsetReader: readerOf}
}

// readerOf reads text in the charset of a name.
func readerOf(charset string, from io.Reader) (io.Reader, error) {
	e, err := htmlindex.Get(charset)
	if err != nil {
		return nil, fmt.Errorf("charset %q is not known", short(charset))
	}
	return e.NewDecoder().Reader(from), nil
}

// words is a header in plain text; where it cannot be read, it is shown as it stands.
func words(text string) string {
	if plain, err := decoder().DecodeHeader(text); err == nil {
		text = plain
	}
	return short(strings.Join(strings.Fields(text), " "))
}

func short(text string) string {
	if text = strings.ToValidUTF8(strings.TrimSpace(text), "\uFFFD"); len(text) > mostWord {
		return strings.ToValidUTF8(text[:mostWord], "")
	}
	return text
}

// bounded gives an error where more comes than is taken.
type bounded struct {
	from io.Reader
	left int64
	of   string
}

var errLong = errors.New("is too long")

// Read reads what is left.
func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, fmt.Errorf("the %s %w", b.of, errLong)
	}
	n, err := b.from.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}
