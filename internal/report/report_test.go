package report_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"jobzero/internal/fault"
	"jobzero/internal/report"
)

var now = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func TestCodes(t *testing.T) {
	seen := map[report.Code]bool{}
	for range 1000 {
		r, code, err := report.Make("1", report.Said{Anonymous: true, Title: "x"}, now)
		if err != nil || seen[code] || len(strings.ReplaceAll(string(code), "-", "")) != 26 || strings.Contains(r.Code, string(code)) {
			t.Fatalf("%q, %v", code, err)
		}
		seen[code] = true
		back, err := report.ParseCode(" " + strings.ToLower(strings.NewReplacer("-", "", "0", "o", "1", "l").Replace(string(code))))
		if err != nil || back.Hash() != r.Code {
			t.Fatalf("%q comes back as %q, %v", code, back, err)
		}
	}
}

func TestWhatIsRefused(t *testing.T) {
	for want, s := range map[string]report.Said{
		"say in one line":     {Anonymous: true, Title: " \n"},
		"either anonymous or": {Anonymous: true, Person: "kim", Title: "x"},
		"say who you are":     {Title: "x"},
		"6 files":             {Anonymous: true, Title: "x", Files: make([]report.File, 6)},
	} {
		if _, _, err := report.Make("1", s, now); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	for want, data := range map[string]string{
		"is empty": "", "text/html": "<!DOCTYPE html><script>", "text/xml": "<?xml version=\"1.0\"?><svg onload=alert(1)>",
		"application/octet-stream": "\x7fELF\x02\x01", "application/zip": "PK\x03\x04", "bytes: up to": strings.Repeat("a", report.MostFile+1),
	} {
		if _, err := report.NewFile("picture.png", []byte(data)); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func TestToTheTopOnceADay(t *testing.T) {
	r, _, err := report.Make("1", report.Said{Anonymous: true, Title: "x"}, now)
	if err != nil {
		t.Fatal(err)
	}
	for at, ok := range map[time.Duration]bool{0: true} {
		if err := r.Escalate(now.Add(at)); (err == nil) != ok {
			t.Error(err)
		}
	}
	if err := r.Escalate(now.Add(23 * time.Hour)); !fault.Is(err, fault.Conflict) {
		t.Errorf("again within a day: %v", err)
	}
	if err := r.Escalate(now.Add(25 * time.Hour)); err != nil || len(r.Escalated) != 2 {
		t.Errorf("a day later: %v", err)
	}
}

func FuzzFileNames(f *testing.F) {
	for _, s := range []string{"../../etc/passwd", `C:\a\b.png`, "a\u202egnp.exe", ".htaccess", "", "a\r\nb", strings.Repeat("ä", 200)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got, err := report.NewFile(name, []byte("text"))
		if err != nil {
			t.Fatal(err)
		}
		if n := got.Name; n == "" || len(n) > 100 || !utf8.ValidString(n) || strings.ContainsAny(n, "/\\\r\n\x00\"<>\u202e") || strings.HasPrefix(n, ".") {
			t.Errorf("%q becomes %q", name, n)
		}
	})
}

func FuzzCode(f *testing.F) {
	f.Add("3K7Q-8R2M-0ZXA-9T4B-VW6C-1D5E-FG")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := report.ParseCode(text)
		if err != nil {
			return
		}
		if again, err := report.ParseCode(string(c)); err != nil || again != c {
			t.Errorf("%q is %q and then %q, %v", text, c, again, err)
		}
	})
}
