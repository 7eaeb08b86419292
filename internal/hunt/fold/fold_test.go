package fold_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"jobzero/internal/access/ledger"
	"jobzero/internal/hunt/fold"
	"jobzero/internal/principal/lineage"
	"jobzero/internal/source"
	"jobzero/internal/source/archive"
	"jobzero/internal/source/file"
	"jobzero/internal/testcorpus"
	"jobzero/test/genlogs/cloudlog"
)

// run folds paths into a ledger, and holds the counts against one another: every record comes to an entry or to a counted reason.
func run(t *testing.T, to *ledger.Ledger, o fold.Options, paths ...string) fold.Stats {
	t.Helper()
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	o.Letter, o.Skipped = func(source.DeadLetter) error { return nil }, func(string, string) {}
	before := to.Counts().Events
	stats, err := fold.Run(t.Context(), file.Paths(paths...), o, to)
	if err != nil {
		t.Fatal(err)
	}
	c := to.Counts()
	sum := c.Kept
	for _, n := range c.Left {
		sum += n
	}
	if sum != c.Events || c.Events-before+stats.Outside+stats.Again != stats.Events {
		t.Errorf("%d kept and left of %d, %d out of the window, %d again: %d were read", sum, c.Events, stats.Outside, stats.Again, stats.Events)
	}
	return stats
}

func written(t *testing.T, l *ledger.Ledger) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := l.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// made is a folder of made-up logs as CloudTrail lays them out.
func made(t *testing.T, n int) string {
	t.Helper()
	dir := t.TempDir()
	if _, err := cloudlog.New(cloudlog.Options{Events: n, Seed: 7, Span: 72 * time.Hour}).Write(dir); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "AWSLogs")
}

// TestRun: the ledger is the same with one worker and with many, and a second run over the same files adds nothing.
func TestRun(t *testing.T) {
	dir := made(t, 2000)
	one, many := ledger.New(ledger.Options{}), ledger.New(ledger.Options{})
	run(t, one, fold.Options{Workers: 1}, dir)
	run(t, many, fold.Options{Workers: 4}, dir)
	if !bytes.Equal(written(t, one), written(t, many)) {
		t.Error("many workers make another ledger than one")
	}
	if one.Counts().Kept < 1900 {
		t.Errorf("only %d of 2,000 were kept: %v", one.Counts().Kept, one.Counts().Left)
	}
	before := one.Within(time.Time{}, time.Time{}).Rows()
	if s := run(t, one, fold.Options{}, dir); s.Before == 0 || s.Events != 0 {
		t.Errorf("a second run read %d records, and left out %d files", s.Events, s.Before)
	}
	if d := cmp.Diff(before, one.Within(time.Time{}, time.Time{}).Rows()); d != "" {
		t.Errorf("a second run changed the ledger:\n%s", d)
	}
	var named []string // what a person names is read, and its records are known
	_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			named = append(named, path)
		}
		return err
	})
	if s := run(t, one, fold.Options{}, named[0]); s.Again == 0 || s.Again != s.Events {
		t.Errorf("a file that was named again: %+v", s)
	}
}

// TestParts: folders that are folded one after another, through a file, make the ledger of one run.
func TestParts(t *testing.T) {
	dir := made(t, 1000)
	accounts, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(accounts) < 2 {
		t.Fatalf("%q, %v", accounts, err)
	}
	whole, parts := ledger.New(ledger.Options{}), ledger.New(ledger.Options{})
	run(t, whole, fold.Options{Once: true}, dir)
	for _, a := range accounts {
		run(t, parts, fold.Options{Once: true}, a)
		if parts, err = ledger.Read("x", bytes.NewReader(written(t, parts)), ledger.Options{}); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(written(t, whole), written(t, parts)) {
		t.Error("parts make another ledger than the whole")
	}
}

func TestWindow(t *testing.T) {
	dir := made(t, 1000)
	l := ledger.New(ledger.Options{})
	s := run(t, l, fold.Options{Window: archive.Window{Accounts: []string{"111122223333"}}}, dir)
	rows := l.Within(time.Time{}, time.Time{}).Rows()
	for _, r := range rows {
		if r.Account != "111122223333" {
			t.Fatalf("a row of %s", r.Account)
		}
	}
	if len(rows) == 0 || s.Events == 0 {
		t.Errorf("%d rows of %d events", len(rows), s.Events)
	}
}

// TestLineage: who is behind a session is learnt from a file that comes later, and not with Once.
func TestLineage(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(`{"Records":[`+text+`]}`), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	record := `{"eventVersion":"1.08","eventID":"%s","eventTime":"2026-03-01T10:00:00Z","eventSource":"%s.amazonaws.com","eventName":"%s","awsRegion":"eu-west-1","sourceIPAddress":"198.51.100.7","userAgent":"x","recipientAccountId":"111122223333","eventType":"AwsApiCall","userIdentity":{%s},"requestParameters":%s,"responseElements":%s}`
	put("a.json", fmt.Sprintf(record, "1", "s3", "ListBuckets", `"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/deploy/x","accountId":"111122223333","accessKeyId":"ASIA1","sessionContext":{"sessionIssuer":{"type":"Role","arn":"arn:aws:iam::111122223333:role/deploy"}}`, "null", "null"))
	put("b.json", fmt.Sprintf(record, "2", "sts", "AssumeRole", `"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/ana","accountId":"111122223333","accessKeyId":"AKIA1"`,
		`{"roleArn":"arn:aws:iam::111122223333:role/deploy","roleSessionName":"x"}`, `{"credentials":{"accessKeyId":"ASIA1"},"assumedRoleUser":{"arn":"arn:aws:sts::111122223333:assumed-role/deploy/x"}}`))
	for once, want := range map[bool]ledger.Root{
		false: {Kind: lineage.Person, ID: "arn:aws:iam::111122223333:user/ana", Strength: lineage.Proved},
		true:  {Kind: lineage.Unknown, Strength: lineage.Untraced},
	} {
		l := ledger.New(ledger.Options{})
		run(t, l, fold.Options{Once: once}, dir)
		deeds := l.Within(time.Time{}, time.Time{}).Did("s3:ListAllMyBuckets")
		if len(deeds) != 1 || deeds[0].Root != want {
			t.Errorf("once %v: %+v, want %+v", once, deeds, want)
		}
	}
}

// TestCorpus: everything that is read of published logs comes to an entry or a counted reason, and says what it is.
func TestCorpus(t *testing.T) {
	for _, folder := range []string{"invictus-cloudtrail", "stratus-detonation", "otrf-aws", "traildiscover"} {
		t.Run(folder, func(t *testing.T) {
			l := ledger.New(ledger.Options{})
			s := run(t, l, fold.Options{}, testcorpus.Path(t, folder))
			c := l.Counts()
			if s.Events == 0 || c.Kept == 0 {
				t.Fatalf("nothing came of %d events: %v", s.Events, c.Left)
			}
			uses, vague := 0, 0
			for _, r := range l.Within(time.Time{}, time.Time{}).Rows() {
				uses += r.Count
				if r.Principal == "" || !strings.Contains(r.Name, ":") || r.Resource == "" || r.First.After(r.Last) || r.First.IsZero() || r.Refused > r.Count {
					t.Errorf("an odd row: %+v", r)
				}
				if r.Level == "" {
					vague++
				}
			}
			if int64(uses) < c.Kept {
				t.Errorf("%d uses of %d events", uses, c.Kept)
			}
			t.Logf("%d events: %d kept as %d uses in %d rows (%d of unknown actions), left %v", c.Events, c.Kept, uses, l.Size().Rows, vague, c.Left)
		})
	}
}
