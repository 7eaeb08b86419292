package transcript_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/ticket"
	"jobzero/internal/ticket/transcript"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// export writes a chain of nine links: entries of two tickets, and a row, from the link after one.
func export(t testing.TB, after int) string {
	t.Helper()
	var (
		out  bytes.Buffer
		w    *transcript.Writer
		last ticket.Link
		err  error
		tks  = []*ticket.Ticket{{ID: "01A"}, {ID: "01B"}}
	)
	for i := range 9 {
		if i == after {
			if w, err = transcript.New(&out, last, noon); err != nil {
				t.Fatal(err)
			}
		}
		var e *ticket.Entry
		if i%3 == 2 {
			last = ticket.FollowRow(last, "effect R/S", "f00d")
		} else {
			made := tks[i%2].Seal(ticket.Entry{
				At: noon.Add(time.Duration(i) * time.Millisecond), Actor: "jobzero/playbook", Kind: "effect", Text: "done <b>", Data: []byte(`{ "a": "<>" }`),
				Made: []effect.Made{{API: "s3:PutBucketPolicy", Account: "111122223333", Resource: "arn:aws:s3:::orders", Request: "R1", At: noon}},
			})
			e, last = &made, ticket.Follow(last, made)
		}
		if w != nil {
			if err := w.Add(last, e); err != nil {
				t.Fatal(err)
			}
		}
	}
	end, err := w.Close()
	if err != nil || end.Seq != 9 || end.Links != int64(9-after) {
		t.Fatalf("%+v %v", end, err)
	}
	return out.String()
}

func TestWhatIsExportedHolds(t *testing.T) {
	for _, after := range []int{0, 4} {
		begin, end, err := transcript.Check(strings.NewReader(export(t, after)))
		if err != nil || begin.After != int64(after) || end.Links != int64(9-after) || end.Seq != 9 || end.Entries == 0 {
			t.Errorf("after %d: %+v %+v %v", after, begin, end, err)
		}
	}
}

// TestEveryByteCounts: whichever byte is changed or taken away, and whichever line is removed, twice there or exchanged, it is noticed.
func TestEveryByteCounts(t *testing.T) {
	whole := export(t, 2)
	check := func(what, text string) {
		t.Helper()
		if _, _, err := transcript.Check(strings.NewReader(text)); err == nil {
			t.Errorf("%s: it holds all the same", what)
		}
	}
	made := strings.Index(whole, `"made":`) // when the file was made says nothing of the chain
	for i := range len(whole) - 1 {
		if i >= made && i < made+len(`"made":"2026-11-22T12:00:00Z"`) {
			continue
		}
		text := []byte(whole)
		text[i] ^= 1
		check("a byte changed at "+whole[max(0, i-20):i], string(text))
		check("a byte gone after "+whole[max(0, i-20):i], whole[:i]+whole[i+1:])
		if i > 0 {
			check("cut off after "+whole[max(0, i-20):i], whole[:i])
		}
	}
	lines := strings.SplitAfter(strings.TrimSuffix(whole, "\n"), "\n")
	for i := range lines {
		check("a line removed", strings.Join(append(append([]string(nil), lines[:i]...), lines[i+1:]...), ""))
		check("a line twice", strings.Join(append(append(append([]string(nil), lines[:i+1]...), lines[i]), lines[i+1:]...), "\n"))
		if i > 0 {
			swapped := append([]string(nil), lines...)
			swapped[i], swapped[i-1] = swapped[i-1], swapped[i]
			check("two lines exchanged", strings.Join(swapped, "\n"))
		}
	}
	check("nothing", "")
}

// What is wrong is named.
func TestWhatIsWrongIsNamed(t *testing.T) {
	whole := export(t, 0)
	lines := strings.SplitAfter(whole, "\n")
	without := func(i int) string {
		return strings.Join(append(append([]string(nil), lines[:i]...), lines[i+1:]...), "")
	}
	for name, c := range map[string]struct {
		text, want string
		code       fault.Code
	}{
		"text":            {strings.Replace(whole, "done", "gone", 1), "line 2: entry 1 of ticket 01A was edited", fault.Conflict},
		"row":             {strings.Replace(whole, "f00d", "f00e", 1), "line 4: link 3 (effect R/S) was edited", fault.Conflict},
		"a link removed":  {without(3), "line 4: link 3 was removed", fault.Conflict},
		"cut off":         {strings.Join(lines[:4], ""), "cut off after line 4, link 3", fault.Conflict},
		"a key twice":     {strings.Replace(whole, `"entry":{`, `"entry":{"kind":"x",`, 1), "line 2 was edited", fault.Conflict},
		"after its end":   {whole + lines[3], "line 12 was put in after the end", fault.Conflict},
		"something else":  {"{}\n", "line 1 does not say", fault.Invalid},
		"no JSON":         {"hello\n", "line 1", fault.Invalid},
		"a line too long": {lines[0] + strings.Repeat(" ", 65<<20), "line 2 has more than", fault.Invalid},
	} {
		if _, _, err := transcript.Check(strings.NewReader(c.text)); !fault.Is(err, c.code) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func FuzzCheck(f *testing.F) {
	f.Add([]byte(export(f, 0)))
	f.Add([]byte(export(f, 4)))
	f.Fuzz(func(t *testing.T, text []byte) {
		begin, end, err := transcript.Check(bytes.NewReader(text))
		if err == nil && end.Seq != begin.After+end.Links {
			t.Errorf("%+v %+v", begin, end)
		}
	})
}
