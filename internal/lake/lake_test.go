package lake_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"jobzero/internal/event"
	"jobzero/internal/event/ocsf"
	"jobzero/internal/lake"
)

// row is an event of a log as the command makes it.
func row(tb testing.TB, e *event.Event) lake.Row {
	tb.Helper()
	v := ocsf.Of(e)
	line, err := json.Marshal(v)
	if err != nil {
		tb.Fatal(err)
	}
	return lake.Row{Log: e.Log, Class: v.Head().ClassUID, Region: e.Region, Account: e.Account, Time: v.Head().Time, JSON: line}
}

// made is n events of three logs, in two accounts and on three days, not in the order of time.
func made(tb testing.TB, n int) (rows []lake.Row) {
	tb.Helper()
	at := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	for i := range n {
		e := &event.Event{
			ID: event.ID(fmt.Sprint("e-", i)), Time: at.Add(time.Duration(i*7919%n) * 72 * time.Hour / time.Duration(n)), Region: "eu-central-1",
			Account: []string{"111122223333", "444455556666"}[i%2], Name: "PutBucketPolicy", Source: "s3.amazonaws.com", SourceIP: "198.51.100.7",
			Actor: event.Actor{Type: "IAMUser", UserName: "mia"}, Resources: []event.Resource{{ARN: "arn:aws:s3:::shop", Account: "111122223333"}, {ARN: "arn:aws:s3:::b"}},
			Raw: fmt.Appendf(nil, `{"requestID":"r","requestParameters":{"n":%d,"s":"x"},"sharedEventID":"s-%d","more":{"a":[1,null]},"few":7}`, i, i),
		}
		switch i % 3 {
		case 1:
			e.Log, e.Raw = event.VPCFlow, fmt.Appendf(nil, `{"srcaddr":"198.51.100.7","srcport":0,"bytes":%d,"action":"REJECT","flow-direction":"egress","vpc-id":"vpc-1"}`, i)
		case 2:
			e.Log, e.Raw = event.WAF, []byte(`{"httpRequest":{"clientIp":"198.51.100.7","uri":"/a","httpMethod":"GET","headers":[{"name":"a","value":"b"}]},"action":"BLOCK","labels":[]}`)
		}
		rows = append(rows, row(tb, e))
	}
	return rows
}

func write(t *testing.T, dir string, o lake.Options, rows []lake.Row) lake.Stats {
	t.Helper()
	w, err := lake.New(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := w.Add(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	stats, err := w.Finish(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return stats
}

// files lists what is in a folder.
func files(t *testing.T, dir string) (all []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		all = append(all, filepath.ToSlash(rel))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestRoundTrip writes rows and reads the files again: every row is in the file of its place, in the order of time, and says
// what its JSON says.
func TestRoundTrip(t *testing.T) {
	for name, o := range map[string]lake.Options{
		"in memory":     {Product: "v1"},
		"many runs":     {Memory: 3000},
		"a row at once": {Memory: 1},
	} {
		t.Run(name, func(t *testing.T) {
			dir, rows := t.TempDir(), made(t, 400)
			stats := write(t, dir, o, rows)
			want := map[string][]lake.Row{}
			for _, r := range rows {
				want[r.Place()] = append(want[r.Place()], r)
			}
			names := files(t, dir)
			if len(names) != len(want) || int(stats.Files) != len(names) || stats.Rows != 400 {
				t.Fatalf("%d files for %d places, counted %+v: %v", len(names), len(want), stats, names)
			}
			for _, n := range names {
				all := want[filepath.ToSlash(filepath.Dir(n))]
				slices.SortStableFunc(all, func(a, b lake.Row) int { return int(a.Time - b.Time) })
				compare(t, filepath.Join(dir, n), all)
			}
		})
	}
}

// compare reads a file and holds it against the rows.
func compare(t *testing.T, path string, want []lake.Row) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	file, err := parquet.OpenFile(f, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	if got := file.Metadata().RowGroups[0].Columns[0].MetaData.Codec.String(); got != "ZSTD" {
		t.Errorf("%s is packed with %s", path, got)
	}
	view, ok := ocsf.New(want[0].Class)
	if !ok {
		t.Fatal("no such class")
	}
	in, shape := parquet.NewReader(file), lake.Columns(reflect.TypeOf(view).Elem())
	for i, r := range want {
		got := reflect.New(shape).Interface()
		if err := in.Read(got); err != nil {
			t.Fatalf("%s, row %d: %v", path, i, err)
		}
		b, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(flat(t, r.JSON), decode(t, b)); d != "" {
			t.Fatalf("%s, row %d (-JSON +Parquet):\n%s", path, i, d)
		}
	}
	if err := in.Read(reflect.New(shape).Interface()); !errors.Is(err, io.EOF) {
		t.Errorf("%s has more than %d rows: %v", path, len(want), err)
	}
}

// flat is the JSON of a row with the values of unmapped as the table has them.
func flat(t *testing.T, line []byte) any {
	t.Helper()
	var v map[string]json.RawMessage
	if err := json.Unmarshal(line, &v); err != nil {
		t.Fatal(err)
	}
	if in, has := v["unmapped"]; has {
		var loose map[string]ocsf.JSON
		if err := json.Unmarshal(in, &loose); err != nil {
			t.Fatal(err)
		}
		texts := map[string]string{}
		for k, j := range loose {
			texts[k] = j.Plain()
		}
		b, err := json.Marshal(texts)
		if err != nil {
			t.Fatal(err)
		}
		v["unmapped"] = b
	}
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return decode(t, b)
}

// decode drops what is not there: a table has a column for it all the same.
func decode(t *testing.T, b []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return prune(v)
}

func prune(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, in := range v {
			if in = prune(in); in == nil || in == "" {
				delete(v, k)
			} else {
				v[k] = in
			}
		}
	case []any:
		for i := range v {
			v[i] = prune(v[i])
		}
		if len(v) == 0 {
			return nil
		}
	}
	return v
}

// TestSameEventsSameFile: a second run over the same logs changes nothing, and other events stand beside them.
func TestSameEventsSameFile(t *testing.T) {
	dir, rows := t.TempDir(), made(t, 30)
	write(t, dir, lake.Options{}, rows)
	before := files(t, dir)
	write(t, dir, lake.Options{Memory: 500}, rows)
	if d := cmp.Diff(before, files(t, dir)); d != "" {
		t.Errorf("a second run (-before +after):\n%s", d)
	}
	write(t, dir, lake.Options{}, rows[:1])
	if got := files(t, dir); len(got) != len(before)+1 {
		t.Errorf("%d files after another run, want %d", len(got), len(before)+1)
	}
}

func TestPlace(t *testing.T) {
	at := time.Date(2026, 3, 4, 23, 59, 59, 0, time.UTC).UnixMilli()
	for want, r := range map[string]lake.Row{
		"ext/cloudtrail-api_activity/region=eu-central-1/accountId=111122223333/eventDay=20260304": {Class: 6003, Region: "eu-central-1", Account: "111122223333", Time: at},
		"ext/vpcflow-network_activity/region=unknown/accountId=unknown/eventDay=20260304":          {Log: event.VPCFlow, Class: 4001, Region: "../../etc", Account: "1/../2", Time: at},
		"ext/waf-http_activity/region=unknown/accountId=unknown/eventDay=00010101":                 {Log: event.WAF, Class: 4002, Time: 1 << 60},
	} {
		if got := r.Place(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestNestedColumns: objects are groups and lists are lists, not texts with JSON in them.
func TestNestedColumns(t *testing.T) {
	view, _ := ocsf.New(ocsf.APIActivityUID)
	schema := parquet.SchemaOf(reflect.New(lake.Columns(reflect.TypeOf(view).Elem())).Interface())
	var paths []string
	for _, c := range schema.Columns() {
		paths = append(paths, strings.Join(c, "."))
	}
	for _, want := range []string{
		"time", "metadata.product.name", "metadata.profiles.list.element", "actor.user.account.uid", "api.response.error",
		"resources.list.element.owner.account.uid", "unmapped.key_value.key", "unmapped.key_value.value", "api.request.data",
	} {
		if !slices.Contains(paths, want) {
			t.Errorf("there is no column %s in %v", want, paths)
		}
	}
}

// TestNothingHalf: a run that is given up leaves no file and nothing temporary.
func TestNothingHalf(t *testing.T) {
	dir := t.TempDir()
	w, err := lake.New(dir, lake.Options{Memory: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range made(t, 20) {
		if err := w.Add(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadDir(dir); err != nil || len(got) != 0 {
		t.Errorf("left behind: %v, %v", got, err)
	}
}

func TestBadFolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := lake.New(path, lake.Options{}); err == nil {
		t.Error("a file is taken for a folder")
	}
}
