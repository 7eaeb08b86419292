package story

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jobzero/internal/notify/notifytest"
	reports "jobzero/internal/report"
	"jobzero/internal/ticket"
	"jobzero/test/world"
)

// E-mails lie in a Maildir, and the house is killed with SIGKILL each time that it has put some of them away. In the end each is one report, lies
// where what was seen lies, and whoever wrote it has a code that opens it.
func TestMailIsTakenOnceWhateverIsKilled(t *testing.T) {
	const letters = 40
	dir, post := t.TempDir(), notifytest.Start(t, nil)
	for _, d := range []string{"new", "cur", "tmp"} {
		if err := os.Mkdir(filepath.Join(dir, d), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for i := range letters {
		text := fmt.Sprintf("From: p%d@example.net\r\nSubject: Letter %d\r\n", i, i)
		if i%2 == 0 { // the others are known only by where they lie
			text += fmt.Sprintf("Message-ID: <%d@example.net>\r\n", i)
		}
		if err := os.WriteFile(filepath.Join(dir, "new", fmt.Sprintf("%02d.letter", i)), []byte(text+"\r\nA door stands open.\r\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	h := begin(t, world.Options{More: fmt.Sprintf("lease: 5s\nreport: {mail: {maildir: %q}}\nnotify: {smtp: {server: %q, from: jobzero@example.com, tls: none}}", dir, post.Address)})
	count := func(folder string) int {
		all, err := os.ReadDir(filepath.Join(dir, folder))
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	until := func(what string, done func() bool) {
		t.Helper()
		for end := time.Now().Add(patience); !done(); wait(t, 5*time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%s: %d are new, %d were seen, %d answers went out", what, count("new"), count("cur"), len(post.Letters()))
			}
		}
	}
	for _, n := range []int{2, 9, 17, 26, 33} {
		start(t, h)
		until("killing", func() bool { return count("cur") >= n })
		h.Kill()
		t.Logf("killed with %d put away and %d answered", count("cur"), len(post.Letters()))
	}
	start(t, h)
	codes := map[string]reports.Code{}
	until("the end", func() bool {
		for _, l := range post.Letters() {
			if strings.Contains(l.Text, "\r\nSubject: Your report\r\n") { // the others tell of tickets
				codes[l.To[0]] = codeIn(t, l.Text)
			}
		}
		return count("new") == 0 && len(codes) == letters
	})
	all, err := world.List[ticket.Ticket](t.Context(), h, "ticket", "list", "--state", "human")
	if err != nil {
		t.Fatal(err)
	}
	titles := map[string]int{}
	for _, k := range all {
		titles[k.Title]++
	}
	if len(all) != letters || len(titles) != letters || count("cur") != letters {
		t.Errorf("%d tickets with %d titles, %d letters seen; want %d of each", len(all), len(titles), count("cur"), letters)
	}
	for who, code := range codes {
		if said := command(t, h, "report", "follow", string(code)); !strings.Contains(said, "Title   Letter ") {
			t.Errorf("%s: %s", who, said)
		}
	}
	command(t, h, "audit", "verify")
}

// codeIn is the code of an answer.
func codeIn(t *testing.T, letter string) reports.Code {
	t.Helper()
	_, rest, _ := strings.Cut(strings.ReplaceAll(letter, "=\r\n", ""), "\r\n    ")
	line, _, _ := strings.Cut(rest, "\r\n")
	code, err := reports.ParseCode(line)
	if err != nil {
		t.Fatalf("%v in %q", err, letter)
	}
	return code
}
