package estate

import (
	"strings"

	"jobzero/internal/access"
	"jobzero/internal/fault"
	"jobzero/internal/policy"
	"jobzero/internal/principal"
)

// Question is a call in short.
type Question struct {
	Action, Resource string
	Context          policy.Keys // what is known of it
	Whole            bool        // and there is nothing else in it
}

// Can decides over a call of somebody by his ARN. An error is fault.NotFound when nobody has that ARN.
func (e *Estate) Can(who string, q Question) (access.Decision, error) {
	h, ok := e.holder(who)
	if !ok {
		return access.Decision{}, fault.New(fault.NotFound, "nobody here is called %s", who)
	}
	caller := h.caller
	if who != h.ARN {
		c, err := access.NewCaller(access.IAM, who, h.Account)
		if err != nil {
			return access.Decision{}, err
		}
		caller = c
	}
	return e.decide(h, caller, q), nil
}

// Who gives everybody who can make a call, and everybody of whom that is not known, sorted by ARN.
func (e *Estate) Who(q Question) (can, perhaps []string) {
	for _, arn := range e.Holders() {
		h := e.holders[arn]
		switch e.decide(h, h.caller, q).Outcome {
		case access.Allowed:
			can = append(can, arn)
		case access.Unknown:
			perhaps = append(perhaps, arn)
		case access.ImplicitlyDenied, access.ExplicitlyDenied:
		}
	}
	return can, perhaps
}

func (e *Estate) decide(h *Holder, caller access.Caller, q Question) access.Decision {
	return e.under(h.policies, Supposed{Account: h.Account, Caller: caller}, q)
}

// under decides by policies of a caller, to which those of the resource are added.
func (e *Estate) under(p access.Policies, s Supposed, q Question) access.Decision {
	t := e.thing(q.Resource)
	p.Resource = t.policy
	if s.Swap != nil {
		p.Resource = s.Swap(q.Resource, t.policy)
	}
	account := t.account
	if account == "" {
		account = s.Account // nothing says whose it is
	}
	p.RCPs = e.controls[account]
	c := access.Call{Caller: s.Caller, Action: q.Action, Resource: q.Resource, Account: account}
	if q.Whole {
		c.Context = access.Whole(&c, q.Context)
	} else {
		c.Context = access.Partial(&c, q.Context)
	}
	return p.Decide(&c)
}

// thing finds the policy that a resource is under: its own, or that of the bucket that it lies in. Whose it is stands in its ARN, or was read.
func (e *Estate) thing(arn string) thing {
	t, ok := e.things[arn]
	if !ok {
		if rest, in := strings.CutPrefix(arn, "arn:aws:s3:::"); in {
			bucket, _, _ := strings.Cut(rest, "/")
			t = e.things["arn:aws:s3:::"+bucket]
		}
	}
	if a, err := principal.ParseARN(arn); err == nil && a.Account != "" {
		t.account = a.Account
	}
	return t
}

func lastOf(arn string) string { return arn[strings.LastIndexAny(arn, "/:")+1:] }
