package playbook_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/book"
	"jobzero/internal/playbook/verdict"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

const tool = `id: tool
title: A tool of ours
why: To see it close.
when: {kinds: [rule]}
if: inquiry.tools.known
verdict: known-tool
confidence: likely
close: true
`

const doubt = `id: doubt
title: There is a doubt
why: To see it not close.
when: {kinds: [rule]}
if: inquiry.activity.odd
verdict: suspicious
confidence: possible
`

// inquires has the director look into findings before it does anything, and counts what is gathered.
func (h *theatre) inquires(mode verdict.Mode, texts ...string) (asked *int) {
	h.t.Helper()
	var all []verdict.Definition
	for _, text := range texts {
		d, bad := verdict.Read("verdict.yml", []byte(text))
		if len(bad) > 0 {
			h.t.Fatal(errors.Join(bad...))
		}
		all = append(all, d)
	}
	asked = new(int)
	h.director = playbook.New(playbook.Options{
		Store: mortal{h.in(), func() fate { return h.fate() }}, Judge: h, Reader: reader, Hands: h, Now: func() time.Time { return h.now },
		Config: func() playbook.Config { return h.config }, Playbooks: func() []book.Definition { return h.books }, Chance: func() float64 { return 0 },
		NewID:    func(time.Time) string { h.ids++; return fmt.Sprintf("run-%d", h.ids) },
		Verdicts: func() playbook.Verdicts { return playbook.Verdicts{All: verdict.Sort(all), Mode: mode} },
		Gather: func(_ context.Context, what string, _ finding.Finding) (playbook.Gathered, error) {
			*asked++
			if g, ok := h.gathered[what]; ok {
				return g, nil
			}
			return playbook.Gathered{}, fault.New(fault.Unavailable, "nobody answers about %s", what)
		},
	})
	return asked
}

// lines counts the lines of a kind on the ticket.
func (h *theatre) lines(kind string) (n int) {
	h.see(func(tx *store.Tx) error {
		all, err := tx.Timeline(h.t.Context(), h.ref)
		for _, e := range all {
			if e.Kind == kind {
				n++
			}
		}
		return err
	})
	return n
}

func known(text, data string) playbook.Gathered {
	return playbook.Gathered{Text: text, Data: json.RawMessage(data), Links: []string{"event/" + text}}
}

// TestAnInquiryIsKnownToPlaybooks: what was read is there for conditions of steps, and what could not be read is unknown to them.
func TestAnInquiryIsKnownToPlaybooks(t *testing.T) {
	for said, want := range map[string]string{"kim": "first done, second done", "robin": "first done, second skipped", "": "first done, second failed"} {
		h := play(t, head+`steps:
  - {id: first, action: cut, if: inquiry.verdict == "none"}
  - {id: second, action: isolate, if: inquiry.who.name == "kim"}
`)
		h.inquires(verdict.Enforce)
		if said != "" {
			h.gathered["who"] = known(said, fmt.Sprintf(`{"name":%q}`, said))
		}
		h.report("r")
		h.run(time.Second)
		h.settled = true
		h.run(time.Hour)
		var got []string
		for _, s := range h.lastRun().Steps {
			got = append(got, s.ID+" "+string(s.State))
		}
		if strings.Join(got, ", ") != want || h.lines("inquiry") != 1 {
			t.Errorf("%q: %v, %d lines; want %s", said, got, h.lines("inquiry"), want)
		}
	}
}

// TestAVerdictComesBeforeThePlaybook: what is closed by it is not touched; the like of it is not read about again; what came later is looked
// into anew.
func TestAVerdictComesBeforeThePlaybook(t *testing.T) {
	h := play(t, head+"steps:\n  - {id: first, action: cut}\n")
	asked := h.inquires(verdict.Enforce, tool+"remember: 24h\n", doubt)
	h.gathered["tools"], h.gathered["activity"] = known("ours", `{"known":true}`), known("usual", `{"odd":false}`)
	h.gathered["event"] = known("e1", `{"ids":["e1"],"action":"s3:PutBucketPolicy","actions":["s3:PutBucketPolicy"],"address":"198.51.100.7"}`)
	h.report("r")
	h.run(time.Hour)
	if tk := h.ticket(); tk.State != ticket.Closed || !strings.Contains(tk.Reason, "closed by a verdict: known-tool (likely), by tool") || len(h.did) > 0 {
		t.Fatalf("%+v, did %v", tk, h.did)
	}
	if *asked != len(book.Inquired) {
		t.Errorf("%d things were asked, want %d", *asked, len(book.Inquired))
	}
	for range 2 {
		h.now = h.now.Add(time.Minute)
		h.report("r")
		h.run(time.Hour)
	}
	if tk := h.ticket(); tk.State != ticket.Closed || tk.Reopened != 2 || *asked != len(book.Inquired)+2 {
		t.Errorf("%+v, %d asked", tk, *asked)
	}
	h.see(func(tx *store.Tx) error {
		all, err := tx.InquiriesOf(t.Context(), h.ref)
		if err != nil || len(all) != 3 || all[0].Remembered || !all[2].Remembered || all[2].Source != "198.51.100.7" {
			t.Errorf("%+v, %v", all, err)
			return err
		}
		m, ok, err := tx.Memory(t.Context(), all[0].Recalled)
		if !ok || m.Times != 2 {
			t.Errorf("%+v, %t", m, ok)
		}
		return err
	})
	h.now = h.now.Add(25 * time.Hour) // it is remembered no more
	h.report("r")
	h.run(time.Hour)
	if *asked != 2*len(book.Inquired)+2 {
		t.Errorf("%d asked", *asked)
	}
}

// TestWhateverIsUnknownNothingCloses: whichever things cannot be read and whenever the process dies: there is one line of one inquiry, and
// the finding is closed only where the verdict is known to hold and the doubt is known not to; else the playbook does its work.
func TestWhateverIsUnknownNothingCloses(t *testing.T) {
	began, rounds := time.Now(), 0
	rapid.Check(t, func(r *rapid.T) {
		if rounds++; rounds > 10 && time.Since(began) > patience(t)/3 {
			return
		}
		h := play(t, head+"steps:\n  - {id: first, action: cut}\n")
		mode := rapid.SampledFrom([]verdict.Mode{verdict.Plan, verdict.Enforce}).Draw(r, "mode")
		h.inquires(mode, tool, doubt)
		tools, odd := rapid.SampledFrom([]string{"true", "false", "null", ""}).Draw(r, "tools"), rapid.SampledFrom([]string{"true", "false", ""}).Draw(r, "odd")
		if tools != "" {
			h.gathered["tools"] = known("tools", `{"known":`+tools+`}`)
		}
		if odd != "" {
			h.gathered["activity"] = known("activity", `{"odd":`+odd+`}`)
		}
		h.report("r")
		h.fate = func() fate { return fate(rapid.SampledFrom([]int{0, 0, 0, 1, 2}).Draw(r, "fate")) }
		for range 200 {
			if _, err := h.director.Advance(t.Context(), string(h.ref)); err == nil {
				break
			}
		}
		h.fate = func() fate { return lives }
		h.advance()
		if n := h.lines("inquiry"); n != 1 {
			r.Fatalf("%d lines of inquiries", n)
		}
		closes := mode == verdict.Enforce && tools == "true" && odd == "false"
		if closed := h.ticket().State == ticket.Closed; closed != closes {
			r.Fatalf("mode %s, tools %q, odd %q: ticket is %s: %s", mode, tools, odd, h.ticket().State, h.ticket().Reason)
		}
		if begun := h.lastRun().ID != ""; begun == closes {
			r.Fatalf("closed %t, and the playbook has begun: %t", closes, begun)
		}
	})
}

// TestWhatIsTooLargeIsNotKept: it is said, and unknown to conditions.
func TestWhatIsTooLargeIsNotKept(t *testing.T) {
	h := play(t, head+"steps:\n  - {id: first, action: cut, if: inquiry.who.name != \"\"}\n")
	h.inquires(verdict.Plan)
	h.gathered["who"] = known("kim", `{"name":"`+strings.Repeat("x", 20<<10)+`"}`)
	h.report("r")
	h.run(time.Hour)
	if s := h.lastRun().Steps[0]; s.State != playbook.StepFailed {
		t.Errorf("the step is %s", s.State)
	}
	if !h.said("Not known: who") {
		t.Error("nobody says so")
	}
}
