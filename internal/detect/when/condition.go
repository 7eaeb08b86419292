package when

import (
	"strings"
	"sync"

	"jobzero/internal/access/ask"
	"jobzero/internal/event"
	"jobzero/internal/expr"
)

// Condition is one compiled condition. It is immutable and safe for concurrent use.
type Condition struct{ program *expr.Program }

// environment is the one environment of all conditions; it is dear to make.
var environment = sync.OnceValues(func() (*expr.Env, error) {
	return expr.NewEnv([]expr.Var{
		{Name: "event", Kind: expr.Map, Fields: fields},
		ask.Variable(),
	}, ask.Functions()...)
})

// fields are those of the variable event. principal is the ARN of the user, or of the role behind a session, and session that of the session
// itself; resources are the ARNs that the record names; record is all of it, as CloudTrail wrote it.
var fields = []string{"account", "region", "name", "source", "principal", "session", "ip", "agent", "error", "read_only", "resources", "record"}

// Compile reads a condition. Errors begin with file:line:col.
func Compile(at expr.Place, source string) (*Condition, error) {
	env, err := environment()
	if err != nil {
		return nil, err
	}
	p, err := env.CompileAt(at, source)
	if err != nil {
		return nil, err
	}
	return &Condition{p}, nil
}

// String is the text of the condition.
func (c *Condition) String() string { return c.program.String() }

// Counts says whether a match on an event counts; when it does because something is not known, why says what.
func (c *Condition) Counts(e *event.Event, known *ask.Known) (counts bool, why string) {
	verdict, blame, err := c.program.EvalOn(expr.Fresh(map[string]any{"event": values(e), ask.Name: known.Value()}, nil))
	switch {
	case err != nil:
		return true, "it could not be evaluated: " + err.Error()
	case verdict == expr.Unknown:
		for i, b := range blame {
			if b == ask.Name {
				blame[i] = "who may do what, which nobody read"
			} else {
				blame[i] = expr.Blamed(b)
			}
		}
		return true, "not known: " + strings.Join(blame, "; ")
	}
	return verdict == expr.True, ""
}

func values(e *event.Event) map[string]any {
	resources := make([]any, 0, len(e.Resources))
	for _, r := range e.Resources {
		if r.ARN != "" {
			resources = append(resources, r.ARN)
		}
	}
	var record any
	if all, err := e.Fields(); err == nil {
		record = expr.Value(all)
	}
	return map[string]any{
		"account": e.Account, "region": e.Region, "name": e.Name, "source": e.Source, "principal": e.Actor.Principal(), "session": e.Actor.ARN,
		"ip": e.SourceIP, "agent": e.UserAgent, "error": e.ErrorCode, "read_only": e.ReadOnly, "resources": resources, "record": record,
	}
}
