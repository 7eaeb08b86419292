package estate

import (
	"runtime"
	"slices"
	"strings"
	"sync"

	"jobzero/internal/access"
	"jobzero/internal/fault"
	"jobzero/internal/policy"
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
	order := e.sorted()
	outcomes := make([]access.Outcome, len(order))
	t := e.about(q)
	var g sync.WaitGroup
	for part := range slices.Chunk(indexes(len(order)), 1+len(order)/runtime.GOMAXPROCS(0)) {
		g.Go(func() {
			for _, i := range part {
				if h := e.holders[order[i]]; t.open(h) {
					outcomes[i] = e.on(t, h.policies, Supposed{Holder: h, Account: h.Account, Caller: h.caller}, q).Outcome
				}
			}
		})
	}
	g.Wait()
	for i, o := range outcomes {
		switch o {
		case access.Allowed:
			can = append(can, order[i])
		case access.Unknown:
			perhaps = append(perhaps, order[i])
		case access.ImplicitlyDenied, access.ExplicitlyDenied:
		}
	}
	return can, perhaps
}

func indexes(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// open reports whether somebody may be let in at all: into another account only by the policy of what is called.
func (t thing) open(h *Holder) bool {
	return t.account == "" || t.account == h.Account || len(t.unread) > 0 ||
		slices.ContainsFunc(t.policies, func(d *policy.Document) bool { return grants(d, h) })
}

func (e *Estate) decide(h *Holder, caller access.Caller, q Question) access.Decision {
	return e.under(h.policies, Supposed{Holder: h, Account: h.Account, Caller: caller}, q)
}

// under decides by policies of a caller, to which those of the resource are added.
func (e *Estate) under(p access.Policies, s Supposed, q Question) access.Decision {
	return e.on(e.about(q), p, s, q)
}

// on decides about a resource that was found.
func (e *Estate) on(t thing, p access.Policies, s Supposed, q Question) access.Decision {
	p.Resource, p.UnreadResource = t.policies, t.unread
	if s.Swap != nil {
		p.Resource = s.Swap(q.Resource, t.policies)
	}
	account := t.account
	if account == "" {
		account = s.Account // nothing says whose it is
	}
	p.RCPs = e.controls[account]
	c := access.Call{Caller: s.Caller, Action: q.Action, Resource: q.Resource, Account: account}
	x := scene{e: e, who: s, asset: e.assets[q.Resource], arn: q.Resource, owner: account}
	if q.Whole {
		x.given = access.Whole(&c, q.Context)
	} else {
		x.given = access.Partial(&c, q.Context)
	}
	c.Context = &x
	return p.Decide(&c)
}

// about is what a call is about. What lets nobody in without its policy has one; when none was read, it is not known.
func (e *Estate) about(q Question) thing {
	t := e.thing(q.Resource)
	if len(t.policies)+len(t.unread) == 0 && access.Ruled(strings.ToLower(q.Action), q.Resource) {
		t.unread = []string{"the policy of " + q.Resource}
	}
	return t
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
	if account := ownerOf(arn); account != "" {
		t.account = account
	}
	return t
}

func lastOf(arn string) string { return arn[strings.LastIndexAny(arn, "/:")+1:] }
