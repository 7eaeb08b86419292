package least

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"jobzero/internal/access/estate"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

// lambda is the type of what runs under a session that has its name
// (docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html).
const lambda resource.Type = "AWS::Lambda::Function"

// Split is a role that functions share, and what each of them needs.
type Split struct {
	Role      string
	Functions []Function // by name
	Together  int        // uses of which it is not known which function's they are; each function keeps them
	Notes     []string
}

// Function is one function and the policy of a role of its own.
type Function struct {
	ARN, Name string
	Used      int   // uses that are its own for sure
	Plan      *Plan // nil: it did nothing, so that nothing is known of what it needs
}

// Shared gives the functions of each role that more than one has, by the ARN of the role.
func Shared(e *estate.Estate) map[string][]*estate.Asset {
	out := map[string][]*estate.Asset{}
	for _, a := range e.Assets() {
		if a.Type == lambda && a.Runs != "" {
			out[a.Runs] = append(out[a.Runs], a)
		}
	}
	maps.DeleteFunc(out, func(_ string, list []*estate.Asset) bool { return len(list) < 2 })
	return out
}

// Apart makes a policy for each function of a role, of uses by the ARN of the session, whose name is that of the function. Uses by the ARN of the
// role cannot be told apart. An error is fault.NotFound where no two functions share the role.
func Apart(e *estate.Estate, role string, uses map[string][]Use, o Options) (*Split, error) {
	list := Shared(e)[role]
	if len(list) == 0 {
		return nil, fault.New(fault.NotFound, "no two functions that are known have the role %s", role)
	}
	s, err := Find(e, role)
	if err != nil {
		return nil, err
	}
	own, together, others := sessions(e, role, uses)
	out := &Split{Role: role, Together: len(together)}
	for _, a := range list {
		name := FunctionName(a.ARN)
		f := Function{ARN: a.ARN, Name: name, Used: len(own[name])}
		delete(others, name)
		if f.Used > 0 {
			needs := o
			needs.Used = slices.Concat(own[name], together)
			if f.Plan, err = Reduce(s, needs); err != nil {
				return nil, err
			}
		}
		out.Functions = append(out.Functions, f)
	}
	slices.SortStableFunc(out.Functions, func(a, b Function) int { return strings.Compare(a.Name, b.Name) })
	if out.Together > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("%d uses do not say which function's they are: each keeps them", out.Together))
	}
	for _, f := range out.Functions {
		if f.Plan == nil {
			out.Notes = append(out.Notes, f.Name+" did nothing that is known: it keeps the role it has")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(others)) {
		out.Notes = append(out.Notes, "the session "+name+" is no function that is known, and has the role too")
	}
	return out, nil
}

// FunctionName is that of a function by its ARN, and of its sessions.
func FunctionName(arn string) string { return arn[strings.LastIndexByte(arn, ':')+1:] }

// sessions sorts the uses of a role by the names of its sessions.
func sessions(e *estate.Estate, role string, uses map[string][]Use) (own map[string][]Use, together []Use, others map[string]bool) {
	own, others = map[string][]Use{}, map[string]bool{}
	for _, who := range slices.Sorted(maps.Keys(uses)) {
		h, ok := e.Holder(who)
		if !ok || h.ARN != role {
			continue
		}
		if who == role {
			together = append(together, uses[who]...)
			continue
		}
		name := who[strings.LastIndexByte(who, '/')+1:]
		own[name] = append(own[name], uses[who]...)
		others[name] = true
	}
	return own, together, others
}

// Of gives the uses of a principal among those of many: by its own ARN, by those of its sessions, and those under the empty name.
func Of(e *estate.Estate, s *Subject, uses map[string][]Use) []Use {
	var out []Use
	for _, who := range slices.Sorted(maps.Keys(uses)) {
		h, ok := e.Holder(who)
		if who == "" || ok && slices.Contains(s.Holders, h.ARN) {
			out = append(out, uses[who]...)
		}
	}
	return out
}
