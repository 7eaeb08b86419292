package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"jobzero/internal/access/tie"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/playbook/book"
	"jobzero/internal/principal/person"
	"jobzero/internal/triage"
)

const (
	byLeaver = "jobzero/leaver" // somebody who has left is not proved to be gone
	byOrphan = "jobzero/orphan" // whoever owns it has left
)

// foundLeft brings what is left of somebody to his ticket. What was left before and is not any more is looked at once more by whoever has
// the ticket. Of somebody of whom there is nothing no ticket is opened. Some says that there is something, or that there was.
func (h *House) foundLeft(ctx context.Context, l *left, now time.Time) (some bool, err error) {
	if l == nil {
		return false, nil
	}
	err = h.store.Update(ctx, func(tx storeTx) error {
		some = false // the transaction may be tried again
		known, err := onTicket(ctx, tx, l.ID)
		if err != nil {
			return err
		}
		h.sessionsOver(l, known)
		var j triage.Judgement
		if j.Wrong, err = l.findings(now); err != nil {
			return err
		}
		for _, f := range known {
			some = some || f.State != finding.Done
			if f.Kind == finding.Leaver && !slices.ContainsFunc(j.Wrong, func(w finding.Finding) bool { return w.Fingerprint == f.Fingerprint }) {
				j.Passed = append(j.Passed, f.Fingerprint)
			}
		}
		some = some || len(j.Wrong) > 0
		return h.triager.JudgedIn(ctx, tx, j, now)
	})
	return some, fault.Wrap(fault.CodeOf(err), err, "write down what is left of %s", l.UserName)
}

// chained is the longest life of a session that was taken on with another one
// (docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining).
const chained = time.Hour

// sessionsOver adds the sessions that nobody can list: until as much has passed since the last way in was shut as a session of a role lasts,
// one may be left. A session that was ended was a way to others, which are shorter. It gives when that is; zero: it is over.
func (h *House) sessionsOver(l *left, known []finding.Finding) time.Time {
	until := l.Since(l.at).Add(h.config.Leavers.Sessions)
	for _, f := range known {
		if f.Kind != finding.Leaver || f.By == byLeaver || f.By == byOrphan {
			continue
		}
		lasts := h.config.Leavers.Sessions
		if ofSession(f) {
			lasts = min(lasts, chained)
		}
		if end := f.Settled.Add(lasts); !f.Settled.IsZero() && end.After(until) {
			until = end
		}
	}
	if !until.After(l.at) || len(l.Things) == 0 && len(known) == 0 {
		return time.Time{}
	}
	l.Unsure = append(l.Unsure, "a session of a role of which no record has told may last until "+until.UTC().Format(time.RFC3339))
	l.Settle()
	return until
}

// findings says what is wrong: each thing, and that he is not gone.
func (l *left) findings(now time.Time) (out []finding.Finding, err error) {
	if l.State(l.at) != person.Left || len(l.Things) == 0 && len(l.holdings) == 0 || l.Verdict == tie.Gone && len(l.holdings) == 0 {
		return nil, nil
	}
	for _, x := range l.holdings {
		ref := x.ref
		f := l.finding(book.LeaverBy+x.word, x.text, ref.Key()+x.of, now)
		f.Resource, f.ARN, f.Account, f.Region, f.Severity = &ref, x.arn, ref.Account, ref.Region, finding.High
		f.Title = l.Name() + " has left, and something of his still works: " + strings.ReplaceAll(x.word, "-", " ")
		if x.data == nil {
			x.data = x.sure
		}
		data, err := json.Marshal(x.data)
		if err != nil {
			return nil, fault.Wrap(fault.Internal, err, "describe %s", ref)
		}
		f.Evidence = []finding.Evidence{{Kind: "verdict", At: l.at, Text: x.text + "; it is his by " + x.sure.Reason + " (" + string(x.sure.Sure) + ")", Data: data}}
		out = append(out, f)
	}
	data, err := json.Marshal(l.Report)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "describe what is left of %s", l.UserName)
	}
	f := l.finding(byLeaver, l.words(), "", now)
	f.Resource, f.Severity, f.Unknown = personRef(l.ID), finding.Medium, l.Verdict == tie.Unknown
	f.Title = l.Name() + " has left, and is not proved to be gone"
	f.Evidence = []finding.Evidence{{Kind: "verdict", At: l.at, Text: f.Why, Data: data}}
	return append(out, f), nil
}

func (l *left) finding(by, why, what string, now time.Time) finding.Finding {
	sum := sha256.Sum256([]byte(why))
	return finding.Finding{
		Fingerprint: finding.Print(finding.Leaver, by, string(l.ID), what), Kind: finding.Leaver, By: by, Why: why, About: personRef(l.ID),
		Occurred: l.Since(now), Detected: l.at, Sighting: hex.EncodeToString(sum[:8]),
	}
}

// words says in a line what is left, or what is not known.
func (l *left) words() string {
	const most = 5
	list, begin := slices.Clone(l.Remains), "left: "
	for _, x := range l.holdings {
		if !slices.Contains(list, x.text) {
			list = append(list, x.text)
		}
	}
	if len(list) == 0 {
		list, begin = l.Unsure, "not known: "
	}
	switch {
	case len(list) == 0:
		return l.Name() + " is gone: on fresh reads of every account and of Identity Center nothing lets him in or allows him anything"
	case len(list) > most:
		list = append(list[:most:most], "and more")
	}
	return begin + strings.Join(list, "; ")
}
