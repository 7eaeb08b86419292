package app

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"jobzero/internal/access/tie"
	"jobzero/internal/fault"
	"jobzero/internal/gather"
	"jobzero/internal/inventory/identitystore"
	"jobzero/internal/principal/lineage"
	"jobzero/internal/principal/person"
	"jobzero/internal/resource"
)

// setOf is the permission set by whose name a role of Identity Center is called: AWSReservedSSO_NAME_ and sixteen digits
// (docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html).
func setOf(role string) string {
	name := strings.TrimPrefix(role, tie.Reserved)
	if i := strings.LastIndexByte(name, '_'); i > 0 {
		return name[:i]
	}
	return name
}

// inSets brings sessions in roles of Identity Center to the permission sets that these roles are of: one finding for each.
func (s *survey) inSets(ctx context.Context, seated map[person.ID][]*takenOn) error {
	if len(seated) == 0 {
		return nil
	}
	sets, err := s.house.sets(ctx, s.gatherer(ctx))
	if err != nil {
		return s.miss(ctx, err)
	}
	for id, all := range seated {
		of := map[string][]lineage.Session{}
		joins := map[string]tie.Join{}
		for _, t := range all {
			name := setOf(t.all[0].Role)
			of[name], joins[name] = append(of[name], t.all...), t.join
		}
		for _, name := range slices.Sorted(maps.Keys(of)) {
			s.of[id].inSet(name, of[name], joins[name], sets)
		}
	}
	return nil
}

// inSet notes sessions in the roles of one permission set.
func (l *left) inSet(name string, all []lineage.Session, j tie.Join, sets map[string]resource.Ref) {
	var parts []string
	for _, a := range all {
		if !slices.Contains(parts, a.Account) {
			parts = append(parts, a.Account)
		}
	}
	first, last := span(all)
	what := fmt.Sprintf("sessions by permission set %s in %s, the first begun %s, last until %s", name, strings.Join(parts, ", "), first.UTC().Format(time.RFC3339), last.UTC().Format(time.RFC3339))
	ref, ok := sets[name]
	if !ok {
		l.Unsure = append(l.Unsure, what+": no permission set is called so any more")
		return
	}
	l.Remains = append(l.Remains, what)
	l.holdings = append(l.holdings, held{word: heldInSet, ref: ref, text: what, sure: j, of: all[0].Name, data: leaseOf(j, all)})
}

// sets gives all permission sets by their names. They are asked for when somebody has a session by one, and then not again for a while.
func (h *House) sets(ctx context.Context, g gather.Gatherer) (map[string]resource.Ref, error) {
	now := h.clock.Now()
	h.leaving.Lock()
	known, until := h.leaving.sets, h.leaving.setsUntil
	h.leaving.Unlock()
	if now.Before(until) {
		return known, nil
	}
	all, err := h.instances(ctx, g)
	if err != nil {
		return nil, err
	}
	out := map[string]resource.Ref{}
	for _, at := range all {
		if err := g.Sets(ctx, at, func(name, arn string) { out[name] = setRef(at, arn) }); err != nil {
			return nil, fault.Wrap(fault.CodeOf(err), err, "read the names of permission sets")
		}
	}
	h.leaving.Lock()
	h.leaving.sets, h.leaving.setsUntil = out, now.Add(keepSets)
	h.leaving.Unlock()
	return out, nil
}

func setRef(at identitystore.Instance, arn string) resource.Ref {
	return resource.Ref{Type: resource.PermissionSet, Account: at.Account, Region: at.Region, ID: at.ARN + "|" + arn}
}
