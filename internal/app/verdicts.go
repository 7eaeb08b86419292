package app

import (
	"context"
	"fmt"
	"slices"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/expect"
	"jobzero/internal/expect/standing"
	"jobzero/internal/fault"
	"jobzero/internal/org"
	"jobzero/internal/resource"
	"jobzero/internal/triage"
)

// judged is what came of holding a resource against what is expected.
type judged struct {
	unread fault.Code // why not all of it could be judged, Denied only when nothing else would help
	until  time.Time  // when the first of its waivers ends, and it has to be looked at again; zero when none is live
	row    standing.Row
}

// judge holds a resource as it was read against all expectations. What it finds was detected when the read began: a repair that
// was made and verified since is not contradicted by it. What fails for want of a read is said once for all resources of the
// type, not once a resource.
func (h *House) judge(ctx context.Context, r resource.Resource, began time.Time) (o judged, err error) {
	k := h.knowledge.Load()
	digest, err := h.digestOf(k, r, began)
	if err != nil {
		return o, err
	}
	if o, same, err := h.unchanged(ctx, r, digest, began); err != nil || same {
		return o, err
	}
	touch, err := h.touchOf(ctx, blamed(r))
	if err != nil {
		return o, err
	}
	j := triage.Judgement{What: r.Key()}
	o.row = standing.Row{ReadAt: began, JudgedAt: began, Digest: digest}
	for _, v := range k.Expectations.Check(r, h.facts()) {
		o.take(&j, v, about{r, touch, k.Waivers, began})
	}
	h.judgeOwner(&j, r, began)
	switch o.unread {
	case "":
	case fault.Denied:
		j.Unread = append(j.Unread, expect.Unread(expect.Dark{Type: r.Type, Account: r.Account, What: j.What, Code: o.unread, Why: doubts(r)}, began))
	default:
		j.What = "" // it is tried again first
	}
	if o.unread != "" {
		o.row.Digest = ""
	}
	o.row.Until = o.until
	err = h.store.Update(ctx, func(tx storeTx) error {
		if err := h.triager.JudgedIn(ctx, tx, j, h.clock.Now()); err != nil {
			return err
		}
		return h.keep(ctx, tx, r, o.row)
	})
	if err != nil {
		return o, err
	}
	for _, f := range append(j.Wrong, j.Unread...) {
		h.metrics.Finding(string(f.Kind), string(f.Severity))
	}
	return o, nil
}

// about is what is judged, and when.
type about struct {
	resource.Resource
	touch   *event.Touch
	waivers *org.Waivers
	began   time.Time
}

// take puts a verdict into the judgement and into what is kept of the resource.
func (o *judged) take(j *triage.Judgement, v expect.Verdict, a about) {
	id := v.Expectation.ID
	switch {
	case v.Kept: // neither met nor wrong: nobody who reads the live account will ever know, and a ticket would help nobody
		o.row.Unknown = append(o.row.Unknown, id)
	case v.Unread != "":
		if o.unread == "" || v.Unread != fault.Denied {
			o.unread = v.Unread
		}
		o.row.Unknown = append(o.row.Unknown, id)
	case v.Wrong():
		o.wrong(j, v, a)
	default:
		if v.Result == expect.Pass {
			o.row.Passing = append(o.row.Passing, id)
		}
		j.Passed = append(j.Passed, expect.Fingerprint(id, a.Ref))
	}
}

// wrong takes what is not met: waived while a waiver is live, and with a word to the owner of the waiver when it has expired.
func (o *judged) wrong(j *triage.Judgement, v expect.Verdict, a about) {
	id := v.Expectation.ID
	w, ok := a.waivers.Of(id, org.Waivable{Ref: a.Ref, ARN: a.ARN, Tags: a.Tags}, a.began)
	if ok && w.Live(a.began) {
		o.until = earlier(o.until, w.Expires.End())
		o.row.Waived = append(o.row.Waived, standing.Waived{Expectation: id, Waiver: w.ID()})
		j.Waived = append(j.Waived, triage.Waived{Finding: expect.Fingerprint(id, a.Ref), Note: waivedNote(w)})
		return
	}
	if v.Result == expect.Fail {
		o.row.Failing = append(o.row.Failing, id)
	} else {
		o.row.Unknown = append(o.row.Unknown, id)
	}
	f := expect.Finding(v, a.Resource, a.touch, a.began)
	if ok {
		f.Why += "; " + w.String() + " has expired on " + w.Expires.String()
		if end := w.Expires.End(); end.After(f.Occurred) { // until then it was approved
			f.Occurred = end
		}
		j.Lapsed = append(j.Lapsed, expect.Lapsed(w, j.What, a.began))
	}
	j.Wrong = append(j.Wrong, f)
}

// waivedNote says why nobody has to do anything now.
func waivedNote(w org.Waiver) string {
	return fmt.Sprintf("waived until %s by %s (%s)", w.Expires, w.ApprovedBy, w.Place())
}

// blamed are the resources of which whoever touched one last is likely to be behind what is wrong: the resource itself, and of a stack
// those of its resources that are not as its template says.
func blamed(r resource.Resource) []string {
	out := []string{r.Key()}
	list, _ := r.Properties["Differences"].([]any)
	if r.Type != resource.StackDrift {
		return out
	}
	for _, e := range list {
		d, _ := e.(map[string]any)
		of, _ := d["Of"].([]any)
		for _, key := range of {
			if text, ok := key.(string); ok && !slices.Contains(out, text) {
				out = append(out, text)
			}
		}
	}
	return out
}

// touchOf is the event that changed one of the resources last, nil when none is known.
func (h *House) touchOf(ctx context.Context, keys []string) (*event.Touch, error) {
	var t *event.Touch
	err := h.store.View(ctx, func(tx storeTx) error {
		for _, key := range keys {
			found, ok, err := tx.Touch(ctx, key)
			if err != nil {
				return err
			}
			if ok && (t == nil || found.Time.After(t.Time)) {
				t = &found
			}
		}
		return nil
	})
	return t, err
}
