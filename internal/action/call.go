package action

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"

	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
)

// NewCall describes one call of a plan. Input is in the API's own shape: ReadInput fills the SDK's input with it.
func NewCall(permission, arn string, input any) (effect.Call, error) {
	text, err := Text(input)
	return effect.Call{Permission: permission, Resource: arn, Input: text}, err
}

// Everything is the resource of a call whose permission is about no resource: IAM takes no narrower one for it
// (docs.aws.amazon.com/service-authorization/latest/reference, actions without resource types).
const Everything = "*"

// Text writes a value as JSON and leaves <, > and & as they are: people read it.
func Text(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fault.Wrap(fault.Internal, err, "write %T", v)
	}
	return bytes.TrimSpace(b.Bytes()), nil
}

// ReadInput fills the SDK's input from a call. What the SDK does not know is an error: a plan is carried out to the letter
// or not at all.
func ReadInput(call effect.Call, into any) error {
	return read(call.Input, into, "the input of "+call.Permission)
}

// ReadBefore reads what the plan has recorded for its undo.
func ReadBefore(p effect.Plan, into any) error {
	return read(p.Before, into, "what "+p.Action+" has recorded of "+p.Target.Ref.ID)
}

func read(text json.RawMessage, into any, what string) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fault.Wrap(fault.Invalid, err, "read %s", what)
	}
	return nil
}

// Only gives the one call of a plan that makes one.
func Only(p effect.Plan) (effect.Call, error) {
	if len(p.Calls) != 1 {
		return effect.Call{}, fault.New(fault.Invalid, "a plan of %s has %d calls, want 1", p.Action, len(p.Calls))
	}
	return p.Calls[0], nil
}

// Exactly checks that the plan's call is, to the letter, the one that follows from what the plan has recorded: a plan that was
// changed in its journal must not do something else with the action's power.
func Exactly(p effect.Plan, want effect.Call) (effect.Call, error) {
	got, err := Only(p)
	if err != nil {
		return effect.Call{}, err
	}
	if !same(got, want) {
		return effect.Call{}, fault.New(fault.Invalid, "the plan of %s for %s has a call that does not follow from it: plan it again", p.Action, p.Target.Ref)
	}
	return want, nil
}

// ExactlyAll is Exactly for a plan of several calls.
func ExactlyAll(p effect.Plan, want []effect.Call) error {
	if len(p.Calls) != len(want) {
		return fault.New(fault.Invalid, "a plan of %s has %d calls, want %d", p.Action, len(p.Calls), len(want))
	}
	for i := range want {
		one := p
		one.Calls = p.Calls[i : i+1]
		if _, err := Exactly(one, want[i]); err != nil {
			return err
		}
	}
	return nil
}

// Among reports whether the calls are some of all, in the same order.
func Among(calls, all []effect.Call) bool {
	for _, want := range all {
		if len(calls) > 0 && same(calls[0], want) {
			calls = calls[1:]
		}
	}
	return len(calls) == 0
}

func same(a, b effect.Call) bool {
	return a.Resource == b.Resource && slices.Equal(a.Needs(), b.Needs()) && sameJSON(a.Input, b.Input)
}

// sameJSON compares what two texts say: a journal may write the same text in another way.
func sameJSON(a, b json.RawMessage) bool {
	var x, y any
	return unmarshal(a, &x) == nil && unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}

func unmarshal(text json.RawMessage, into *any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return d.Decode(into)
}

// SameText reports whether two JSON documents say the same, whatever their white space and the order of their keys.
func SameText(a, b string) bool { return a == b || sameJSON(json.RawMessage(a), json.RawMessage(b)) }

// Unseen is the check of an effect that could not be looked at.
func Unseen(err error) effect.Check {
	_, cause := awsorg.Classify(err)
	return effect.Check{Unknown: true, Text: "could not look: " + cause}
}

// Moved is the fault of a world that changed after the plan was made: the caller plans again.
func Moved(p effect.Plan) error {
	return fault.New(fault.Conflict, "%s has changed since %s was planned: plan it again", p.Target.Ref, p.Action)
}
