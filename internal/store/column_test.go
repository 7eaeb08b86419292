package store

import (
	"strings"
	"testing"
	"unicode/utf8"

	"jobzero/internal/fault"
)

func FuzzColumn(f *testing.F) {
	for _, s := range []string{"", "plain", "nul\x00", "\xff\xfe", strings.Repeat("€", 300), strings.Repeat("a", widest), strings.Repeat("a", widest+1)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c := column(s)
		if !utf8.ValidString(c) || strings.Contains(c, "\x00") || len(c) > widest {
			t.Errorf("column(%q) = %q: a database would refuse it", s, c)
		}
		if column(c) != c {
			t.Errorf("column(%q) is not the same once more", s)
		}
		if utf8.ValidString(s) && !strings.Contains(s, "\x00") && len(s) <= widest && c != s {
			t.Errorf("column(%q) = %q changed what was fine", s, c)
		}
	})
}

func TestColumnKeepsApart(t *testing.T) {
	long := strings.Repeat("x", 10_000)
	if column(long+"1") == column(long+"2") {
		t.Error("two long texts became one")
	}
}

func FuzzAddress(f *testing.F) {
	for _, s := range []string{"", "sqlite://", "mysql://host/db", "postgres://user:hunter2@127.0.0.1:1/db", "postgres://u:hunter2@[::1/db", "postgres://u:hunter2@h:port/db", "file.db"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, url string) {
		if strings.HasPrefix(url, "sqlite://") && url != "sqlite://" {
			t.Skip("would make files wherever the fuzzer likes")
		}
		s, err := connect(url)
		if err == nil {
			_ = s.Close()
			return
		}
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("connect(%q): %v", url, err)
		}
		if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("connect(%q) gives the password away: %v", url, err)
		}
	})
}
