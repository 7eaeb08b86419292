package glass

import (
	"fmt"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/principal/person"
)

// Line is what a timeline says of a step.
type Line struct {
	Kind string
	Text string
}

func (u *Use) wrong(verb string) error {
	return fault.New(fault.Conflict, "break-glass %s is %s and cannot be %s", u.ID, u.State, verb)
}

// other says why somebody may not answer: it takes another person, who is named for it.
func (u *Use) other(by string) error {
	switch {
	case person.Key(by) == "":
		return fault.New(fault.Invalid, "an answer without a person")
	case person.Key(by) == person.Key(u.Person):
		return fault.New(fault.Denied, "%s has asked for it: somebody else has to answer", by)
	case !named(u.Approvers, by):
		return fault.New(fault.Denied, "%s may not answer: %v may", by, u.Approvers)
	}
	return nil
}

// Approve notes a yes. With the last that is needed the use is approved, and has to be carried out within a time.
func (u *Use) Approve(a Answer, p Policy) (Line, error) {
	if u.State != Requested {
		return Line{}, u.wrong("approved")
	}
	if err := u.other(a.By); err != nil {
		return Line{}, err
	}
	for _, b := range u.Approvals {
		if person.Key(b.By) == person.Key(a.By) {
			return Line{}, fault.New(fault.Conflict, "%s has approved it already: it takes %d different people", a.By, u.Needs)
		}
	}
	if !a.At.Before(u.By) {
		return Line{}, fault.New(fault.Conflict, "break-glass %s had to be answered by %s: ask anew", u.ID, stamp(u.By))
	}
	u.Approvals = append(u.Approvals, a)
	if len(u.Approvals) < u.Needs {
		return Line{"approval", fmt.Sprintf("%s approves; %d of %d", a.By, len(u.Approvals), u.Needs)}, nil
	}
	u.State, u.By = Approved, a.At.Add(p.Answer)
	return Line{"approval", fmt.Sprintf("%s approves; to be granted by %s", a.By, stamp(u.By))}, nil
}

// Deny ends a request. Whoever may approve may deny.
func (u *Use) Deny(a Answer) (Line, error) {
	if u.State != Requested && u.State != Approved {
		return Line{}, u.wrong("denied")
	}
	if err := u.other(a.By); err != nil {
		return Line{}, err
	}
	u.State, u.Refused, u.By = Denied, &a, time.Time{}
	return Line{"denied", fmt.Sprintf("%s denies it: %s", a.By, a.Reason)}, nil
}

// RevokeNow ends a use at once, whoever says so: taking rights away needs nobody's leave. What was not granted yet is withdrawn.
func (u *Use) RevokeNow(a Answer) (Line, error) {
	if person.Key(a.By) == "" {
		return Line{}, fault.New(fault.Invalid, "an order without a person")
	}
	switch u.State {
	case Requested, Approved:
		u.State, u.Refused, u.By = Withdrawn, &a, time.Time{}
		return Line{"withdrawn", fmt.Sprintf("%s withdraws it before it was granted: %s", a.By, a.Reason)}, nil
	case Granting, Granted:
		u.State, u.Revoke, u.By, u.Held = Ending, &a, a.At, ""
		return Line{"revoke", fmt.Sprintf("%s ends it: %s", a.By, a.Reason)}, nil
	case Ending, Ended, Reviewed, Denied, Expired, Withdrawn:
	}
	return Line{}, u.wrong("revoked")
}

// Judge notes the review of a use that has ended, by somebody who has not used it.
func (u *Use) Judge(a Answer, justified bool, record Sum) (Line, error) {
	switch {
	case u.State != Ended:
		return Line{}, u.wrong("reviewed")
	case person.Key(a.By) == "":
		return Line{}, fault.New(fault.Invalid, "a review without a person")
	case person.Key(a.By) == person.Key(u.Person):
		return Line{}, fault.New(fault.Denied, "%s has used it: somebody else has to review it", a.By)
	case len([]rune(a.Reason)) < shortest:
		return Line{}, fault.New(fault.Invalid, "the review %q says too little: want %d characters or more of what was done and whether it had to be", a.Reason, shortest)
	}
	u.Review, u.State, u.By = &Review{a, justified, record}, Reviewed, time.Time{}
	word := "justified"
	if !justified {
		word = "not justified"
	}
	return Line{"review", fmt.Sprintf("%s has reviewed it, %s: %s", a.By, word, a.Reason)}, nil
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
