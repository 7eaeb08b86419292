package expr

import (
	"reflect"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"jobzero/internal/fault"
)

// Thing is a value that an expression can do nothing with but ask it: access.whoCan("s3:GetObject", resource.arn). Functions that are Of
// its variable get what it knows as their first argument. A room makes one when what it knows is too much to be written out as a
// value. What it knows does not change.
type Thing struct{ Knows any }

var thingType = cel.OpaqueType("thing")

var _ ref.Val = (*Thing)(nil)

// ConvertToNative implements ref.Val: it is nothing else.
func (t *Thing) ConvertToNative(to reflect.Type) (any, error) {
	return nil, fault.New(fault.Invalid, "a thing is no %s", to)
}

// ConvertToType implements ref.Val: it is nothing else.
func (t *Thing) ConvertToType(to ref.Type) ref.Val {
	return types.NewErr("a thing is no %s", to.TypeName())
}

// Equal implements ref.Val: it is itself alone.
func (t *Thing) Equal(other ref.Val) ref.Val { return types.Bool(ref.Val(t) == other) }

// Type implements ref.Val.
func (t *Thing) Type() ref.Type { return thingType }

// Value implements ref.Val.
func (t *Thing) Value() any { return t }

// Cause makes a gap of what is not known, for those who fill variables or give lists; the words show among what is to blame.
func Cause(words string) Gap { return gap(Hole{Path: words}) }

// More is a gap in a list that stands for elements that it may have besides those that it has.
func More(words string) Gap { return gap(Hole{Path: words + moreStep}) }

// Blamed is what is to blame, for people, when it is no path of the input.
func Blamed(blame string) string { return strings.TrimSuffix(blame, moreStep) }
