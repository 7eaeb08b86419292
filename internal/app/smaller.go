package app

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"jobzero/internal/access"
	"jobzero/internal/access/estate"
	"jobzero/internal/access/least"
	"jobzero/internal/access/ledger"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/policy"
	"jobzero/internal/resource"
)

// narrowing is the action that puts a smaller text in the place of a policy.
const narrowing = "iam.narrow-inline-policy"

// fewestDays is how long a ledger has to cover before what is not in it is taken for not needed.
const fewestDays = 30

// smaller finds of a role or user the policy with most that is never used, and writes a smaller text for it. What the house's ledger saw in use is
// needed, and so is what was refused since the policy was narrowed the last time: the next text is wider by that.
func (h *House) smaller(ctx context.Context, f finding.Finding) (l learned, err error) {
	r, uses, err := h.held(ctx, f)
	if err != nil {
		return l, err
	}
	days, err := covered(uses, h.clock.Now())
	if err != nil {
		return l, err
	}
	cut, _, err := h.cut(ctx, *f.Resource)
	if err != nil {
		return l, err
	}
	needed := append(Uses(uses), cut.needed(uses)...)
	best := map[string]any{"policy": "", "document": "", "unused": 0, "days": days}
	text := fmt.Sprintf("nothing in its own policies is unused over %d days", days)
	most := 0
	for name, d := range inlinePolicies(r) {
		p, err := least.Reduce(&least.Subject{Principal: r.ARN, Kind: kindOf(r.Type), Holders: []string{r.ARN}, Policies: []estate.Held{{Document: d}}},
			least.Options{Used: needed, Inline: true, Days: days})
		if err != nil {
			return l, err
		}
		saved := p.Before.Actions - p.After.Actions
		if len(p.Policies) != 1 || saved < most || saved == most && name > best["policy"].(string) || saved == 0 {
			continue
		}
		most = saved
		best = map[string]any{"policy": name, "document": string(p.Policies[0].JSON), "unused": saved, "days": days}
		text = fmt.Sprintf("policy %s allows %d actions, of which %d were not used in %d days", name, p.Before.Actions, saved, days)
	}
	return learned{text: text, data: best}, nil
}

// refusedSince is what a role or user was refused since a smaller text was put in the place of one of its policies, and the text before allowed.
func (h *House) refusedSince(ctx context.Context, f finding.Finding) (l learned, err error) {
	if f.Resource == nil {
		return l, fault.New(fault.NotFound, "the finding is about no resource")
	}
	cut, ok, err := h.cut(ctx, *f.Resource)
	if err != nil {
		return l, err
	}
	if !ok {
		return l, fault.New(fault.NotFound, "no policy of it was narrowed")
	}
	uses, err := h.usesOf(ctx, cut.arn)
	if err != nil {
		return l, err
	}
	calls, acts := 0, []string{}
	for _, u := range cut.needed(uses) {
		calls += u.Count
		acts = append(acts, strings.TrimSpace(u.Action+" "+u.Resource))
	}
	text := fmt.Sprintf("nothing that was allowed before is refused since %s", cut.at.UTC().Format(time.RFC3339))
	if calls > 0 {
		text = fmt.Sprintf("%d calls were refused since %s that the text before allowed: %s", calls, cut.at.UTC().Format(time.RFC3339), strings.Join(acts[:min(len(acts), 5)], ", "))
	}
	return learned{text: text, data: map[string]any{"calls": calls, "acts": acts[:min(len(acts), mostActs)]}}, nil
}

// held reads the role or user that a finding is about afresh, and what the ledger has of it.
func (h *House) held(ctx context.Context, f finding.Finding) (r resource.Resource, uses []ledger.Use, err error) {
	if f.Resource == nil || f.Resource.Type != resource.Role && f.Resource.Type != resource.User {
		return r, nil, fault.New(fault.NotFound, "the finding is about no role and no user")
	}
	if r, err = h.inventory.Read(ctx, *f.Resource); err != nil {
		return r, nil, err
	}
	for _, u := range r.Unknown {
		if strings.HasPrefix(u.Path, "properties.Policies") || u.Path == "properties" {
			return r, nil, fault.New(fault.Unavailable, "its policies could not be read: %s", u.Cause)
		}
	}
	if r.Gone || r.ARN == "" {
		return r, nil, fault.New(fault.NotFound, "%s is not there any more", f.Resource)
	}
	uses, err = h.usesOf(ctx, r.ARN)
	return r, uses, err
}

// usesOf is what the house's ledger has of a principal.
func (h *House) usesOf(ctx context.Context, arn string) ([]ledger.Use, error) {
	l, _, err := Ledger(ctx, h.store, arn, ledger.Options{})
	if err != nil {
		return nil, err
	}
	if l.Counts().Events == 0 {
		return nil, fault.New(fault.NotFound, "no ledger of who did what is kept: ledger.days in the settings")
	}
	return l.Used(arn), nil
}

// covered is for how many days the ledger has watched a principal at least: since it saw the principal first. Fewer than fewestDays prove nothing.
func covered(uses []ledger.Use, now time.Time) (days int, err error) {
	for _, u := range uses {
		days = max(days, int(now.Sub(u.First).Hours()/24))
	}
	if days < fewestDays {
		return days, fault.New(fault.NotFound, "the ledger has watched it for %d days, and what is not used in %d is not sure to be unused", days, fewestDays)
	}
	return days, nil
}

// cut is the last time that a policy was narrowed: its text before and after.
type cut struct {
	at            time.Time
	arn           string // of the role or user
	before, after *policy.Document
}

// cut finds the last narrowing of a role's or user's policy that is done and not taken back; one that was taken back counts for what is needed.
func (h *House) cut(ctx context.Context, ref resource.Ref) (c cut, ok bool, err error) {
	var all []effect.Effect
	err = h.store.View(ctx, func(tx storeTx) error {
		all, err = tx.Effects(ctx, effect.Filter{Resource: ref.Key(), States: []effect.State{effect.Done, effect.Undoing, effect.Undone}})
		return err
	})
	for _, e := range all { // the last one comes first
		if err != nil || e.Plan.Action != narrowing || len(e.Plan.Calls) == 0 {
			continue
		}
		var before struct{ Document string }
		if err = json.Unmarshal(e.Plan.Before, &before); err != nil {
			return c, false, fault.Wrap(fault.Internal, err, "read what effect %s kept", e.Key)
		}
		c.at, c.arn = e.Began, e.Plan.Calls[0].Resource
		if c.before, err = identityPolicy(before.Document); err != nil {
			return c, false, err
		}
		c.after, err = identityPolicy(e.Plan.Target.Params["document"])
		return c, err == nil, err
	}
	return c, false, err
}

// needed are the uses that were refused since, though the text before allowed them and the one after does not.
func (c cut) needed(uses []ledger.Use) (out []least.Use) {
	if c.before == nil {
		return nil
	}
	for _, u := range uses {
		if u.Refused == 0 || u.Last.Before(c.at) || !allows(c.before, c.arn, u) || allows(c.after, c.arn, u) {
			continue
		}
		n := asUse(u)
		n.Count, n.Refused = u.Refused, 0
		out = append(out, n)
	}
	return out
}

// allows reports whether a policy may allow a use: what hangs on conditions that the ledger does not know counts.
func allows(d *policy.Document, arn string, u ledger.Use) bool {
	caller, err := access.NewCaller(access.IAM, arn, "")
	if err != nil {
		return true
	}
	on := strings.ReplaceAll(u.Resource, "*", "x")
	if on == "" || u.Resource == "*" {
		on = "*"
	}
	c := &access.Call{Caller: caller, Action: u.Action, Resource: on, Account: caller.Account()}
	c.Context = access.Partial(c, policy.Keys{})
	alone := access.Policies{Identity: []*policy.Document{d}}
	got := alone.Decide(c).Outcome
	return got == access.Allowed || got == access.Unknown
}

// Uses are uses of a ledger as what makes policies smaller takes them: a log does not say all of a resource, such as the path of a role.
func Uses(all []ledger.Use) (out []least.Use) {
	for _, u := range all {
		out = append(out, asUse(u))
	}
	return out
}

func asUse(u ledger.Use) least.Use {
	on := u.Resource
	if before, _, some := strings.Cut(on, "*"); some && before != "" {
		on = before + "*"
	}
	return least.Use{Action: u.Action, Resource: on, Count: u.Count, Refused: u.Refused, First: u.First, Last: u.Last}
}

func kindOf(t resource.Type) least.Kind {
	if t == resource.User {
		return least.User
	}
	return least.Role
}

// inlinePolicies are the policies that are written into a role or user, by name. One that cannot be read is left out: it is not made smaller.
func inlinePolicies(r resource.Resource) map[string]*policy.Document {
	out := map[string]*policy.Document{}
	all, _ := r.Properties["Policies"].([]any)
	for _, x := range all {
		one, _ := x.(map[string]any)
		name, _ := one["PolicyName"].(string)
		text, err := json.Marshal(one["PolicyDocument"])
		if err != nil {
			continue
		}
		if d, err := identityPolicy(string(text)); err == nil {
			out[name] = d
		}
	}
	return out
}

func identityPolicy(text string) (*policy.Document, error) {
	d, _, err := policy.Parse("policy", policy.Identity, []byte(text))
	return d, err
}
