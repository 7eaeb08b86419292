package api

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jobzero/internal/auth"
	"jobzero/internal/config"
	"jobzero/internal/report"
	"jobzero/internal/store"
)

// reportGates says of the pages for reports who gets in, as gates does of the API; s is sent to the page for signing in. The first is where
// whoever wants to report signs in, the second where the form is open.
var reportGates = map[string][2]string{
	//                            nobody rita vic olga rex apu ada token
	"GET /report":                        {"syyyyyys", "yyyyyyyy"},
	"POST /report":                       {"syyyyyys", "yyyyyyyy"},
	"GET /report/follow":                 {"syyyyyys", "yyyyyyyy"},
	"POST /report/follow":                {"syyyyyys", "yyyyyyyy"},
	"GET /tickets/01REPORT/files/1":      {"snnnyynn", "snnnyynn"},
	"POST /tickets/01REPORT/answer":      {"nnnnyynn", "nnnnyynn"},
	"GET /tickets/01TICKET-shop/files/1": {"snnyyynn", "snnyyynn"},
}

// outside has the town seen from elsewhere, where nobody is let in for being on this machine.
func outside(open bool) func(*config.Config) {
	return func(c *config.Config) {
		c.Report.Open, c.Auth.URL = open, "https://jobzero.example.com"
		c.Auth.OIDC.Issuer, c.Auth.OIDC.ClientID = "https://login.example.com", "jobzero"
	}
}

// say sends a form as somebody.
func (w *town) say(c *http.Client, who, method, path string, fields map[string]string, more ...string) reply {
	w.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for k, v := range fields {
		if err := m.WriteField(k, v); err != nil {
			w.t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		w.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(w.t.Context(), method, w.at+path, &b)
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Accept", "text/html")
	req.Header.Set("Content-Type", m.FormDataContentType())
	if strings.HasSuffix(path, "/answer") {
		body := "reason=thanks"
		req.Body, req.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	switch who {
	case "nobody":
	case "token":
		req.Header.Set("Authorization", "Bearer "+w.token)
	default:
		req.AddCookie(&http.Cookie{Name: "__Host-jobzero", Value: "session of " + who})
	}
	for i := 0; i+1 < len(more); i += 2 {
		req.Header.Set(more[i], more[i+1])
	}
	was := w.Client
	defer func() { w.Client = was }()
	if c != nil {
		w.Client = c
	}
	return w.send(req)
}

// TestPagesForReports tries each page for reports as everybody.
func TestPagesForReports(t *testing.T) {
	for i, open := range []bool{false, true} {
		w := settleWith(t, outside(open))
		w.reported("01REPORT")
		for route, rows := range reportGates {
			method, path, _ := strings.Cut(route, " ")
			for j, who := range visitors {
				got := w.say(nil, who, method, path, map[string]string{"title": "A door", "code": strings.Repeat("0", 26)})
				is := let(got.status)
				if got.status == http.StatusSeeOther && strings.HasPrefix(got.header.Get("Location"), "/auth") {
					is = 's'
				}
				if want := rows[i][j]; is != want {
					t.Errorf("open %t, %s as %s: %d %s, want %c", open, route, who, got.status, got.body, want)
				}
				headers(t, route, consoles, got.header)
			}
		}
		front := w.ask("nobody", "GET", "/auth", "", "Accept", "text/html")
		if strings.Contains(string(front.body), `href="/report"`) != open {
			t.Errorf("open %t: the page for signing in is %s", open, front.body)
		}
	}
}

// reported keeps a report with a file, whose ticket is nobody's.
func (w *town) reported(id report.ID) {
	w.t.Helper()
	f, err := report.NewFile("door.png", []byte("\x89PNG\r\n\x1a\n"))
	if err != nil {
		w.t.Fatal(err)
	}
	now := time.Now().UTC()
	r, _, err := report.Make(id, report.Said{Anonymous: true, Title: "A door", Files: []report.File{f}}, now)
	if err != nil {
		w.t.Fatal(err)
	}
	r.Version = 1
	w.do(func(tx *store.Tx) error { return tx.SaveReport(w.t.Context(), r) })
	w.ticketOf(r, now)
}

// TestFilesOfStrangersAreDownloads: no browser shows one, whatever it is.
func TestFilesOfStrangersAreDownloads(t *testing.T) {
	w := settleWith(t, outside(false))
	w.reported("01REPORT")
	got := w.say(nil, "rex", "GET", "/tickets/01REPORT/files/1", nil)
	for name, want := range map[string]string{
		"Content-Disposition": `attachment; filename="report-01REPORT-1.png"`, "Content-Type": "application/octet-stream", "X-Content-Type-Options": "nosniff",
		"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
	} {
		if got.header.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, got.header.Get(name), want)
		}
	}
	if got.status != http.StatusOK || string(got.body) != "\x89PNG\r\n\x1a\n" {
		t.Errorf("%d %q", got.status, got.body)
	}
}

// TestNobodyIsKept sends reports without a name, as a stranger and as somebody who has signed in, and looks for them in every file that there is and
// in the log. The same search finds the address and the agent of a write that is in a name.
func TestNobodyIsKept(t *testing.T) {
	const address, agent = "127.0.0.77", "Peculiar-Agent/7.31"
	w := settleWith(t, outside(true))
	c := from(address)
	before := w.seen("rita")
	for _, who := range []string{"nobody", "rita"} {
		for _, step := range []struct {
			method, path string
			fields       map[string]string
		}{
			{"GET", "/report", nil},
			{"POST", "/report", map[string]string{"title": "A door of " + who + " stands open", "name": "none"}},
			{"POST", "/report/follow", map[string]string{"code": strings.Repeat("0", 26)}},
		} {
			if got := w.say(c, who, step.method, step.path, step.fields, "User-Agent", agent); got.status >= 500 || got.status == http.StatusForbidden {
				t.Fatalf("%s %s: %d %s", step.method, step.path, got.status, got.body)
			}
		}
	}
	if !w.holds("A door of rita stands open") {
		t.Fatal("the report is not found where it is looked for")
	}
	for _, word := range []string{address, agent} {
		if w.holds(word) || strings.Contains(w.log.text(), word) {
			t.Errorf("%s is kept", word)
		}
	}
	if after := w.seen("rita"); !after.Equal(before) {
		t.Errorf("her session was used at %s, it says", after)
	}
	var all []auth.Record
	w.do(func(tx *store.Tx) (err error) { all, err = tx.Records(t.Context(), "", 10); return err })
	if len(all) != 0 {
		t.Errorf("records: %+v", all)
	}
	w.say(c, "rex", "POST", "/tickets/01TICKET-shop/answer", nil, "User-Agent", agent)
	if !w.holds(address) {
		t.Error("the search does not find the address of a write that is in a name")
	}
}

// seen is when a session was used last.
func (w *town) seen(who string) (at time.Time) {
	w.t.Helper()
	w.do(func(tx *store.Tx) error {
		v, err := tx.Visit(w.t.Context(), sum("session of "+who))
		at = v.Seen
		return err
	})
	return at
}

// holds reports whether a word stands in any file of the house.
func (w *town) holds(word string) (found bool) {
	w.t.Helper()
	err := filepath.WalkDir(w.dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		found = found || bytes.Contains(data, []byte(word))
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return found
}

// from is a client whose sockets have an address.
func from(address string) *http.Client {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
	return &http.Client{Transport: &http.Transport{DialContext: d.DialContext, DisableKeepAlives: true}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// TestAFloodOfReports goes through the whole house: one source gets as far as the settings say and another is heard, many sources get as far as all
// strangers do, and who has signed in is heard all the time, in a name and in none. What is kept is what was taken.
func TestAFloodOfReports(t *testing.T) {
	w := settleWith(t, func(c *config.Config) {
		outside(true)(c)
		c.Report.Each, c.Report.All = 3, 12
	})
	send := func(address, who, name string) int {
		return w.say(from(address), who, "POST", "/report", map[string]string{"title": "A door of " + name, "name": name}).status
	}
	flood := func(address func(i int) string, n int) (taken int) {
		for i := range n {
			switch got := send(address(i), "nobody", "none"); got {
			case http.StatusOK:
				taken++
			case http.StatusTooManyRequests:
			default:
				t.Fatalf("%d", got)
			}
		}
		return taken
	}
	if n := flood(func(int) string { return "127.0.0.2" }, 100); n != 3 {
		t.Errorf("%d of one source were taken", n)
	}
	if got := send("127.0.0.3", "nobody", "none"); got != http.StatusOK {
		t.Errorf("another source: %d", got)
	}
	if n := flood(func(i int) string { return fmt.Sprintf("127.0.1.%d", i+1) }, 100); n != 8 {
		t.Errorf("%d of many sources were taken after 4", n)
	}
	for _, name := range []string{"mine", "none"} {
		if got := send("127.0.1.1", "rita", name); got != http.StatusOK {
			t.Errorf("rita, in the name %q: %d", name, got)
		}
	}
	var strangers, unnamed, hers int
	w.do(func(tx *store.Tx) (err error) {
		since := time.Now().Add(-time.Hour)
		for n, of := range map[*int]struct {
			person string
			open   bool
		}{&strangers: {"", true}, &unnamed: {"", false}, &hers: {"rita", false}} {
			if *n, err = tx.CountReports(t.Context(), of.person, of.open, since); err != nil {
				return err
			}
		}
		return tx.CheckAudit(t.Context())
	})
	if strangers != 12 || unnamed != 1 || hers != 1 {
		t.Errorf("kept: %d of strangers, %d without a name, %d of rita", strangers, unnamed, hers)
	}
	if strings.Contains(w.log.text(), "127.0.1.") || w.holds("127.0.1.7") {
		t.Error("addresses of the flood are kept")
	}
}
