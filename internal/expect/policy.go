package expect

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"jobzero/internal/expr"
	"jobzero/internal/fault"
	"jobzero/internal/principal"
)

// judged is a policy with its statements that let, or may let, everybody in.
type judged struct {
	policy principal.Policy
	public []principal.Public
}

// publicStatements names the statements of a bucket policy that let everybody in. When only some might, it is undecided.
func publicStatements(args []any) (any, error) {
	return publicOf(args[0], func(principal.Statement) bool { return true })
}

// publicWriteStatements names those that let everybody do more than read.
func publicWriteStatements(args []any) (any, error) {
	return publicOf(args[0], writes)
}

// readAccess reads a bucket's policy; it is nil when there is none.
func readAccess(policy any) (any, error) {
	text, err := policyText(policy)
	if err != nil || text == "" {
		return nil, err
	}
	p, err := principal.ParsePolicy([]byte(text))
	if err != nil {
		return nil, err
	}
	return &judged{p, p.Public(principal.Scope{Service: "s3"})}, nil
}

func publicOf(policy any, counts func(principal.Statement) bool) (any, error) {
	j, ok := policy.(*judged)
	if !ok {
		return []any{}, nil
	}
	sure, doubts := []any{}, []string{}
	for _, s := range j.public {
		switch text := fmt.Sprintf("statement %s (%s)", name(s), s.Why); {
		case !counts(j.policy.Statements[s.Index]):
		case s.Verdict == principal.Yes:
			sure = append(sure, text)
		default:
			doubts = append(doubts, text)
		}
	}
	if len(sure) == 0 && len(doubts) > 0 {
		return nil, expr.Undecided("it is not clear whether the policy lets everybody in: " + strings.Join(doubts, "; "))
	}
	return sure, nil
}

func name(s principal.Public) string {
	if s.Sid != "" {
		return fmt.Sprintf("%d %q", s.Index+1, s.Sid)
	}
	return strconv.Itoa(s.Index + 1)
}

// policyText is the text of what inventory calls a policy: its PolicyText, or its PolicyDocument written out again. It is
// empty only when there is no policy.
func policyText(policy any) (string, error) {
	switch p := policy.(type) {
	case nil:
		return "", nil
	case map[string]any:
		if s := field(p, "PolicyText"); s != "" {
			return s, nil
		}
		if d, ok := p["PolicyDocument"]; ok {
			text, err := json.Marshal(d)
			return string(text), err
		}
	}
	return "", fault.New(fault.Invalid, "this is no policy: want PolicyText or PolicyDocument")
}

// reading are the actions, in lower case and as prefixes, that change nothing.
var reading = [...]string{"s3:get", "s3:list", "s3:head", "s3:describe"}

// writes reports whether a statement allows more than reading. An action such as s3:* or s3:Pu?Object may be anything.
func writes(s principal.Statement) bool {
	if len(s.NotActions) > 0 || len(s.Actions) == 0 {
		return true
	}
	for _, a := range s.Actions {
		reads := false
		for _, prefix := range reading {
			reads = reads || strings.HasPrefix(strings.ToLower(a), prefix)
		}
		if !reads {
			return true
		}
	}
	return false
}
