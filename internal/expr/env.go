package expr

import (
	"errors"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/ext"

	"jobzero/internal/fault"
)

// The limits of one expression.
const (
	MaxSource = 10_000    // characters of text
	maxNodes  = 20_000    // after macros are expanded
	maxDepth  = 100       // nesting of the text
	maxCost   = 250_000   // CEL's units: about one for each step, and one for ten characters looked at
	maxSize   = 1_000_000 // elements and characters in the values that an expression builds
	maxRegex  = 300       // instructions of a regular expression
)

// Kind is the type of a variable, of an argument or of a result.
type Kind int

// The kinds, and what a function in Go sees of each.
const (
	Any   Kind = iota // any of the below, or nil
	Bool              // bool
	Int               // int64
	Text              // string
	Time              // time.Time
	List              // []any
	Map               // map[string]any
	Asked             // a Thing
)

func (k Kind) cel() *cel.Type {
	switch k {
	case Bool:
		return cel.BoolType
	case Int:
		return cel.IntType
	case Text:
		return cel.StringType
	case Time:
		return cel.TimestampType
	case List:
		return cel.ListType(cel.DynType)
	case Map:
		return cel.MapType(cel.StringType, cel.DynType)
	case Asked:
		return thingType
	default:
		return cel.DynType
	}
}

// Var declares a variable.
type Var struct {
	Name string
	Kind Kind
	// Fields of a Map, when they are fixed: another one in an expression is an error at compile time.
	Fields []string
}

// Func declares a function. Call must be pure, quick and safe for concurrent use, and keeps nothing of args. It is not called when one of its arguments
// is unknown, or a part of one unless Gaps is set. Its result is a value of Gives; an error makes the call's value an error,
// Undecided makes it unknown.
type Func struct {
	Name  string
	Args  []Kind
	Gives Kind
	Call  func(args []any) (any, error)
	// Gaps makes what is not known part of the arguments, as a Gap where the value would be (in a map it may not be there at all).
	// What the function gives must then hold whatever the gaps turn out to be; where it cannot tell, it gives Undecided with the gaps, or a list in
	// which a Gap lies. Its arguments are of Any: to CEL a list that begins with a gap is no list.
	Gaps bool
	// Whole makes an argument that is unknown altogether a Gap too; otherwise the call is unknown then. It goes with Gaps.
	Whole bool
	// Reads are what the arguments are read with before Call, which then gets what that gave; nil for those that it takes as they are.
	Reads []*Reading
	// Says is what a call says of its one argument in the words of Form, all of which hold: has, or not empty. Nil: nothing so simple.
	Says []string
	// OfThing makes it a question to a Thing, which stands before its name: access.can(…). The first of Args is Asked then.
	OfThing bool
}

// Gap is a part of an argument that is not known.
type Gap struct{ unknown *types.Unknown }

// Has reports whether all that it stands for has a mark of Hole.
func (g Gap) Has(mark string) bool { return marked(g.unknown, mark) }

// undecided is the error that becomes an unknown value.
type undecided struct {
	cause string
	gaps  []Gap
}

func (u undecided) Error() string { return u.cause }

// Undecided is what a function gives when it cannot tell. The cause, in words, shows among what is to blame, and so do the gaps
// that are. An empty cause is left out when there are gaps.
func Undecided(cause string, gaps ...Gap) error { return undecided{cause, gaps} }

// value is the unknown value.
func (u undecided) value() *types.Unknown {
	var out *types.Unknown
	if len(u.gaps) == 0 && u.cause == "" {
		u.cause = "the expression"
	}
	if u.cause != "" {
		out = types.NewUnknown(0, types.NewAttributeTrail(u.cause))
	}
	for _, g := range u.gaps {
		out = types.MergeUnknowns(out, g.unknown)
	}
	return out
}

// Env compiles. It is immutable and safe for concurrent use.
type Env struct {
	env    *cel.Env
	fields map[string][]string // variable → its fixed fields
	says   map[string][]string // function → Func.Says
	costs  costs

	declared map[string]Kind // variables
	ours     map[string]Func
}

// NewEnv makes an environment of CEL's standard functions, optional values (a.?b.orValue(c)), cel.bind, the text helpers of
// this package, and what the caller declares.
func NewEnv(vars []Var, funcs ...Func) (*Env, error) {
	e := &Env{fields: map[string][]string{}, says: map[string][]string{}, costs: newCosts(funcs), declared: map[string]Kind{}, ours: map[string]Func{}}
	opts := []cel.EnvOption{
		cel.OptionalTypes(), ext.Bindings(),
		cel.CrossTypeNumericComparisons(true), cel.DefaultUTCTimeZone(true), cel.EnableIdentifierEscapeSyntax(),
		cel.ParserExpressionSizeLimit(MaxSource), cel.ParserRecursionLimit(maxDepth),
		cel.ExpressionNodeLimit(maxNodes), cel.RegexProgramSizeLimit(maxRegex),
	}
	opts = append(opts, texts()...)
	for _, v := range vars {
		opts = append(opts, cel.Variable(v.Name, v.Kind.cel()))
		e.declared[v.Name] = v.Kind
		if v.Fields != nil {
			e.fields[v.Name] = v.Fields
		}
	}
	for _, f := range funcs {
		e.says[f.Name], e.ours[f.Name] = f.Says, f
		opts = append(opts, f.option())
	}
	env, err := cel.NewEnv(opts...)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "make an expression environment")
	}
	e.env = env
	return e, nil
}

func (f Func) option() cel.EnvOption {
	args := make([]*cel.Type, len(f.Args))
	for i, a := range f.Args {
		args[i] = a.cel()
	}
	opts := []cel.OverloadOpt{cel.FunctionBinding(f.bind)}
	if f.Whole {
		opts = append(opts, cel.OverloadIsNonStrict())
	}
	if f.OfThing {
		return cel.Function(f.Name, cel.MemberOverload(f.Name, args, f.Gives.cel(), opts...))
	}
	return cel.Function(f.Name, cel.Overload(f.Name, args, f.Gives.cel(), opts...))
}

// bind is the bridge from CEL's values to Go's and back.
func (f Func) bind(vals ...ref.Val) ref.Val {
	args := make([]any, len(vals))
	r := &reading{left: maxSize, gaps: f.Gaps}
	for i, v := range vals {
		if types.IsError(v) { // Whole
			return v
		}
		a, err := r.native(v, maxDepth)
		if h, ok := errors.AsType[holes](err); ok {
			return h.gaps
		}
		if err != nil {
			return types.NewErr("%s: %v", f.Name, err)
		}
		args[i] = a
	}
	out, err := f.call(args)
	if u, ok := errors.AsType[undecided](err); ok {
		return u.value()
	}
	if err != nil {
		return types.NewErr("%s: %v", f.Name, err)
	}
	return types.DefaultTypeAdapter.NativeToValue(forCEL(out))
}

// call reads the arguments and calls.
func (f Func) call(args []any) (out any, err error) {
	for i, r := range f.Reads {
		if r != nil {
			if args[i], err = r.Of(args[i]); err != nil {
				return nil, err
			}
		}
	}
	return f.Call(args)
}
