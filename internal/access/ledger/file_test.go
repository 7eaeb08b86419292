package ledger_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jobzero/internal/access/ledger"
	"jobzero/internal/fault"
)

func written(t interface{ Fatal(...any) }, l *ledger.Ledger) []byte {
	var b bytes.Buffer
	if err := l.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func reread(t interface{ Fatal(...any) }, l *ledger.Ledger, o ledger.Options) *ledger.Ledger {
	out, err := ledger.Read("a.ledger", bytes.NewReader(written(t, l)), o)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestFile: what is written and read is the same, in the same bytes, and goes on like the one that was never written.
func TestFile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := ledger.Options{Leaves: rapid.IntRange(1, 12).Draw(t, "leaves")}
		all := calls(t)
		cut := rapid.IntRange(0, len(all)).Draw(t, "cut")
		l := fold(o, all[:cut]...)
		l.Finish("a")
		again := reread(t, l, o)
		if !again.Finished("a") || again.Finished("b") {
			t.Error("it does not know which files were read")
		}
		if !bytes.Equal(written(t, l), written(t, again)) {
			t.Error("written again it is not the same")
		}
		for _, c := range all[max(0, cut-3):] { // three of them were there before
			l.Add(c.record())
			again.Add(c.record())
		}
		if d := cmp.Diff(text(t, l), text(t, again)); d != "" {
			t.Errorf("after it was read:\n%s", d)
		}
	})
}

func packed(text string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = io.WriteString(z, text)
	_ = z.Close()
	return b.Bytes()
}

const (
	head = `{"ledger":{"version":1,"coarse":{},"counts":{"events":1,"kept":1}}}` + "\n"
	one  = `{"row":{"principal":"p","root":{"kind":"person","id":"a"},"action":"s3:GetObject","resource":"arn:aws:s3:::a/b","days":[[20000,2,1,0,1728000000,1728000001]]}}` + "\n"
	tail = `{"end":{"rows":1,"folds":0,"seen":0,"files":0}}` + "\n"
)

func TestReadRefuses(t *testing.T) {
	cases := map[string]struct{ text, want string }{
		"no header":            {one, "a.ledger:1: want the header"},
		"another version":      {strings.Replace(head, `"version":1`, `"version":2`, 1), "a.ledger:1: the ledger is of version 2"},
		"cut off":              {head + one, "a.ledger:2: the ledger is cut off"},
		"a row is missing":     {head + tail, "a.ledger:2: it has 0 rows"},
		"more behind":          {head + one + tail + one, "a.ledger:4: a line behind the last one"},
		"no JSON":              {head + "x\n", "a.ledger:2: want a line"},
		"an unknown member":    {head + `{"novel":1}` + "\n", "a.ledger:2: want a line"},
		"nothing":              {head + "{}\n", "a.ledger:2: want a fold"},
		"an impossible day":    {head + strings.Replace(one, "20000,2,1", "20000,2,3", 1), "a.ledger:2: the day"},
		"of another day":       {head + strings.Replace(one, "20000", "20001", 1), "a.ledger:2: the day"},
		"no principal":         {head + strings.Replace(one, `"p"`, `""`, 1), "a.ledger:2: want a row"},
		"an unknown kind":      {head + strings.Replace(one, "person", "cat", 1), "a.ledger:2: want a row"},
		"no days":              {head + strings.Replace(one, "[20000,2,1,0,1728000000,1728000001]", "", 1), "a.ledger:2: the row has no days"},
		"a fold that is none":  {head + `{"fold":{"principal":"p","action":"s3:GetObject","resource":"arn:aws:s3:::a/b/c","step":1}}` + "\n", "a.ledger:2: arn:aws:s3:::a/b/c of p is no place"},
		"a fold behind rows":   {head + one + `{"fold":{"principal":"p","action":"s3:GetObject","resource":"arn:aws:s3:::a/*","step":1}}` + "\n", "a.ledger:3: want folds before"},
		"events in other form": {head + `{"seen":"AA=="}` + "\n", "a.ledger:2: want hashes"},
		"an unknown reason":    {strings.Replace(head, `"kept":1`, `"kept":1,"left":{"why not":1}`, 1), `a.ledger:1: "why not" is no reason`},
		"folded too far":       {strings.Replace(head, `"coarse":{}`, `"coarse":{"rows":9}`, 1), "a.ledger:1: no ledger is folded"},
		"a long line":          {head + strings.Repeat(" ", 2<<20), "a.ledger:1: the line is longer"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := ledger.Read("a.ledger", bytes.NewReader(packed(c.text)), ledger.Options{})
			if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
	if _, err := ledger.Read("a.ledger", strings.NewReader("{}"), ledger.Options{}); !fault.Is(err, fault.Invalid) {
		t.Errorf("no gzip: %v", err)
	}
	if l, err := ledger.Read("a.ledger", bytes.NewReader(packed(head+one+tail)), ledger.Options{}); err != nil || l.Used("p")[0].Count != 2 {
		t.Errorf("a good one: %v", err)
	}
}

// FuzzLedger: whatever is in a file, it is a ledger that can be written and read again, or an error with its line.
func FuzzLedger(f *testing.F) {
	f.Add(head + one + tail)
	f.Add(head + `{"fold":{"principal":"p","action":"s3:GetObject","resource":"arn:aws:s3:::a/*","step":2}}` + "\n" + one + `{"end":{"rows":1,"folds":1,"seen":0,"files":0}}` + "\n")
	f.Add(strings.Replace(head, `"coarse":{}`, `"coarse":{"rows":2,"days":1}`, 1) + one + `{"seen":"AAAAAAAAAAA="}` + "\n" + `{"files":"AAAAAAAAAAA="}` + "\n" + `{"end":{"rows":1,"folds":0,"seen":1,"files":1}}` + "\n")
	f.Add(head + `{"row":{"principal":"","root":{"kind":""},"action":"","resource":"","days":[[1,1,0,0,86400,86400]]}}` + "\n" + tail)
	f.Fuzz(func(t *testing.T, in string) {
		o := ledger.Options{Leaves: 2, Rows: 20, Days: 40}
		l, err := ledger.Read("a.ledger", bytes.NewReader(packed(in)), o)
		if err != nil {
			if !strings.Contains(err.Error(), "a.ledger") {
				t.Errorf("no place in %v", err)
			}
			return
		}
		again := reread(t, l, o)
		if d := cmp.Diff(text(t, l), text(t, again)); d != "" {
			t.Errorf("written and read:\n%s", d)
		}
	})
}
