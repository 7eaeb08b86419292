package mail_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"jobzero/internal/fault"
	"jobzero/internal/report"
	"jobzero/internal/report/mail"
)

func crlf(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") }

const attached = `From: =?utf-8?q?J=C3=B6rg?= Example <Joerg@Example.com>
Subject: =?iso-8859-1?q?T=FCr?= steht offen
Message-ID: <a@example.com>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=outer

--outer
Content-Type: multipart/alternative; boundary=inner

--inner
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Die T=FCr im Keller.
--inner
Content-Type: text/html

<p>Die T&uuml;r
--inner--
--outer
Content-Type: image/png
Content-Disposition: attachment; filename="../door.png"
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--outer
Content-Type: application/zip; name=evil.zip
Content-Transfer-Encoding: base64

UEsDBA==
--outer--
`

func TestWordsAndFiles(t *testing.T) {
	l, err := mail.Parse(strings.NewReader(crlf(attached)))
	if err != nil {
		t.Fatal(err)
	}
	if l.From != "joerg@example.com" || l.Subject != "Tür steht offen" || l.Text != "Die Tür im Keller." || l.ID != "<a@example.com>" || l.Writer != mail.Person {
		t.Errorf("%+v", l)
	}
	if len(l.Files) != 1 || l.Files[0].Name != "door.png" || l.Files[0].Kind != "image/png" {
		t.Errorf("%+v", l.Files)
	}
	if len(l.Left) != 1 || !strings.Contains(l.Left[0], "application/zip") {
		t.Errorf("left: %q", l.Left)
	}
}

// TestAPageAlone gives what can be read of it.
func TestAPageAlone(t *testing.T) {
	l, err := mail.Parse(strings.NewReader(crlf("From: a@example.com\nContent-Type: text/html\n\n<html><head><title>x</title></head><style>p{}</style><p>One &amp; two<br>three<script>alert(1)</script></p>")))
	if err != nil || l.Text != "One & two\nthree" {
		t.Errorf("%q, %v", l.Text, err)
	}
}

func TestWhoWroteIt(t *testing.T) {
	for header, want := range map[string]mail.Writer{
		"": mail.Person, "Auto-Submitted: no": mail.Person, "Auto-Submitted: auto-replied; owner-email=x": mail.Answerer, "Auto-Submitted: auto-generated": mail.Machine,
		"Precedence: bulk": mail.Machine, "Return-Path: <>": mail.Answerer, "Return-Path: <a@example.com>": mail.Person, "List-Id: <x.example.com>": mail.Machine,
		"Content-Type: multipart/report; boundary=x": mail.Answerer, "X-Auto-Response-Suppress: All": mail.Machine,
	} {
		l, err := mail.Parse(strings.NewReader(crlf("From: a@example.com\n" + strings.TrimPrefix(header+"\n", "\n") + "\nx")))
		if err != nil || l.Writer != want {
			t.Errorf("%q: %q, %v, want %q", header, l.Writer, err, want)
		}
	}
}

// TestWhoIsBelieved: one server, its topmost word, and only about the domain that the message names.
func TestWhoIsBelieved(t *testing.T) {
	for header, want := range map[string]mail.Known{
		"mx.example.net; dmarc=pass header.from=example.com":                                     mail.Passed,
		"MX.example.net 1; spf=fail; dmarc=pass (p=none) header.from=example.com":                mail.Passed,
		"mx.example.net; dmarc=pass header.from=example.org":                                     mail.Unknown,
		"mx.example.net; dmarc=fail header.from=example.com":                                     mail.Failed,
		"mx.example.net; dmarc=none header.from=example.com":                                     mail.Unknown,
		"mx.example.net; spf=pass smtp.mailfrom=\"x; dmarc=pass header.from=example.com\"":       mail.Unknown,
		"mx.example.net; spf=pass (; dmarc=pass header.from=example.com)":                        mail.Unknown,
		"evil.example.net; dmarc=pass header.from=example.com":                                   mail.Unknown,
		"mx.example.net; dmarc=fail header.from=example.com; dmarc=pass header.from=example.com": mail.Unknown,
		"mx.example.net; dmarc=none header.from=example.com; dmarc=pass header.from=example.com": mail.Unknown,
		// As Amazon SES writes it.
		"mx.example.net; spf=pass (spfCheck: domain of example.com designates 192.0.2.1 as permitted sender) client-ip=192.0.2.1; envelope-from=a@example.com; helo=mail.example.com; dkim=pass header.i=@example.com; dmarc=pass header.from=example.com;": mail.Passed,
		"mx.example.net; dmarc=none\nAuthentication-Results: mx.example.net; dmarc=pass header.from=example.com":                                                                                                                                            mail.Unknown,
	} {
		l, err := mail.Parse(strings.NewReader(crlf("Authentication-Results: " + header + "\nFrom: a@example.com\n\nx")))
		if err != nil {
			t.Fatal(err)
		}
		if got := l.Sender("mx.example.net"); got != want {
			t.Errorf("%q: %q, want %q", header, got, want)
		}
		if got := l.Sender(""); got != mail.Unknown {
			t.Errorf("without a trusted server: %q", got)
		}
	}
}

func TestWhatIsNoMail(t *testing.T) {
	deep := "From: a@example.com\n"
	for i := range 12 {
		deep += fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
	}
	for name, text := range map[string]string{
		"nothing": "", "no header": "hello", "no sender": "Subject: x\n\nx", "two senders": "From: a@example.com\nFrom: b@example.com\n\nx", "two in one": "From: a@example.com, b@example.com\n\nx",
		"long header": "From: a@example.com\nX: " + strings.Repeat("a", 300<<10) + "\n\nx", "deep": deep + "\nx", "no boundary": "From: a@example.com\nContent-Type: multipart/mixed\n\nx",
		"many parts": "From: a@example.com\nContent-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\n\nx\n", 200) + "--b--",
	} {
		if _, err := mail.Parse(strings.NewReader(crlf(text))); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzParse reads anything within the bounds, and what comes out can be shown.
func FuzzParse(f *testing.F) {
	f.Add(crlf(attached))
	f.Add("From: a@example.com\r\n\r\nx")
	f.Add("From: a@example.com\r\nContent-Type: text/html\r\n\r\n<<p><script></SCRIPT>&amp;")
	f.Add("Authentication-Results: a; dmarc=pass (\\) header.from=x\r\nFrom: \"(\" <a@x>\r\n\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		l, err := mail.Parse(strings.NewReader(text))
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("%v is not invalid", err)
			}
			return
		}
		l.Sender("a")
		if len(l.Files) > report.MostFiles || len(l.Text) > 3*64<<10 || !utf8.ValidString(l.Text) || !utf8.ValidString(l.Subject) || !utf8.ValidString(l.From) || len(l.Subject) > 1<<10 {
			t.Errorf("%+v", l)
		}
	})
}
