package action

import (
	"context"
	"testing"

	"github.com/aws/smithy-go"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
)

// lossy is an action whose tries come to these ends, one after the other.
type lossy struct {
	Action
	ends  []error
	tries int
}

func (l *lossy) Do(context.Context, Session, effect.Plan) (effect.Result, error) {
	l.tries++
	err := l.ends[l.tries-1]
	if err == nil {
		return effect.Result{Already: true}, nil
	}
	return effect.Result{}, err
}

// What AWS contradicts because the answer of the call before was lost is done; what it contradicts again, denies, or has no time for is not.
func TestWhatAWSContradictsIsLookedAtAgain(t *testing.T) {
	not := &smithy.GenericAPIError{Code: "InvalidPermission.NotFound", Message: "no such rule"}
	for name, c := range map[string]struct {
		ends  []error
		tries int
		done  bool
	}{
		"carried out before":    {[]error{not, nil}, 2, true},
		"not carried out":       {[]error{not, not}, 2, false},
		"nobody could look":     {[]error{not, fault.New(fault.Unavailable, "throttled")}, 2, false},
		"denied":                {[]error{&smithy.GenericAPIError{Code: "AccessDenied"}}, 1, false},
		"no time":               {[]error{&smithy.GenericAPIError{Code: "Throttling"}}, 1, false},
		"our own contradiction": {[]error{fault.New(fault.Conflict, "the policy is another one")}, 1, false},
		"at once":               {[]error{nil}, 1, true},
	} {
		l := &lossy{ends: c.ends}
		res, err := do(t.Context(), l, Session{}, effect.Plan{})
		if (err == nil) != c.done || l.tries != c.tries || !c.done && fault.Is(err, fault.Unavailable) != fault.Is(c.ends[c.tries-1], fault.Unavailable) {
			t.Errorf("%s: %d tries, %v", name, l.tries, err)
		}
		if c.tries == 2 && c.done && (res.Calls != 1 || res.Already) {
			t.Errorf("%s: it does not count as made by us: %+v", name, res)
		}
	}
}
