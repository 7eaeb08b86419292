package file

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/source"
)

// record is a made-up CloudTrail record.
func record(id int) string {
	return fmt.Sprintf(`{"eventVersion":"1.09","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/alice","accountId":"111122223333"},`+
		`"eventTime":"2024-08-01T13:29:57Z","eventSource":"s3.amazonaws.com","eventName":"PutBucketPolicy","awsRegion":"us-east-1",`+
		`"sourceIPAddress":"198.51.100.7","eventID":"e-%d","recipientAccountId":"111122223333"}`, id)
}

func records(ids ...int) string {
	var all []string
	for _, id := range ids {
		all = append(all, record(id))
	}
	return `{"Records":[` + strings.Join(all, ",") + `]}`
}

// seen is a sink that remembers.
type seen struct {
	ids     []string
	events  []*event.Event
	dead    []source.DeadLetter
	skipped []string
	fail    error
}

func (s *seen) Event(e *event.Event) error {
	s.ids = append(s.ids, string(e.ID))
	s.events = append(s.events, e)
	return s.fail
}

func (s *seen) DeadLetter(d source.DeadLetter) error {
	s.dead = append(s.dead, d)
	return s.fail
}

func (s *seen) Skipped(path, reason string) {
	s.skipped = append(s.skipped, filepath.Base(path)+": "+reason)
}

// letters are the dead letters as "file: reason".
func (s *seen) letters() []string {
	var all []string
	for _, d := range s.dead {
		all = append(all, filepath.Base(d.Origin.Place)+": "+d.Reason)
	}
	return all
}

func put(tb testing.TB, dir, name string, content []byte) string {
	tb.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

func gz(tb testing.TB, parts ...string) []byte {
	tb.Helper()
	var b bytes.Buffer
	for _, p := range parts {
		w := gzip.NewWriter(&b)
		if _, err := io.WriteString(w, p); err != nil {
			tb.Fatal(err)
		}
		if err := w.Close(); err != nil {
			tb.Fatal(err)
		}
	}
	return b.Bytes()
}

// zipped makes an archive of names and contents in turn.
func zipped(tb testing.TB, members ...string) []byte {
	tb.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(members); i += 2 {
		m, err := w.Create(members[i])
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := io.WriteString(m, members[i+1]); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

var now = func() time.Time { return time.Unix(1722518997, 0) }

func walk(tb testing.TB, o Options, paths ...string) (*seen, Stats) {
	tb.Helper()
	s := &seen{}
	o.Now = now
	stats, err := Walk(tb.Context(), paths, o, s)
	if err != nil {
		tb.Fatal(err)
	}
	if stats.Events != int64(len(s.ids)) || stats.DeadLetters != int64(len(s.dead)) {
		tb.Errorf("counted %+v, seen %d events and %d dead letters", stats, len(s.ids), len(s.dead))
	}
	return s, stats
}

const envelope = `{"version":"0","detail-type":"AWS API Call via CloudTrail","source":"aws.s3","account":%q,"detail":%s}`

// TestForms reads each form that CloudTrail's records come in.
func TestForms(t *testing.T) {
	cut := gz(t, records(1, 2))
	lookup := fmt.Sprintf(`{"Events":[{"EventId":"e-1","CloudTrailEvent":%q}]}`, record(1))
	for name, c := range map[string]struct {
		content []byte
		ids     string
		dead    []string
		skipped []string
	}{
		"records.json":     {[]byte(records(1, 2)), "e-1 e-2", nil, nil},
		"none.json":        {[]byte(records()), "", nil, nil},
		"array.json":       {[]byte("[" + record(1) + ",\n" + record(2) + "]"), "e-1 e-2", nil, nil},
		"single.json":      {[]byte(record(1)), "e-1", nil, nil},
		"lines.json":       {[]byte(record(1) + "\n" + record(2) + "\n"), "e-1 e-2", nil, nil},
		"lines.jsonl":      {[]byte("\xef\xbb\xbf" + record(1) + "\r\n" + record(2)), "e-1 e-2", nil, nil},
		"noname":           {[]byte(record(1)), "e-1", nil, nil},
		"records.json.gz":  {gz(t, records(1, 2)), "e-1 e-2", nil, nil},
		"members.gz":       {gz(t, record(1)+"\n", record(2)), "e-1 e-2", nil, nil},
		"not-packed.gz":    {[]byte(records(1)), "e-1", nil, nil},
		"packed.json":      {gz(t, records(1)), "e-1", nil, nil},
		"envelope.json":    {fmt.Appendf(nil, envelope, "111122223333", record(1)), "e-1", nil, nil},
		"envelopes.jsonl":  {fmt.Appendf(nil, envelope+"\n"+envelope, "111122223333", record(1), "111122223333", record(2)), "e-1 e-2", nil, nil},
		"forged.json":      {fmt.Appendf(nil, envelope, "444455556666", record(1)), "", []string{"forged.json: provenance: the envelope comes from account 444455556666, the record says 111122223333"}, nil},
		"lookup.json":      {[]byte(lookup), "e-1", nil, nil},
		"empty.json":       {nil, "", nil, []string{"empty.json: empty"}},
		"empty.json.gz":    {nil, "", []string{"empty.json.gz: can not be opened: broken gzip: the file is empty"}, nil},
		"other.json":       {[]byte(`{"a":1,"b":2}`), "", nil, []string{`other.json: JSON, but no CloudTrail records: 1 values, the first an object with the members "a", "b"`}},
		"number.json":      {[]byte(`5`), "", nil, []string{`number.json: JSON, but no CloudTrail records: 1 values, the first a JSON number`}},
		"guardduty.json":   {[]byte(`{"detail-type":"GuardDuty Finding","detail":{}}`), "", nil, []string{"guardduty.json: JSON, but no CloudTrail records: 1 values, the first GuardDuty Finding"}},
		"notification.js":  {[]byte(`{"Records":[{"eventSource":"aws:s3","eventTime":"x","eventName":"ObjectCreated:Put","s3":{}}]}`), "", nil, []string{`notification.js: JSON, but no CloudTrail records: 1 values, the first an object with the members "eventSource", "eventTime", "eventName", "s3"`}},
		"README.md":        {[]byte("# hello"), "", nil, []string{"README.md: not JSON"}},
		"settings.ini":     {[]byte("[core]\nkey = 1\n"), "", nil, []string{"settings.ini: not JSON"}},
		"template.tmpl":    {[]byte("{{ .Name }}"), "", nil, []string{"template.tmpl: not JSON"}},
		"broken.json":      {[]byte("hello"), "", []string{"broken.json: not JSON: no value begins here"}, nil},
		"mixed.jsonl":      {[]byte(`{"a":1}` + "\n" + record(1)), "e-1", nil, []string{`mixed.jsonl: 1 values that are no CloudTrail records, the first an object with the members "a"`}},
		"no-id.json":       {[]byte(`{"Records":[` + strings.Replace(record(1), "eventID", "eventNo", 1) + "," + record(2) + "]}"), "e-2", []string{"no-id.json: eventID is missing"}, nil},
		"types.json":       {[]byte(`{"Records":[` + strings.Replace(record(1), `"e-1"`, `{}`, 1) + "," + record(2) + "]}"), "e-2", []string{"types.json: eventID is of type object, want string"}, nil},
		"a-number.json":    {[]byte(`{"Records":[5,` + record(2) + "]}"), "e-2", []string{"a-number.json: not a CloudTrail record, though it stands among them: a JSON number"}, nil},
		"a-stranger.json":  {[]byte(`{"Records":[` + record(2) + `,{"a":1}]}`), "e-2", []string{`a-stranger.json: not a CloudTrail record, though it stands among them: an object with the members "a"`}, nil},
		"bad-line.jsonl":   {[]byte(record(1) + "\n{\"eventID\":\"x\n" + record(2) + "\n"), "e-1 e-2", []string{"bad-line.jsonl: broken JSON: a line ends inside a string at byte 350"}, nil},
		"utf8.jsonl":       {[]byte(strings.Replace(record(1), "alice", "\xff\xfe", 1) + "\n" + record(2)), "e-2", []string{"utf8.jsonl: broken record: invalid UTF-8 at byte 94"}, nil},
		"cut.json":         {[]byte(records(1, 2)[:600]), "e-1", []string{"cut.json: the file ends inside a record: it was cut"}, nil},
		"cut.json.gz":      {cut[:len(cut)-24], "", []string{"cut.json.gz: the stream fails inside a record: unexpected EOF"}, nil},
		"checksum.json.gz": {append(slices.Clone(cut[:len(cut)-8]), 0, 0, 0, 0, 0, 0, 0, 0), "e-1 e-2", []string{"checksum.json.gz: the stream fails: gzip: invalid checksum"}, nil},
		"twice.gz":         {gz(t, string(gz(t, record(1)))), "", []string{"twice.gz: can not be opened: gzip inside gzip is not opened"}, nil},
		"new.json.zst":     {[]byte("\x28\xb5\x2f\xfdxxxx"), "", []string{"new.json.zst: can not be opened: compressed with zstd, which is not read: only gzip and zip are"}, nil},
		"deep.json": {
			[]byte(`{"Records":[` + strings.Replace(record(1), `"e-1"`, strings.Repeat("[", 10_000)+strings.Repeat("]", 10_000), 1) + "," + record(2) + "]}"), "e-2",
			[]string{"deep.json: broken record: nested deeper than 200 levels at byte 493"},
			nil,
		},
		"logs.zip": {
			zipped(t, "b/2.json", records(2), "a/1.json.gz", string(gz(t, records(1))), "README", "hello", "x.zip", string(zipped(t, "a", "b"))), "e-1 e-2",
			[]string{"logs.zip!x.zip: can not be opened: a zip inside another archive or stream is not opened"},
			[]string{"logs.zip!README: not JSON"},
		},
		"broken.zip": {zipped(t, "a.json", records(1))[:100], "", []string{"broken.zip: can not be opened: broken zip: zip: not a valid zip file"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			put(t, dir, name, c.content)
			s, _ := walk(t, Options{}, dir)
			if d := cmp.Diff(c.ids, strings.Join(s.ids, " ")); d != "" {
				t.Errorf("events (-want +got):\n%s", d)
			}
			if d := cmp.Diff(c.dead, s.letters()); d != "" {
				t.Errorf("dead letters (-want +got):\n%s", d)
			}
			if d := cmp.Diff(c.skipped, s.skipped); d != "" {
				t.Errorf("skipped (-want +got):\n%s", d)
			}
			for _, e := range s.events {
				at := strings.Index(string(c.content), string(e.Raw))
				if at >= 0 && e.Origin.Offset != int64(at) && !strings.HasPrefix(name, "envelope") {
					t.Errorf("%s says byte %d, stands at %d", e.ID, e.Origin.Offset, at)
				}
			}
		})
	}
}

// TestFolder reads CloudTrail's own layout, in order, without its digests.
func TestFolder(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "AWSLogs/111122223333/CloudTrail/us-east-1/2024/08/02/b.json.gz", gz(t, records(3)))
	put(t, dir, "AWSLogs/111122223333/CloudTrail/us-east-1/2024/08/01/b.json.gz", gz(t, records(2)))
	put(t, dir, "AWSLogs/111122223333/CloudTrail/eu-west-1/2024/08/01/a.json.gz", gz(t, records(1)))
	put(t, dir, "AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2024/08/01/d.json.gz", gz(t, `{"digestStartTime":"x"}`))
	var last, total int64
	s, stats := walk(t, Options{Progress: func(r, t int64) {
		if r < last || r > t {
			total = -1
		}
		last, total = r, t
	}}, dir)
	if d := cmp.Diff([]string{"e-1", "e-2", "e-3"}, s.ids); d != "" {
		t.Errorf("order (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]string{"d.json.gz: a CloudTrail digest, no records"}, s.skipped); d != "" {
		t.Errorf("skipped (-want +got):\n%s", d)
	}
	if last != total || last == 0 || last != stats.BytesCompressed {
		t.Errorf("the progress ends at %d of %d, read %d", last, total, stats.BytesCompressed)
	}
	want := Stats{Files: 3, FilesSkipped: 1, Events: 3, BytesCompressed: stats.BytesCompressed, BytesJSON: int64(3 * len(records(1))), Last: stats.Last}
	if !strings.HasSuffix(stats.Last, "b.json.gz") {
		t.Errorf("the last file is %s", stats.Last)
	}
	if d := cmp.Diff(want, stats); d != "" {
		t.Errorf("stats (-want +got):\n%s", d)
	}
}

// TestLinks: links to files and folders are followed once, loops end.
func TestLinks(t *testing.T) {
	dir, away := t.TempDir(), t.TempDir()
	put(t, dir, "a/1.json", []byte(records(1)))
	put(t, away, "2.json", []byte(records(2)))
	for _, l := range [][2]string{{"..", "a/up"}, {"self", "a/self"}, {away, "b"}, {away, "c"}, {"missing", "d"}, {filepath.Join(away, "2.json"), "e.json"}} {
		if err := os.Symlink(l[0], filepath.Join(dir, l[1])); err != nil {
			t.Fatal(err)
		}
	}
	s, stats := walk(t, Options{}, dir)
	if d := cmp.Diff([]string{"e-1", "e-2", "e-2"}, s.ids); d != "" {
		t.Errorf("events (-want +got):\n%s", d)
	}
	if len(s.dead) != 3 || len(s.skipped) != 1 || stats.FilesSkipped != 1 {
		t.Errorf("dead letters %q, skipped %q", s.letters(), s.skipped)
	}
}

func TestNotAFile(t *testing.T) {
	if _, err := Walk(t.Context(), []string{filepath.Join(t.TempDir(), "nothing")}, Options{}, &seen{}); !fault.Is(err, fault.NotFound) {
		t.Errorf("a missing path: %v", err)
	}
	s, _ := walk(t, Options{}, os.DevNull)
	if len(s.dead) != 1 || !strings.Contains(s.dead[0].Reason, "neither a file nor a folder") {
		t.Errorf("a device: %q", s.letters())
	}
}

// TestUnreadable: what the system does not let us read is a dead letter, and the rest is read.
func TestUnreadable(t *testing.T) {
	if os.Geteuid() == 0 { // root may read everything
		runAsNobody(t)
		return
	}
	dir := t.TempDir()
	put(t, dir, "a.json", []byte(records(1)))
	put(t, dir, "b/c.json", []byte(records(2)))
	put(t, dir, "d.json", []byte(records(3)))
	for _, p := range []string{"a.json", "b"} {
		if err := os.Chmod(filepath.Join(dir, p), 0); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.Chmod(filepath.Join(dir, p), 0o700) })
	}
	s, _ := walk(t, Options{}, dir)
	if len(s.dead) != 2 || !slices.Equal(s.ids, []string{"e-3"}) {
		t.Errorf("events %q, dead letters %q", s.ids, s.letters())
	}
}

// runAsNobody runs the test that calls it once more, in a process that is not root's.
func runAsNobody(t *testing.T) {
	t.Helper()
	const nobody = 65534 // any number but root's would do
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "jobzero-file-") //nolint:usetesting // t.TempDir lies in a folder that only root may enter, and so does the program
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	program := filepath.Join(dir, "program")
	if err := errors.Join(os.WriteFile(program, text, 0o700), os.Chown(program, nobody, nobody), os.Chown(dir, nobody, nobody)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, "-test.v", "-test.run", "^"+t.Name()+"$")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "TMPDIR="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	if out, err := cmd.CombinedOutput(); err != nil || !bytes.Contains(out, []byte("--- PASS: "+t.Name())) {
		t.Errorf("as user %d: %v\n%s", nobody, err, out)
	}
}

// TestStops: an error from the sink and the end of the context end the reading, and are no fault of the input.
func TestStops(t *testing.T) {
	path := put(t, t.TempDir(), "a.json", []byte(records(1, 2)))
	full := errors.New("disk full")
	s := &seen{fail: full}
	if _, err := Walk(t.Context(), []string{path}, Options{}, s); !errors.Is(err, full) || len(s.ids) != 1 {
		t.Errorf("%v after %d events", err, len(s.ids))
	}
	ctx, cancel := context.WithCancel(t.Context())
	s = &seen{}
	in := io.MultiReader(strings.NewReader(records(1, 2)[:500]), stopper{cancel})
	if _, err := Read(ctx, in, "s3://b/k.json", Options{}, s); !errors.Is(err, context.Canceled) || len(s.dead) != 0 {
		t.Errorf("%v, dead letters %q", err, s.letters())
	}
}

type stopper struct{ cancel func() }

func (s stopper) Read([]byte) (int, error) {
	s.cancel()
	return 0, context.Canceled
}
