package span

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// read gives each piece as "state list text".
func read(tb testing.TB, in io.Reader, o Options) []string {
	tb.Helper()
	r := NewReader(in, o)
	names := []string{"whole", "broken", "oversize", "cut"}
	var got []string
	for {
		p, err := r.Next()
		if errors.Is(err, io.EOF) {
			return got
		}
		if err != nil {
			tb.Fatalf("Next: %v", err)
		}
		if (p.State == Whole) != (p.Reason == "") {
			tb.Errorf("state %s with reason %q", names[p.State], p.Reason)
		}
		got = append(got, strings.TrimSpace(names[p.State]+" "+p.List+" "+strings.TrimSpace(string(p.Bytes))))
	}
}

func TestShapes(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want []string
	}{
		"empty":                   {"", nil},
		"blank":                   {" \n\t\r\n ", nil},
		"one object":              {`{"a":1}`, []string{`whole  {"a":1}`}},
		"byte order mark":         {"\xef\xbb\xbf" + `{"a":1}`, []string{`whole  {"a":1}`}},
		"records":                 {`{"Records":[{"a":1},{"b":[2]}]}`, []string{`whole Records {"a":1}`, `whole Records {"b":[2]}`}},
		"records empty":           {`{"Records":[]}`, nil},
		"records between":         {`{"x":{"Records":[1]},"Records" : [ {"a":1} ] ,"y":[1,{"Records":[3]}]}`, []string{`whole Records {"a":1}`}},
		"records twice":           {`{"Records":[{"a":1}],"Records":[{"b":1}]}`, []string{`whole Records {"a":1}`, `whole Records {"b":1}`}},
		"records no list":         {`{"Records":5}`, []string{`whole  {"Records":5}`}},
		"events":                  {`{"Events":[{"a":1}]}`, []string{`whole Events {"a":1}`}},
		"array":                   {`[{"a":1}, {"b":2}]`, []string{`whole array {"a":1}`, `whole array {"b":2}`}},
		"array of others":         {`[1,"x,]",[2],null]`, []string{`whole array 1`, `whole array "x,]"`, `whole array [2]`, `whole array null`}},
		"lines":                   {"{\"a\":1}\n{\"b\":2}\r\n\n{\"c\":3}", []string{`whole  {"a":1}`, `whole  {"b":2}`, `whole  {"c":3}`}},
		"no lines":                {`{"a":1}{"b":2}`, []string{`whole  {"a":1}`, `whole  {"b":2}`}},
		"lines of wrappers":       {"{\"Records\":[{\"a\":1}]}\n{\"Records\":[{\"b\":1}]}\n", []string{`whole Records {"a":1}`, `whole Records {"b":1}`}},
		"strings with brackets":   {`{"a":"}]{[\"\\"}`, []string{`whole  {"a":"}]{[\"\\"}`}},
		"python indent 0":         {"{\n\"Records\": [\n{\n\"a\": [\n{\n\"b\": 1\n},\n{\n\"b\": 2\n}\n]\n}\n]\n}", []string{"whole Records {\n\"a\": [\n{\n\"b\": 1\n},\n{\n\"b\": 2\n}\n]\n}"}},
		"broken line, missing }":  {"{\"a\":{\"b\":1}\n{\"c\":1}\n", []string{`broken  {"a":{"b":1}`, `whole  {"c":1}`}},
		"broken line, in text":    {"{\"a\":\"b\n{\"c\":1}\n", []string{`broken  {"a":"b`, `whole  {"c":1}`}},
		"broken line, after [":    {"{\"a\":[\n{\"c\":1}\n{\"d\":1}\n", []string{`broken  {"a":[`, `whole  {"c":1}`, `whole  {"d":1}`}},
		"broken line, after :":    {"{\"a\":\n{\"c\":1}\n", []string{`broken  {"a":`, `whole  {"c":1}`}},
		"broken line, crossed":    {"{\"a\":[1}\n{\"c\":1}\n", []string{`broken  {"a":[1}`, `whole  {"c":1}`}},
		"broken last line":        {"{\"a\":1}\n{\"c\":", []string{`whole  {"a":1}`, `cut  {"c":`}},
		"garbage line":            {"{\"a\":1}\nhello\n{\"c\":1}\n", []string{`whole  {"a":1}`, `broken  hello`, `whole  {"c":1}`}},
		"garbage first":           {"hello {\n{\"c\":1}\n", []string{`broken  hello {`, `whole  {"c":1}`}},
		"garbage behind":          {"{\"a\":1}} x\n{\"c\":1}\n", []string{`whole  {"a":1}`, `broken  } x`, `whole  {"c":1}`}},
		"element, bare word":      {`{"Records":[{"a":x},{"b":1}]}`, []string{`whole Records {"a":x}`, `whole Records {"b":1}`}},
		"element, crossed":        {`{"Records":[{"a":[1},{"b":1}]}`, []string{`broken Records {"a":[1}`, `whole Records {"b":1}`}},
		"element, missing }":      {`{"Records":[{"a":{"c":1},{"b":1}]}`, []string{`broken Records {"a":{"c":1},`, `whole Records {"b":1}`}},
		"element, missing quote":  {"{\"Records\":[\n {\"a\":\"c},\n {\"b\":1}\n]}", []string{"broken Records {\"a\":\"c},", `whole Records {"b":1}`}},
		"element, quote and line": {"{\"Records\":[\n{\"a\":\"c},\n{\"b\":1}\n]}", []string{"broken Records {\"a\":\"c},", `whole Records {"b":1}`}},
		"last element, quote":     {"[\n {\"b\":1},\n {\"a\":\"c}\n]", []string{`whole array {"b":1}`, `broken array {"a":"c}`}},
		"element, stray bracket":  {`{"Records":[{"a":1],"c":2},{"b":1}]}`, []string{`broken Records {"a":1],"c":2}`, `whole Records {"b":1}`}},
		"element, a word":         {`{"Records":[oops,{"b":1}]}`, []string{`whole Records oops`, `whole Records {"b":1}`}},
		"element, word and brace": {`{"Records":[oops{"b":1}]}`, []string{`broken Records oops`, `whole Records {"b":1}`}},
		"list cut":                {`{"Records":[{"a":1},`, []string{`whole Records {"a":1}`, `cut Records`}},
		"wrapper cut":             {`{"Records":[{"a":1}]`, []string{`whole Records {"a":1}`, `cut`}},
		"element cut":             {`{"Records":[{"a":1},{"b"`, []string{`whole Records {"a":1}`, `cut Records {"b"`}},
		"list never closed":       {`{"Records":[{"a":1}}`, []string{`whole Records {"a":1}`, `broken Records }`, `cut Records`}},
		"binary":                  {"\x00\x01\x02", []string{"broken  \x00\x01\x02"}},
		"log lines":               {"[2024-01-01] hello\n{\"a\":1}\n", []string{`whole array 2024-01-01`, `broken  hello`, `whole  {"a":1}`}},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(c.want, read(t, strings.NewReader(c.in), Options{})); d != "" {
				t.Errorf("at once (-want +got):\n%s", d)
			}
			if d := cmp.Diff(c.want, read(t, iotest.OneByteReader(strings.NewReader(c.in)), Options{})); d != "" {
				t.Errorf("byte by byte (-want +got):\n%s", d)
			}
		})
	}
}

func TestFailingStream(t *testing.T) {
	bad := errors.New("disk on fire")
	for in, want := range map[string]int{`{"Records":[{"a":1},{"b":`: 2, `{"a":1}`: 2, "{\"a\":1}\n": 2, "hello": 1, `[`: 1} {
		r := NewReader(io.MultiReader(strings.NewReader(in), iotest.ErrReader(bad)), Options{})
		var last Piece
		n := 0
		for {
			p, err := r.Next()
			if err != nil {
				break
			}
			n, last = n+1, p
		}
		if n != want || last.State != Cut || !strings.Contains(last.Reason, "disk on fire") {
			t.Errorf("%q: %d pieces, the last %+v", in, n, last)
		}
	}
}

func TestStuckStream(t *testing.T) {
	p, err := NewReader(stuck{}, Options{}).Next()
	if err != nil || p.State != Cut {
		t.Errorf("a reader that gives nothing: %+v, %v", p, err)
	}
}

type stuck struct{}

func (stuck) Read([]byte) (int, error) { return 0, nil }

// TestOversize: a record past the limit is skipped, kept in part, measured whole, and the next one is read.
func TestOversize(t *testing.T) {
	pad := strings.Repeat("x", 300<<10)
	big := fmt.Sprintf(`{"eventID":"1","pad":%q,"eventName":"A"}`, pad)
	for name, in := range map[string]string{
		"lines":   big + "\n" + `{"b":1}` + "\n",
		"records": `{"Records":[` + big + `,{"b":1}]}`,
		"no JSON": pad + pad + "\n" + `{"b":1}` + "\n",
	} {
		r := NewReader(strings.NewReader(in), Options{MaxRecord: 100 << 10, Names: []string{"eventID", "eventName"}})
		p, err := r.Next()
		if err != nil || len(p.Bytes) != MaxHead {
			t.Fatalf("%s: %v, %d bytes", name, err, len(p.Bytes))
		}
		if name != "no JSON" && (p.State != Oversize || p.Size != int64(len(big)) || p.Known != 2) {
			t.Errorf("%s: state %d, size %d, known %d", name, p.State, p.Size, p.Known)
		}
		q, err := r.Next()
		if err != nil || string(q.Bytes) != `{"b":1}` {
			t.Errorf("%s: the next record is %q, %v", name, q.Bytes, err)
		}
		if got := in[q.Offset:][:len(q.Bytes)]; got != `{"b":1}` {
			t.Errorf("%s: the offset points at %q", name, got)
		}
	}
}

// TestMemory reads a lot in one line, in one element, in brackets and in spaces; none may cost more than a few megabytes.
func TestMemory(t *testing.T) {
	for name, c := range map[string]struct{ before, unit, after string }{
		"a line":    {`{"a":"`, "xxxxxxxxxxxxxxxx", "\"}\n{\"b\":1}\n"},
		"an object": {`{"Records":[{"a":[`, `{"k":"vvvvvvvv"},`, `0]},{"b":1}]}`},
		"brackets":  {``, `[`, ``},
		"spaces":    {`{"a":1}`, `                `, "\n{\"b\":1}\n"},
	} {
		t.Run(name, func(t *testing.T) {
			in := io.MultiReader(strings.NewReader(c.before), &again{unit: []byte(c.unit), left: 16 << 20}, strings.NewReader(c.after))
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			got := read(t, in, Options{})
			runtime.ReadMemStats(&after)
			if grown := after.TotalAlloc - before.TotalAlloc; grown > 12<<20 {
				t.Errorf("allocated %d bytes", grown)
			}
			if c.after != "" && got[len(got)-1] != `whole  {"b":1}` && got[len(got)-1] != `whole Records {"b":1}` {
				t.Errorf("the record behind is lost: %d pieces", len(got))
			}
		})
	}
}

// again repeats a unit for a length.
type again struct {
	unit []byte
	at   int
	left int64
}

func (a *again) Read(b []byte) (int, error) {
	if a.left <= 0 && a.at == 0 {
		return 0, io.EOF
	}
	n := 0
	for n < len(b) && (a.left > 0 || a.at != 0) {
		k := copy(b[n:], a.unit[a.at:])
		a.at = (a.at + k) % len(a.unit)
		n, a.left = n+k, a.left-int64(k)
	}
	return n, nil
}

// TestHostileLinesCostLinearTime: lines that each swallow all that follow must not be read over and over.
func TestHostileLinesCostLinearTime(t *testing.T) {
	line := `{"a":"` + strings.Repeat("x", 4000) + "\",\"b\":\n"
	r := NewReader(&again{unit: []byte(line), left: 4 << 20}, Options{})
	n := 0
	for {
		if _, err := r.Next(); err != nil {
			break
		}
		n++
	}
	if r.again > 2*(allowance+4<<20) {
		t.Errorf("%d bytes looked at again in %d pieces", r.again, n)
	}
}

// TestAnyDocument: whatever valid records, shape and reads, each record comes out once and whole.
func TestAnyDocument(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var records [][]byte
		for range rapid.IntRange(0, 5).Draw(t, "n") {
			m := rapid.MapOf(rapid.String(), rapid.SliceOf(rapid.String())).Draw(t, "record")
			delete(m, "Records")
			delete(m, "Events")
			b, err := json.Marshal(m)
			if err != nil {
				t.Fatal(err)
			}
			if rapid.Bool().Draw(t, "indent") {
				var out bytes.Buffer
				_ = json.Indent(&out, b, "", " ")
				b = out.Bytes()
			}
			records = append(records, b)
		}
		shape := rapid.SampledFrom([]string{"%s", "[%s]", `{"Records":[%s]}`, `{"Events":[%s],"x":1}`}).Draw(t, "shape")
		sep := ","
		if shape == "%s" {
			sep = "\n"
		}
		in := fmt.Sprintf(shape, bytes.Join(records, []byte(sep)))
		size := rapid.IntRange(1, 64).Draw(t, "read size")
		r := NewReader(&short{strings.NewReader(in), size}, Options{})
		for i := 0; ; i++ {
			p, err := r.Next()
			if err != nil {
				if i != len(records) {
					t.Fatalf("%d of %d records", i, len(records))
				}
				return
			}
			if p.State != Whole || i >= len(records) || !bytes.Equal(p.Bytes, records[i]) || in[p.Offset:int(p.Offset)+len(p.Bytes)] != string(p.Bytes) {
				t.Fatalf("piece %d: %+v", i, p)
			}
		}
	})
}

type short struct {
	in io.Reader
	n  int
}

func (s *short) Read(b []byte) (int, error) { return s.in.Read(b[:min(len(b), s.n)]) }

// FuzzScan: any bytes end, give bounded pieces in order, and are the same however they arrive.
func FuzzScan(f *testing.F) {
	for _, s := range []string{`{"Records":[{"a":1},`, "{\"a\":\"b\n{\"c\":1}", `[1,"x"]`, "hello\n{", `{"a":[}`, "\xef\xbb\xbf[", `{"Records":[}]`, `{"a"{"b":["\`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		o := Options{MaxRecord: 64}
		one := read(t, bytes.NewReader(in), o)
		two := read(t, iotest.OneByteReader(bytes.NewReader(in)), o)
		if d := cmp.Diff(one, two); d != "" {
			t.Errorf("it matters how the bytes arrive:\n%s", d)
		}
		if len(one) > len(in)+1 {
			t.Errorf("%d pieces of %d bytes", len(one), len(in))
		}
	})
}

func BenchmarkReader(b *testing.B) {
	record := `{"eventVersion":"1.09","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/alice","accountId":"111122223333"},"eventTime":"2024-08-01T13:29:57Z","eventSource":"s3.amazonaws.com","eventName":"PutBucketPolicy","requestParameters":{"bucketName":"example","policy":{"Statement":[{"Effect":"Allow"}]}},"eventID":"62e290e2-ee95-4a7c-a9f8-db4ef462b12d"}`
	in := []byte(`{"Records":[` + strings.Repeat(record+",", 9999) + record + `]}`)
	b.SetBytes(int64(len(in)))
	for b.Loop() {
		r := NewReader(bytes.NewReader(in), Options{})
		for {
			if _, err := r.Next(); err != nil {
				break
			}
		}
	}
}
