package ask

import (
	"strings"

	"jobzero/internal/access/reach"
	"jobzero/internal/expr"
	"jobzero/internal/policy"
)

// reached is how far a credential reaches, counted twice: least is what is certain, most counts what hangs on something unknown too.
//
//	score        as jobzero access reach counts it: what is not certain at a half
//	cut          the work was cut off by its limit, so that most is not known
//	least, most  administered  accounts that it comes to administer
//	             accounts      accounts in which it becomes or administers anybody
//	             principals    users and roles that it becomes
//	             changed       resources that it changes or controls
//	             read          resources whose data it reads
//	             classes       the same by class, as data-classification says it in small letters
//	             stays         ways to stay
func reached(args []any) (any, error) {
	k, with := put(args)
	r, err := k.radius(with[0])
	if err != nil {
		return nil, missing(err)
	}
	out := map[string]any{"score": int64(r.Score), "cut": r.Cut, "least": counted(r, policy.Yes)}
	if r.Cut {
		out["most"] = expr.Cause("how far " + with[0] + " reaches at most: the work was cut off by its limit")
	} else {
		out["most"] = counted(r, policy.Maybe)
	}
	return out, nil
}

// counted is what is at least as certain.
func counted(r *reach.Radius, sure policy.Truth) map[string]any {
	all := sure == policy.Maybe
	administered, accounts, stays := int64(0), int64(0), int64(0)
	for _, a := range r.Accounts {
		if a.Administered >= sure {
			administered++
		}
		if a.Administered >= sure || a.Principals > 0 || all && a.Perhaps > 0 {
			accounts++
		}
	}
	for _, s := range r.Stays {
		if s.Truth >= sure {
			stays++
		}
	}
	people := int64(0)
	for _, p := range r.Principals {
		if p.Truth >= sure {
			people++
		}
	}
	read, classes := data(r, all)
	return map[string]any{
		"administered": administered, "accounts": accounts, "principals": people, "stays": stays,
		"changed": changed(r, all), "read": read, "classes": classes,
	}
}

func data(r *reach.Radius, all bool) (read int64, classes map[string]any) {
	by := map[string]int64{}
	for _, d := range r.Data {
		n := int64(d.Reads)
		if all {
			n += int64(d.Perhaps)
		}
		read += n
		by[strings.ToLower(d.Class)] += n
	}
	classes = make(map[string]any, len(by))
	for class, n := range by {
		classes[class] = n
	}
	return read, classes
}

// changed counts by type, where one resource can be both changed and controlled: the larger of the two is certain, and both together bound it.
func changed(r *reach.Radius, all bool) (n int64) {
	for _, t := range r.Resources {
		if most := min(t.Changes+t.Controls+t.Perhaps, t.Total); all {
			n += int64(most)
		} else {
			n += int64(max(t.Changes, t.Controls))
		}
	}
	return n
}
