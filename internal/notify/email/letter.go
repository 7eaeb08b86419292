package email

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/notice"
)

// write is a letter as RFC 5322 has it. Its Message-ID comes from the occasion: a mail box that has it already knows a repetition. What belongs
// to a thread refers to it, by which mail programs show it together.
func write(from string, l notice.Letter) ([]byte, error) {
	sender, err := mail.ParseAddress(from)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "smtp.from")
	}
	_, domain, _ := strings.Cut(sender.Address, "@")
	var to []string
	for _, t := range l.To {
		a, err := mail.ParseAddress(t)
		if err != nil {
			return nil, fault.New(fault.Invalid, "%q is no e-mail address", t)
		}
		to = append(to, a.String())
	}
	headers := [][2]string{
		{"From", sender.String()},
		{"To", strings.Join(to, ", ")},
		{"Subject", mime.QEncoding.Encode("utf-8", strings.Join(strings.Fields(l.Subject), " "))},
		{"Date", l.At.Format(time.RFC1123Z)},
		{"Message-ID", messageID(l.ID, domain)},
	}
	if l.Thread != "" {
		headers = append(headers, [2]string{"References", messageID(l.Thread, domain)})
	}
	if l.Delivery != "" {
		headers = append(headers, [2]string{notice.DeliveryHeader, string(l.Delivery)})
	}
	headers = append(headers, [][2]string{
		{"Auto-Submitted", "auto-generated"},
		{"MIME-Version", "1.0"},
		{"Content-Type", "text/plain; charset=utf-8"},
		{"Content-Transfer-Encoding", "quoted-printable"},
	}...)
	var b bytes.Buffer
	for _, h := range headers {
		b.WriteString(h[0] + ": " + h[1] + "\r\n")
	}
	b.WriteString("\r\n")
	q := quotedprintable.NewWriter(&b)
	if _, err := q.Write([]byte(lines.Replace(l.Text))); err != nil {
		return nil, fault.Wrap(fault.Internal, err, "write a message")
	}
	return b.Bytes(), fault.Wrap(fault.Internal, q.Close(), "write a message")
}

// lines ends all of them as mail has it, however they ended.
var lines = strings.NewReplacer("\r\n", "\r\n", "\r", "\r\n", "\n", "\r\n")

func messageID(of, domain string) string {
	sum := sha256.Sum256([]byte(of))
	return "<" + hex.EncodeToString(sum[:16]) + "@" + domain + ">"
}
