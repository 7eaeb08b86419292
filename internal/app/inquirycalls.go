package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/glass"
	"jobzero/internal/org"
	"jobzero/internal/source/cloudtrail"
)

// recordsOf are the records that a finding is believed by. It is an error when there are none, or when one of them was not kept as a whole
// or is of another log: who made a call is known by its record alone.
func recordsOf(f finding.Finding) (out []*event.Event, err error) {
	for _, e := range f.Evidence {
		if e.Kind != "event" {
			continue
		}
		r, err := cloudtrail.Parse(e.Data, event.Origin{})
		if err != nil {
			return nil, fault.Wrap(fault.NotFound, err, "a record of the finding is none of CloudTrail's that was kept as a whole")
		}
		out = append(out, r)
	}
	if len(out) == 0 {
		return nil, fault.New(fault.NotFound, "the finding has no records of calls")
	}
	return out, nil
}

// actionOf is the call as records name it, such as s3:PutBucketPolicy.
func actionOf(e *event.Event) string {
	service, _, _ := strings.Cut(e.Source, ".")
	return service + ":" + e.Name
}

// callOf is a record as tools and changes are asked about it. What its resource is, the record says; else the finding does.
func callOf(e *event.Event, f finding.Finding) org.Call {
	c := org.Call{Principal: e.Actor.Principal(), Action: actionOf(e), Account: e.Account, Resource: refOf(f)}
	if len(e.Resources) == 1 && e.Resources[0].ARN != "" {
		c.Resource = e.Resources[0].ARN
	}
	return c
}

// session is the name of the session that made a call; empty for a user.
func session(e *event.Event) string {
	if e.Actor.Type != "AssumedRole" {
		return ""
	}
	return e.Actor.ARN[strings.LastIndexByte(e.Actor.ARN, '/')+1:]
}

// happened is what the records say.
func (h *House) happened(_ context.Context, f finding.Finding) (learned, error) {
	all, err := recordsOf(f)
	if err != nil {
		return learned{}, err
	}
	e := all[0]
	ids, actions, resources := []string{}, []string{}, []string{}
	var links []string
	add := func(to *[]string, s string) {
		if s != "" && !slices.Contains(*to, s) && len(*to) < mostActs {
			*to = append(*to, s)
		}
	}
	for _, x := range all {
		add(&ids, string(x.ID))
		add(&actions, actionOf(x))
		add(&links, "event/"+string(x.ID))
		for _, r := range x.Resources {
			add(&resources, r.ARN)
		}
	}
	data := map[string]any{
		"ids": ids, "action": actions[0], "actions": actions, "address": e.SourceIP, "session": session(e), "role": e.Actor.IssuerARN, "type": e.Actor.Type,
		"agent": e.UserAgent, "error": e.ErrorCode, "resources": resources, "invoked_by": e.Actor.InvokedBy,
	}
	text := fmt.Sprintf("%s from %s, event %s", strings.Join(actions, ", "), e.SourceIP, e.ID)
	if s := session(e); s != "" {
		text += ", session " + s
	}
	if e.ErrorCode != "" {
		text += ", refused or failed with " + e.ErrorCode
	}
	return learned{text, data, links}, nil
}

// byTool is the tool that made all the calls, as the organisation's file knows it.
func (h *House) byTool(_ context.Context, f finding.Finding) (learned, error) {
	all, err := recordsOf(f)
	if err != nil {
		return learned{}, err
	}
	name, does := "", true
	for i, e := range all {
		t, may, ok := h.knowledge.Load().Org.ToolOf(callOf(e, f))
		if !ok || i > 0 && t.Name != name {
			return learned{"no tool of the organisation's file", map[string]any{"known": false, "does": false, "name": ""}, nil}, nil
		}
		name, does = t.Name, does && may
	}
	text := name + ", and this is what it is there to do"
	if !does {
		text = name + ", and this is not what it is there to do"
	}
	return learned{text, map[string]any{"known": true, "does": does, "name": name}, nil}, nil
}

// inChange is the approved changes that all the calls are a part of.
func (h *House) inChange(_ context.Context, f finding.Finding) (learned, error) {
	all, err := recordsOf(f)
	if err != nil {
		return learned{}, err
	}
	approved := []string{}
	for i, e := range all {
		var of []string
		for _, c := range h.knowledge.Load().Org.ChangesOf(callOf(e, f), e.Time) {
			of = append(of, c.ID)
		}
		if i == 0 {
			approved = append(approved, of...)
		}
		approved = slices.DeleteFunc(approved, func(id string) bool { return !slices.Contains(of, id) })
	}
	text := "no approved change"
	if len(approved) > 0 {
		text = strings.Join(approved, ", ")
	}
	return learned{text, map[string]any{"approved": approved}, nil}, nil
}

// byGlass is the use of break-glass that the principal was in when it made the calls.
func (h *House) byGlass(ctx context.Context, f finding.Finding) (l learned, err error) {
	if f.Principal == "" {
		return l, fault.New(fault.NotFound, "the finding names nobody")
	}
	actors := []string{f.Principal}
	if all, err := recordsOf(f); err == nil {
		actors = append(actors, all[0].Actor.ARN)
	}
	l = learned{"no use of break-glass", map[string]any{"in_use": false, "use": "", "person": ""}, nil}
	err = h.store.View(ctx, func(tx storeTx) error {
		uses, err := tx.Glasses(ctx, []glass.State{glass.Granted, glass.Ending, glass.Ended, glass.Reviewed}, "", mostKin)
		for _, u := range uses {
			ended := u.Until
			if !u.Ended.IsZero() {
				ended = u.Ended
			}
			if !u.Since.IsZero() && !f.Occurred.Before(u.Since) && f.Occurred.Before(ended) && (slices.Contains(actors, u.Principal) || glassSession(actors, u)) {
				l = learned{fmt.Sprintf("use %s by %s: %s", u.ID, u.Person, u.Reason), map[string]any{"in_use": true, "use": string(u.ID), "person": u.Person}, nil}
			}
		}
		return err
	})
	return l, err
}

// glassSession reports whether one of some actors is a session of the role of a use that bears the use's name.
func glassSession(actors []string, u glass.Use) bool {
	return slices.ContainsFunc(actors, func(a string) bool {
		return strings.HasPrefix(a, "arn:") && strings.Contains(a, "::"+u.Account+":assumed-role/"+u.Role+"/") && strings.HasSuffix(a, "/"+u.ID.Session())
	})
}
