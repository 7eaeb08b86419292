package app

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"jobzero/internal/access/estate"
	"jobzero/internal/access/tie"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/book"
	"jobzero/internal/policy"
	"jobzero/internal/policy/timed"
	"jobzero/internal/principal/lineage"
	"jobzero/internal/principal/person"
	"jobzero/internal/resource"
)

// longestSession is the longest life of a session of a role (docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html, DurationSeconds).
const longestSession = 12 * time.Hour

// ofSession reports whether a finding is about sessions.
func ofSession(f finding.Finding) bool {
	return f.By == book.LeaverBy+heldSession || f.By == book.LeaverBy+heldInSet
}

// lookSession looks whether sessions that somebody had are over: their time has run out, the role does not exist any more, or what it is
// allowed, as it was read afresh, surely denies them everything.
func (h *House) lookSession(ctx context.Context, p person.Person, f finding.Finding, out playbook.Sight) (playbook.Sight, error) {
	var was lease
	if len(f.Evidence) == 0 || json.Unmarshal(f.Evidence[0].Data, &was) != nil || was.Name == "" {
		return out, fault.New(fault.Internal, "the finding %s does not say which sessions it is about", f.Fingerprint)
	}
	if err := h.sessions.catchUp(ctx, h.store, out.At); err != nil {
		return out, fault.Wrap(fault.CodeOf(err), err, "read which sessions are known")
	}
	all := h.sessionsOf(f, was, out.At)
	if len(all) == 0 {
		out.Result, out.Text = h.runOut(f, was, out.At)
		return out, nil
	}
	left, unread, err := h.stillLive(ctx, all, was, out.At)
	if err != nil {
		return out, err
	}
	strange, err := h.strange(ctx, p, was, left)
	switch {
	case err != nil:
		return out, err
	case unread != "":
		out.Result, out.Text = playbook.LookUnknown, unread
	case len(left) == 0:
		out.Result, out.Text = playbook.NoMore, "the sessions called "+was.Name+" are over: everything is denied to them until they end, or their role is gone"
	case strange:
		out.Result, out.Text = playbook.LookUnknown, words(left)+": others have sessions of this name too, which would end with his"
	default:
		out.Result, out.Text, out.Params = playbook.StillSo, words(left), was.params(out.At)
	}
	return out, nil
}

// params tells the action what to end: what was issued until now under the name, by anybody's clock, also what no record has told yet.
func (l lease) params(now time.Time) map[string]string {
	if l.User != "" {
		return map[string]string{"user": l.User}
	}
	return map[string]string{"session": l.Name, "issued-before": now.Add(2 * tie.Clocks).UTC().Format(timed.Stamp)}
}

// sessionsOf are the live sessions that a finding is about: those of its role and name, or those of its name in all roles of its permission
// set.
func (h *House) sessionsOf(f finding.Finding, was lease, now time.Time) []lineage.Session {
	if f.By != book.LeaverBy+heldInSet {
		return h.sessions.graph.Called(f.ARN, now)
	}
	inSet := func(arn string) bool {
		_, rest, _ := strings.Cut(arn, ":assumed-role/")
		role, name, _ := strings.Cut(rest, "/")
		return strings.HasPrefix(role, tie.Reserved) && strings.EqualFold(name, was.Name) && setOf(role) == was.Set
	}
	return slices.Collect(h.sessions.graph.Alive(now, inSet))
}

// runOut says whether the time of sessions is over of which nothing is known any more. Where credentials were forgotten early, one that was
// issued when they were last seen may be among those.
func (h *House) runOut(f finding.Finding, was lease, now time.Time) (playbook.Result, string) {
	until := was.Until
	if last := f.LastSeen.Add(longestSession); h.sessions.graph.Counts().Evicted > 0 && last.After(until) {
		until = last
	}
	if until.After(now) {
		return playbook.LookUnknown, "nothing is known any more of the sessions called " + was.Name + ", which may last until " + until.UTC().Format(time.RFC3339)
	}
	return playbook.NoMore, "the time of the sessions called " + was.Name + " has run out, at the latest at " + until.UTC().Format(time.RFC3339)
}

// stillLive reads the roles of sessions afresh, and gives the sessions that they do not deny everything. Unread says what could not be seen.
func (h *House) stillLive(ctx context.Context, all []lineage.Session, was lease, now time.Time) (left []lineage.Session, unread string, err error) {
	of := map[resource.Ref][]lineage.Session{}
	var order []resource.Ref
	for _, s := range all {
		ref := resource.Ref{Type: resource.Role, Account: s.Account, ID: s.Role}
		if of[ref] == nil {
			order = append(order, ref)
		}
		of[ref] = append(of[ref], s)
	}
	for _, ref := range order {
		r, err := h.inventory.Read(ctx, ref)
		if err != nil {
			return nil, "", err
		}
		if r.Gone {
			continue
		}
		some, why := was.living(of[ref], r, now)
		if left = append(left, some...); why != "" {
			unread = why
		}
	}
	return left, unread, nil
}

// living are the sessions that a role as it was read does not deny everything; why says that it could not all be read.
func (l lease) living(all []lineage.Session, r resource.Resource, now time.Time) (left []lineage.Session, why string) {
	e := estate.New()
	if err := e.Add(r); err != nil {
		return all, "the policies of " + r.String() + " could not be understood: " + err.Error()
	}
	if err := e.Done(); err != nil {
		return all, err.Error()
	}
	rights, _ := e.Granted(r.ARN)
	id, _ := r.Properties["RoleId"].(string)
	var more policy.Keys
	if l.User != "" {
		more = policy.Keys{"identitystore:userid": policy.Is(l.User)}
	}
	left = tie.Living(all, id, rights, more, now)
	if len(left) > 0 && slices.ContainsFunc(r.Unknown, ofPolicies) {
		return left, "the policies of " + r.String() + " could not be read: " + doubts(r)
	}
	return left, ""
}

// ofPolicies reports whether what is unknown are policies that a role or user has.
func ofPolicies(u resource.Unknown) bool {
	return u.Path == "properties" || u.Path == "related" || u.Path == "properties.Policies" || u.Path == "related.policies"
}

// strange reports whether a session is not surely his whom the finding is about.
func (h *House) strange(ctx context.Context, p person.Person, was lease, all []lineage.Session) (bool, error) {
	var book *tie.Book
	for _, s := range all {
		if s.Strength == lineage.Proved && slices.Contains(was.Roots, s.Root.ID) {
			continue
		}
		if book == nil {
			everybody, err := h.people(ctx)
			if err != nil {
				return false, err
			}
			book = tie.NewBook(everybody)
		}
		if j, ok := book.Behind(s); !ok || j.Person != p.ID || j.Sure == tie.Perhaps {
			return true, nil
		}
	}
	return false, nil
}
