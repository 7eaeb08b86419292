package app

import (
	"cmp"
	"context"
	"strings"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

// The legs that the house itself writes work for.
const (
	legInventory = "inventory" // ref: a resource key
	legSweep     = "sweep"     // ref: account|region|type
)

// reread is the durable leg from a touched resource to findings: read it again, hold it against every expectation for its
// type, write down what fails and what is unknown, and tell triage what passes now.
func (h *House) reread(ctx context.Context, key string) (time.Time, error) {
	ref, err := resource.ParseKey(key)
	if err != nil {
		return time.Time{}, err
	}
	began := h.clock.Now()
	r, err := h.inventory.Read(ctx, ref)
	if err != nil {
		return time.Time{}, fault.Wrap(fault.CodeOf(err), err, "read %s", ref)
	}
	o, err := h.judge(ctx, r, began)
	switch {
	case err != nil || o.unread == "":
		return o.until, err
	case o.unread == fault.Denied: // trying at once would be denied at once
		return earlier(h.clock.Now().Add(h.lookAgain()), o.until), nil
	default: // with growing pauses, and with a person told in the end
		return time.Time{}, fault.New(fault.Unavailable, "read %s: not all of it could be read: %s", ref, doubts(r))
	}
}

// earlier gives the earlier of two times; zero is never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// lookAgain is how long to wait until what was denied is tried again.
func (h *House) lookAgain() time.Duration {
	return cmp.Or(max(h.config.Sweep.Every, 0), time.Hour)
}

// doubts names what of a resource could not be read.
func doubts(r resource.Resource) string {
	var all []string
	for _, u := range r.Unknown {
		all = append(all, u.Path+": "+u.Cause)
	}
	return strings.Join(all, "; ")
}
