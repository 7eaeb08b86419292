// Package action is step to effect: the only room that calls an AWS API that writes.
//
// It is: a catalogue of typed effects, each of which describes itself and can plan, do, verify and undo.
// It takes: a target and a session in its account.
// It gives: a plan, an effect, a fresh check, the state restored.
// Next door: playbook decides and journals; the effect comes back as an event.
package action

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
)

// Info is how an action describes itself. Reference pages, completion and the responder's policy are made from it.
type Info struct {
	ID      string // service.verb-noun, such as s3.block-public-access
	Title   string
	Why     string
	Risk    string // what may break
	Undo    effect.Class
	Targets []resource.Type // of an outward one: none, any target will do
	Reads   []string        // IAM actions that Plan and Verify need
	Writes  []string        // IAM actions that Do and Undo need
	// Role is which role does and undoes it. Zero is the responder in the account of the target.
	Role awsorg.Role
	// Within narrows what the writes may touch where the action itself refuses all else: by the IAM action, what its resource's ARN ends in,
	// with wildcards, such as role/break-glass/*. What is not named may touch every resource of the action's types.
	Within map[string]string
	Params []Param
	// UndoHelpsAttacker says that undoing it is what an attacker would want, such as to stop a log or to share again: two persons.
	UndoHelpsAttacker bool
	// Shuts says which credentials it takes out of use; empty: none.
	Shuts effect.Shuts
	// Outward says that it tells or asks somebody and leaves its target as it is. Where it needs no permission either, AWS is not called.
	Outward bool
	// Contract says that tests hold it, where the emulator lacks its calls, against the API as it is documented.
	Contract bool
}

// Param is one input of an action besides the resource.
type Param struct {
	Name     string
	Text     string
	Required bool
}

// Session is what an action calls AWS with. Reader is always there. Responder, the role that the action's Info names, is only there for Do
// and Undo, and its credentials are narrowed to the calls of the plan.
type Session struct {
	Reader    aws.Config
	Responder aws.Config
	Own       []string // the access keys, users and roles that jobzero itself works with, as awsorg.Org.Own gives them: never to be switched off
}

// Action is one typed effect.
type Action interface {
	Info() Info
	// Plan reads the target afresh and says what would be done. It writes nothing.
	Plan(ctx context.Context, s Session, t effect.Target) (effect.Plan, error)
	// Do makes the plan's calls. It looks first: a target that is so already is left alone. Doing it twice is once.
	Do(ctx context.Context, s Session, p effect.Plan) (effect.Result, error)
	// Verify looks once, afresh, whether the effect holds.
	Verify(ctx context.Context, s Session, p effect.Plan) (effect.Check, error)
	// Undo restores what the plan recorded as Before, as far as the class of the action goes.
	Undo(ctx context.Context, s Session, p effect.Plan) (effect.Result, error)
}

// Inverter is an action that says beforehand which calls its Undo may make, so that the responder can be narrowed to them.
// Every action whose class of undo is not None is one.
type Inverter interface {
	Inverse(p effect.Plan) ([]effect.Call, error)
}
