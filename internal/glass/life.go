package glass

import (
	"fmt"
	"time"

	"jobzero/internal/effect"
)

// The steps, in the order in which they are done. The fence stands before the grant: what the grant begins has its end already.
const (
	Fence = "fence" // no session of the use can do anything from its end on
	Give  = "grant" // the person may take on the role until the end
	Close = "close" // no session of the use that was begun can do anything any more
	Take  = "take"  // the person may not take on the role any more: the undo of the grant
)

// Step is one effect of a use, journalled before its call and after.
type Step struct {
	Name   string        `json:"name"`
	State  effect.State  `json:"state"`
	Plan   effect.Plan   `json:"plan"`
	Result effect.Result `json:"result,omitzero"`
	// Calling is set before the calls of an attempt: who finds it set knows that they may have been made.
	Calling  bool      `json:"calling,omitempty"`
	Attempts int       `json:"attempts,omitempty"`
	Error    string    `json:"error,omitempty"`
	Began    time.Time `json:"began"`
	Done     time.Time `json:"done,omitzero"`
}

// Step gives a step by its name; nil when it has not begun.
func (u *Use) Step(name string) *Step {
	for i := range u.Steps {
		if u.Steps[i].Name == name {
			return &u.Steps[i]
		}
	}
	return nil
}

// Begin starts to carry an approval out: from here on its time runs.
func (u *Use) Begin(now time.Time) Line {
	u.State, u.Held, u.Would = Granting, "", nil
	u.Until = now.Add(u.For).UTC().Truncate(time.Second)
	u.By = u.Until
	return Line{"granting", fmt.Sprintf("Granting %s to %s until %s", u.Role, u.Principal, stamp(u.Until))}
}

// Given notes that the grant was made.
func (u *Use) Given(now time.Time) Line {
	u.State, u.Since, u.By, u.Held = Granted, now, u.Until, ""
	return Line{"granted", fmt.Sprintf("Granted: %s may take on %s until %s, with the session name %s", u.Principal, u.Role, stamp(u.Until), u.ID.Session())}
}

// Pass is what the time alone does. The line has no kind when it does nothing.
func (u *Use) Pass(now time.Time) Line {
	if u.By.IsZero() || now.Before(u.By) {
		return Line{}
	}
	switch u.State {
	case Requested:
		u.State, u.By = Expired, time.Time{}
		return Line{"expired", fmt.Sprintf("Denied: %d of %d have approved by the end of the time to answer", len(u.Approvals), u.Needs)}
	case Approved:
		why := u.Held
		if why == "" {
			why = "it was not carried out in time"
		}
		u.State, u.By = Expired, time.Time{}
		return Line{"expired", "Not granted: " + why}
	case Granting, Granted:
		u.State, u.By, u.Held = Ending, now, ""
		return Line{"ending", "Its time is over"}
	case Ending, Ended, Reviewed, Denied, Expired, Withdrawn:
	}
	return Line{}
}

// Finish notes that nothing of the grant is left. The review is due from now on.
func (u *Use) Finish(p Policy, now time.Time) Line {
	u.State, u.Ended, u.By, u.Held, u.Alarm = Ended, now, now.Add(p.Review), "", false
	return Line{"ended", "Ended: nobody can take on the role by it, and its sessions are denied everything. To be reviewed by " + stamp(u.By)}
}

// patience is how long an end may take: IAM answers late at times, and needs seconds to agree with itself.
const patience = 5 * time.Minute

// Late reports whether the end of a use takes so long that somebody may have rights which nobody means him to have.
func (u Use) Late(now time.Time) bool { return u.State == Ending && now.After(u.By.Add(patience)) }

// reminders is how often it is said again that a review is overdue.
const reminders = 24 * time.Hour

// Remind says that the review is overdue, once a day. The line has no kind when it is not.
func (u *Use) Remind(now time.Time) Line {
	if u.State != Ended || u.By.IsZero() || now.Before(u.By) {
		return Line{}
	}
	due := u.By.Add(-time.Duration(u.Overdue) * reminders)
	u.Overdue++
	u.By = due.Add(time.Duration(u.Overdue) * reminders)
	for !u.By.After(now) { // nobody was running for days: one reminder is enough
		u.Overdue++
		u.By = u.By.Add(reminders)
	}
	return Line{"overdue", fmt.Sprintf("Nobody has reviewed it: due since %s", stamp(due))}
}
