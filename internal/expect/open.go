package expect

import (
	"fmt"
	"strings"

	"jobzero/internal/fault"
	"jobzero/internal/principal"
)

// openStatements names, in words, the statements of a resource policy that let everybody in: of a service, whose own condition
// keys are then understood, and a policy as a value or as its text. When only some might, it is undecided.
func openStatements(args []any) (any, error) {
	service, _ := args[0].(string)
	d, ok := args[1].(*document)
	if !ok {
		return nil, errUnread
	}
	sure, doubts := []any{}, []string{}
	for _, s := range d.policy.Public(principal.Scope{Service: service}) {
		shaky := d.shaky[s.Index]
		s.Index = d.at[s.Index]
		text := fmt.Sprintf("statement %s (%s)", name(s), s.Why)
		if s.Verdict == principal.Yes && !shaky {
			sure = append(sure, text)
			continue
		}
		doubts = append(doubts, "it is not clear whether everybody is let in by "+text)
	}
	return d.answer(sure, doubts)
}

// accountStatements names, in words, the statements of a resource policy that let in a whole account other than the one given,
// without a condition. When only some might, it is undecided.
func accountStatements(args []any) (any, error) {
	d, ok := args[0].(*document)
	if !ok {
		return nil, errUnread
	}
	own, _ := args[1].(string)
	sure, doubts := []any{}, []string{}
	for _, f := range d.policy.WholeAccounts(own) {
		text := fmt.Sprintf("statement %s (account %s)", name(principal.Public{Index: d.at[f.Index], Sid: f.Sid}), f.Account)
		if f.Verdict == principal.Yes && !d.shaky[f.Index] {
			sure = append(sure, text)
			continue
		}
		doubts = append(doubts, "it is not clear whether another account is let in by "+text)
	}
	return d.answer(sure, doubts)
}

// plainCalls names the calls of a service, such as s3:getobject, that a resource policy does not refuse to everybody over a
// connection that is not encrypted. When that is not known of any it is undecided.
func plainCalls(args []any) (any, error) {
	service, _ := args[0].(string)
	probes := principal.Probes(service)
	if len(probes) == 0 {
		return nil, fault.New(fault.Invalid, "which calls of service %q carry what it keeps is not known", service)
	}
	d, ok := args[1].(*document)
	if !ok {
		return nil, errUnread
	}
	open, doubtful := d.policy.Plain(probes)
	if len(open) > 0 && (len(d.absent) > 0 || len(d.shaky) > 0) { // one of them may refuse it
		open, doubtful = nil, append(doubtful, open...)
	}
	sure, doubts := []any{}, []string{}
	for _, p := range open {
		sure = append(sure, p.Action)
	}
	if len(doubtful) > 0 {
		doubts = append(doubts, "it is not clear whether "+actions(doubtful)+" is refused over a connection that is not encrypted")
	}
	if len(sure)+len(doubts) == 0 { // what is not known changes nothing
		return sure, nil
	}
	return d.answer(sure, doubts)
}

func actions(probes []principal.Probe) string {
	names := make([]string, len(probes))
	for i, p := range probes {
		names[i] = p.Action
	}
	return strings.Join(names, ", ")
}
