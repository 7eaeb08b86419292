package console_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"jobzero/internal/auth"
	"jobzero/internal/console"
	"jobzero/internal/fault"
	"jobzero/internal/report"
	"jobzero/internal/ticket"
)

// box takes reports as the store does, in memory.
type box struct {
	mu   sync.Mutex
	all  map[string]*report.Report // by the hash of the code
	data map[string][]byte
}

func (b *box) Send(_ context.Context, s report.Said) (report.Report, report.Code, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	r, code, err := report.Make(report.ID(fmt.Sprintf("01REPORT%04d", len(b.all))), s, time.Now())
	if err != nil {
		return r, code, err
	}
	b.all[r.Code] = &r
	return r, code, b.keep(r.ID, s.Files)
}

func (b *box) keep(id report.ID, files []report.File) error {
	for i, f := range files {
		data, err := f.Data()
		if err != nil {
			return err
		}
		b.data[fmt.Sprint(id, i+1)] = data
	}
	return nil
}

func (b *box) find(c report.Code) (*report.Report, error) {
	r, ok := b.all[c.Hash()]
	if !ok {
		return nil, fault.New(fault.NotFound, "there is no report of this code")
	}
	return r, nil
}

func (b *box) Follow(_ context.Context, c report.Code) (p report.Progress, err error) {
	return b.do(c, func(*report.Report) error { return nil })
}

func (b *box) do(c report.Code, do func(*report.Report) error) (p report.Progress, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	r, err := b.find(c)
	if err == nil {
		err = do(r)
	}
	if err != nil {
		return p, err
	}
	return r.Progress(ticket.Ticket{State: ticket.Human}), nil
}

func (b *box) Add(_ context.Context, c report.Code, text string, files []report.File) (report.Progress, error) {
	return b.do(c, func(r *report.Report) error { return r.Add(text, files, time.Now()) })
}

func (b *box) Escalate(_ context.Context, c report.Code) (report.Progress, []string, error) {
	p, err := b.do(c, func(r *report.Report) error { return r.Escalate(time.Now()) })
	return p, []string{"kim"}, err
}

func (b *box) One(_ context.Context, id report.ID) (report.Report, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, r := range b.all {
		if r.ID == id {
			return *r, nil
		}
	}
	return report.Report{}, fault.New(fault.NotFound, "no report")
}

func (b *box) File(ctx context.Context, id report.ID, n int) (report.File, []byte, error) {
	r, err := b.One(ctx, id)
	if err != nil || n < 1 || n > len(r.Files) {
		return report.File{}, nil, fault.New(fault.NotFound, "no file %d: %v", n, err)
	}
	return r.Files[n-1], b.data[fmt.Sprint(id, n)], nil
}

func (b *box) Reply(context.Context, report.ID, string, string) (report.Report, error) {
	return report.Report{}, nil
}

func (b *box) count() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.all)
}

// gate lets in whoever says so in a header, and counts by the address of the socket.
type gate struct{}

func (gate) Quietly(r *http.Request) (auth.Visitor, bool, error) {
	who := r.Header.Get("Who")
	return auth.Visitor{ID: who, Name: who, Kind: auth.Person, Roles: []auth.Role{auth.Reporter}}, who != "", nil
}

func (gate) Source(r *http.Request) string {
	host, _, _ := net.SplitHostPort(r.RemoteAddr)
	return host
}

// hall is a console that takes reports, on a real socket.
type hall struct {
	*testing.T
	box *box
	url string
	log *bytes.Buffer
	dir string
}

func newHall(t *testing.T, open bool) *hall {
	t.Helper()
	h := &hall{T: t, box: &box{all: map[string]*report.Report{}, data: map[string][]byte{}}, log: &bytes.Buffer{}, dir: t.TempDir()}
	c := report.DefaultConfig()
	c.Open = open
	handler, err := console.New(console.Options{
		Visitors: console.Signed{}, Rates: func() console.Rates { return console.Rates{} }, Now: time.Now, Version: "test",
		Log: slog.New(slog.NewTextHandler(h.log, nil)),
		Reporting: console.Reporting{
			Reports: func() interface {
				console.Reporter
				console.Answerer
			} {
				return h.box
			},
			Config: c, Gate: gate{}, Folder: h.dir,
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	h.url = s.URL
	return h
}

// form is a report as a browser sends it.
func form(t testing.TB, fields map[string]string, files ...[]byte) (io.Reader, string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, v := range fields {
		if err := w.WriteField(k, v); err != nil {
			t.Fatal(err)
		}
	}
	for i, data := range files {
		p, err := w.CreateFormFile("file", fmt.Sprintf("../%d.png", i))
		if err == nil {
			_, err = p.Write(data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return &b, w.FormDataContentType()
}

// from is a client whose socket has an address.
func from(address string) *http.Client {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
	return &http.Client{
		Transport:     &http.Transport{DialContext: d.DialContext, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func (h *hall) post(c *http.Client, path, who string, fields map[string]string, files ...[]byte) (int, string) {
	h.Helper()
	body, kind := form(h, fields, files...)
	req, err := http.NewRequestWithContext(h.Context(), http.MethodPost, h.url+path, body)
	if err != nil {
		h.Fatal(err)
	}
	req.Header.Set("Content-Type", kind)
	if who != "" {
		req.Header.Set("Who", who)
	}
	res, err := c.Do(req)
	if err != nil {
		h.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		h.Fatal(err)
	}
	return res.StatusCode, string(text)
}

var png = []byte("\x89PNG\r\n\x1a\n a picture")

// TestAReportWithoutAName is sent, followed, added to and taken to the top by the code alone, and nobody is in it.
func TestAReportWithoutAName(t *testing.T) {
	h := newHall(t, true)
	here := from("127.0.0.7")
	status, page := h.post(here, "/report", "", map[string]string{"title": nasty, "text": "In the cellar", "when": "yesterday"}, png)
	if status != http.StatusOK || h.box.count() != 1 {
		t.Fatalf("%d %s", status, page)
	}
	_, rest, _ := strings.Cut(page, `<p class="code"><code>`)
	code, _, _ := strings.Cut(rest, "<")
	c, err := report.ParseCode(code)
	if err != nil {
		t.Fatalf("%v in %s", err, page)
	}
	r, err := h.box.find(c)
	if err != nil || !r.Anonymous || !r.Open || r.Person != "" || r.Text != "In the cellar\nWhen: yesterday" || len(r.Files) != 1 || r.Files[0].Name != "0.png" {
		t.Errorf("%+v, %v", r, err)
	}
	for _, try := range []struct {
		fields map[string]string
		want   string
	}{
		{map[string]string{"code": strings.ToLower(code)}, "Nobody has answered yet"},
		{map[string]string{"code": code, "do": "add", "text": "One more thing"}, "One more thing"},
		{map[string]string{"code": code, "do": "escalate"}, "The top was told today"},
	} {
		status, page := h.post(here, "/report/follow", "", try.fields)
		if status != http.StatusOK || !strings.Contains(page, try.want) || strings.Contains(page, "<script>alert") {
			t.Errorf("%v: %d %s", try.fields, status, page)
		}
	}
	if status, page := h.post(here, "/report/follow", "", map[string]string{"code": strings.Repeat("0", 26)}); status != http.StatusNotFound {
		t.Errorf("another code: %d %s", status, page)
	}
	if strings.Contains(h.log.String(), "127.0.0.7") || strings.Contains(h.log.String(), code) {
		t.Errorf("the log says who it was: %s", h.log)
	}
	if left, err := os.ReadDir(h.dir + "/incoming"); err != nil || len(left) != 0 {
		t.Errorf("files are left: %v, %v", left, err)
	}
}

// TestWhoIsNotOpenSignsIn first, and reports in a name or in none.
func TestWhoIsNotOpenSignsIn(t *testing.T) {
	h := newHall(t, false)
	here := from("127.0.0.1")
	if status, _ := h.post(here, "/report", "", map[string]string{"title": "x"}); status != http.StatusSeeOther || h.box.count() != 0 {
		t.Errorf("nobody: %d", status)
	}
	for name, want := range map[string]string{"mine": "rita", "none": ""} {
		if status, page := h.post(here, "/report", "rita", map[string]string{"title": name, "name": name}); status != http.StatusOK {
			t.Fatalf("%d %s", status, page)
		}
		for _, r := range h.box.all {
			if r.Title == name && (r.Person != want || r.Open || r.Anonymous != (want == "")) {
				t.Errorf("%s: %+v", name, r)
			}
		}
	}
}

// TestWhatIsTooMuch is told in words, and nothing of it is kept.
func TestWhatIsTooMuch(t *testing.T) {
	h := newHall(t, true)
	here := from("127.0.0.1")
	big := append(bytes.Clone(png), make([]byte, report.MostFile)...)
	for name, try := range map[string]struct {
		fields map[string]string
		files  [][]byte
		want   string
	}{
		"large file":   {map[string]string{"title": "x"}, [][]byte{big}, "bytes: up to"},
		"many files":   {map[string]string{"title": "x"}, [][]byte{png, png, png, png, png, png}, "up to 5 files"},
		"a program":    {map[string]string{"title": "x"}, [][]byte{[]byte("\x7fELF\x02\x01")}, "pictures, PDF and plain text"},
		"a page":       {map[string]string{"title": "x"}, [][]byte{[]byte("<html><script>")}, "pictures, PDF and plain text"},
		"long field":   {map[string]string{"title": "x", "text": strings.Repeat("a", 30<<10)}, nil, "a field is longer"},
		"says nothing": {map[string]string{"title": " "}, nil, "in one line"},
	} {
		if status, page := h.post(here, "/report", "", try.fields, try.files...); status != http.StatusBadRequest || !strings.Contains(page, try.want) {
			t.Errorf("%s: %d %s", name, status, page)
		}
	}
	if h.box.count() != 0 {
		t.Errorf("%d reports", h.box.count())
	}
	if left, err := os.ReadDir(h.dir + "/incoming"); err == nil && len(left) != 0 {
		t.Errorf("files are left: %v", left)
	}
}

// TestAFlood from one source, and then from many, is limited; another source is heard during the first, and who has signed in during both.
func TestAFlood(t *testing.T) {
	h := newHall(t, true)
	send := func(address, who string) int {
		status, _ := h.post(from(address), "/report", who, map[string]string{"title": "A door", "name": "mine"})
		return status
	}
	flood := func(addresses func(i int) string, n int) (taken int) {
		var all sync.WaitGroup
		var mu sync.Mutex
		turn := make(chan struct{}, 8)
		for i := range n {
			all.Go(func() {
				turn <- struct{}{}
				defer func() { <-turn }()
				switch status := send(addresses(i), ""); status {
				case http.StatusOK:
					mu.Lock()
					taken++
					mu.Unlock()
				case http.StatusTooManyRequests:
				default:
					t.Errorf("%d", status)
				}
			})
		}
		all.Wait()
		return taken
	}
	if n := flood(func(int) string { return "127.0.0.2" }, 300); n != 5 {
		t.Errorf("%d reports of one source were taken, want 5", n)
	}
	if got := send("127.0.0.3", ""); got != http.StatusOK {
		t.Errorf("another source during the flood: %d", got)
	}
	if n := flood(func(i int) string { return fmt.Sprintf("127.0.1.%d", i%200+1) }, 400); n != 24 {
		t.Errorf("%d reports of many sources were taken after 6, want 24", n)
	}
	if got := send("127.0.1.1", "rita"); got != http.StatusOK {
		t.Errorf("who has signed in, from a source that floods: %d", got)
	}
	if n := h.box.count(); n != 31 {
		t.Errorf("%d reports are kept", n)
	}
	if strings.Contains(h.log.String(), "127.0.") {
		t.Errorf("the log has addresses: %s", h.log)
	}
}

// TestSlowFilesTakeTurns: those who send files slowly keep nobody from sending words, nor those who have signed in from sending files.
func TestSlowFilesTakeTurns(t *testing.T) {
	h := newHall(t, true)
	body, kind := form(t, map[string]string{"title": "x"}, append(bytes.Clone(png), make([]byte, 1<<20)...))
	whole, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	slow := func(i int) { // begins to send a file and goes no further
		d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(fmt.Sprintf("127.0.2.%d", i+1))}}
		c, err := d.DialContext(t.Context(), "tcp", strings.TrimPrefix(h.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		head := fmt.Sprintf("POST /report HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n", kind, len(whole))
		if _, err := c.Write(append([]byte(head), whole[:100<<10]...)); err != nil {
			t.Fatal(err)
		}
	}
	large := append(bytes.Clone(png), make([]byte, 100<<10)...)
	status, page := 0, ""
	for i := 0; !strings.Contains(page, "Several people are sending files"); i++ { // until all turns are taken: a slow one that met ours was sent away
		slow(i)
		if status, page = h.post(from(fmt.Sprintf("127.0.3.%d", i+1)), "/report", "", map[string]string{"title": ""}, large); i > 100 {
			t.Fatalf("one more with files: %d %s", status, page)
		}
	}
	if status != http.StatusTooManyRequests {
		t.Errorf("one more with files: %d", status)
	}
	if got, page := h.post(from("127.0.4.10"), "/report", "", map[string]string{"title": "words"}); got != http.StatusOK {
		t.Errorf("words alone: %d %s", got, page)
	}
	if got, page := h.post(from("127.0.4.11"), "/report", "rita", map[string]string{"title": "with a file"}, large); got != http.StatusOK {
		t.Errorf("a file of somebody who has signed in: %d %s", got, page)
	}
}
