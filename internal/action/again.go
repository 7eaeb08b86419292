package action

import (
	"context"
	"errors"
	"time"

	"github.com/aws/smithy-go"

	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
)

// again is how long after AWS said that the world is not as a call assumes it is looked again: long enough for a change to be seen by whoever
// made it, short enough to be waited for.
const again = time.Second

// do makes the plan's calls. When a connection breaks after a call was carried out, the SDK makes it again and gets to hear that the rule to
// remove is not there, or that the policy to add is: that is no failure. So what AWS contradicts is done once more, which looks first.
func do(ctx context.Context, a Action, s Session, p effect.Plan) (effect.Result, error) {
	res, err := a.Do(ctx, s, p)
	if p.Outward || !contradicted(err) { // what is told cannot be looked for
		return res, err
	}
	select {
	case <-ctx.Done():
		return res, err
	case <-time.After(again):
	}
	more, failed := a.Do(ctx, s, p)
	if failed != nil {
		res.Calls = max(res.Calls, 1)
		if code, _ := awsorg.Classify(failed); code == fault.Unavailable { // nobody could look: whoever tries it again does
			return res, failed
		}
		return res, err
	}
	// It was not so when it was planned, and we called: it counts as made by us, so that it can be undone.
	more.Calls, more.Already = more.Calls+max(res.Calls, 1), false
	return more, nil
}

// contradicted reports whether AWS itself answered that the world is not as the call assumes.
func contradicted(err error) bool {
	if _, api := errors.AsType[smithy.APIError](err); !api {
		return false
	}
	code, _ := awsorg.Classify(err)
	return code != fault.Unavailable && code != fault.Denied
}
