package playbook

import (
	"context"
	"encoding/json"
	"strings"

	"jobzero/internal/expr"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/playbook/book"
	"jobzero/internal/resource"
)

// scene is what the conditions of a run are asked about. The resource is as it was read last in this call, or is read.
func (d *Director) scene(ctx context.Context, k desk) (book.Scene, error) {
	sight, err := d.glimpse(ctx, k, proof(k.def, *k.next))
	if err != nil {
		return book.Scene{}, err
	}
	return d.sceneOf(k, sight)
}

func (d *Director) sceneOf(k desk, sight Sight) (book.Scene, error) {
	now := d.now()
	s := book.Scene{Vars: map[string]any{"now": now}}
	f := *k.next
	var err error
	if s.Vars["finding"], err = plain(f); err != nil {
		return s, err
	}
	fields := s.Vars["finding"].(map[string]any) //nolint:forcetypeassert // a struct becomes a map
	for _, name := range []string{"principal", "arn", "region"} {
		if _, ok := fields[name]; !ok { // of a finding that does not say it
			s.Unknown = append(s.Unknown, "finding."+name)
		}
	}
	s.Vars["ticket"], s.Vars["input"] = ticketOf(k), expr.Value(texts(f.Input))
	addResource(&s, sight)
	if d.facts.Account != nil && f.Account != "" {
		if facts := d.facts.Account(f.Account); facts != nil {
			s.Vars["account"] = expr.Value(facts)
		}
	}
	if _, ok := s.Vars["account"]; !ok {
		s.Vars["account"] = map[string]any{"id": f.Account}
		for _, name := range []string{"name", "environment", "unit", "units", "tags"} {
			s.Unknown = append(s.Unknown, "account."+name)
		}
	}
	if k.inquiry != nil {
		vars, unknown, err := k.inquiry.vars()
		if err != nil {
			return s, err
		}
		s.Vars["inquiry"], s.Unknown = vars, append(s.Unknown, unknown...)
	}
	if d.facts.Freeze != nil {
		_, _, s.Vars["freeze"] = d.facts.Freeze(now)
	}
	if d.facts.Access != nil {
		s.Access = d.facts.Access()
	}
	return s, addSteps(&s, k.run, k.within)
}

// plain is a value as expressions see it.
func plain(v any) (any, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "describe a %T", v)
	}
	var out any
	if err := json.Unmarshal(text, &out); err != nil {
		return nil, fault.Wrap(fault.Internal, err, "describe a %T", v)
	}
	return expr.Value(out), nil
}

func ticketOf(k desk) map[string]any {
	t := k.ticket
	found := make([]any, 0, len(k.findings))
	for _, f := range k.findings {
		found = append(found, map[string]any{"kind": string(f.Kind), "by": f.By, "severity": string(f.Severity), "state": string(f.State), "open": f.State == finding.Open})
	}
	return map[string]any{
		"id": string(t.ID), "severity": string(t.Severity), "state": string(t.State), "owner": t.Owner.Team, "opened": t.Clocks.Opened,
		"reopened": int64(t.Reopened), "contended": t.Contended, "findings": found,
	}
}

// addResource adds the resource as it was read, with what of it could not be.
func addResource(s *book.Scene, sight Sight) {
	var r resource.Resource
	if len(sight.Resource) == 0 || json.Unmarshal(sight.Resource, &r) != nil || r.Ref.Type == "" {
		return // not every sight is of a resource: what there is none of is unknown
	}
	s.Vars["resource"] = map[string]any{
		"type": string(r.Type), "id": r.ID, "account": r.Account, "region": r.Region, "arn": r.ARN, "tags": expr.Value(texts(r.Tags)),
		"properties": expr.Value(r.Properties), "related": expr.Value(r.Related), "gone": r.Gone,
	}
	for _, u := range r.Unknown {
		s.Unknown = append(s.Unknown, "resource."+u.Path)
	}
}

func texts(m map[string]string) map[string]any {
	out := make(map[string]any, len(m))
	for k, v := range m {
		out[k] = v
	}
	return out
}

// addSteps adds what the steps came to, as far as they are over. A playbook that is run as a step sees its own by the names that they have in it;
// within is what stands before those in the run.
func addSteps(s *book.Scene, r *Run, within string) error {
	out := map[string]any{}
	if r != nil {
		for _, step := range r.Steps {
			one := map[string]any{"state": string(step.State), "note": step.Note, "failed": int64(step.Failed)}
			if len(step.Output) > 0 {
				var v any
				if err := json.Unmarshal(step.Output, &v); err != nil {
					return fault.Wrap(fault.Internal, err, "read what step %s gave", step.ID)
				}
				one["output"] = expr.Value(v)
			}
			out[step.ID] = one
			if own, ok := strings.CutPrefix(step.ID, within); ok {
				out[own] = one
			}
		}
	}
	s.Vars["steps"] = out
	return nil
}
