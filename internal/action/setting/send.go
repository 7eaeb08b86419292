package setting

import (
	"context"

	"jobzero/internal/action"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
)

// In is the input of a call in the API's own shape, for action.NewCall.
type In map[string]any

// Send makes a call by a method of an SDK's client, whose input is the call's to the letter.
func Send[I, O, F any](ctx context.Context, call effect.Call, by func(context.Context, *I, ...func(F)) (*O, error)) error {
	var in I
	if err := action.ReadInput(call, &in); err != nil {
		return err
	}
	_, err := by(ctx, &in)
	return awsorg.Fault(err, "call %s on %s", call.Permission, call.Resource)
}

// One gives the one call of a way that takes one.
func One(permission, arn string, in any) ([]effect.Call, error) {
	call, err := action.NewCall(permission, arn, in)
	return []effect.Call{call}, err
}
