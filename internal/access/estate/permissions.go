package estate

import (
	"encoding/json"
	"strconv"
	"strings"

	"jobzero/internal/fault"
	"jobzero/internal/policy"
	"jobzero/internal/resource"
)

// permissions makes the policy of a function of the permissions beside it, in the form in which Lambda keeps them
// (docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html).
func (e *Estate) permissions(r resource.Resource, arn string) (found, error) {
	const path = "related.permissions"
	if why, open := opened(r, path); open {
		return found{unread: []string{path + " of " + r.String() + ": " + why}}, nil
	}
	list, _ := at(r, path).([]any)
	if len(list) == 0 {
		return found{}, nil
	}
	var out found
	var statements []any
	for i, v := range list {
		m, ok := v.(map[string]any)
		if why, open := within(r, path+"["+strconv.Itoa(i)+"]"); open || !ok {
			out.unread = append(out.unread, path+" of "+r.String()+": "+why)
			continue
		}
		statements = append(statements, permission(m, arn))
	}
	if len(statements) == 0 {
		return out, nil
	}
	raw, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": statements})
	if err != nil {
		return found{}, fault.Wrap(fault.Invalid, err, "permissions of %s", r)
	}
	d, err := e.document("permissions of "+r.ID, policy.Resource, raw)
	if err != nil {
		return found{}, fault.Wrap(fault.Invalid, err, "%s", r)
	}
	out.docs = []*policy.Document{d}
	return out, nil
}

func permission(m map[string]any, arn string) map[string]any {
	who, _ := m["Principal"].(string)
	s := map[string]any{"Effect": "Allow", "Action": m["Action"], "Resource": arn}
	switch {
	case who == "*":
		s["Principal"] = "*"
	case strings.HasSuffix(who, ".amazonaws.com"):
		s["Principal"] = map[string]any{"Service": who}
	default:
		s["Principal"] = map[string]any{"AWS": who}
	}
	c := map[string]any{}
	for key, condition := range map[string][2]string{
		"SourceArn": {"ArnLike", "aws:SourceArn"}, "SourceAccount": {"StringEquals", "aws:SourceAccount"},
		"PrincipalOrgID": {"StringEquals", "aws:PrincipalOrgID"}, "EventSourceToken": {"StringEquals", "lambda:EventSourceToken"},
		"FunctionUrlAuthType": {"StringEquals", "lambda:FunctionUrlAuthType"},
	} {
		if v, _ := m[key].(string); v != "" {
			both, _ := c[condition[0]].(map[string]any)
			c[condition[0]] = with(both, condition[1], v)
		}
	}
	if len(c) > 0 {
		s["Condition"] = c
	}
	return s
}

// within says whether anything below a path is not known.
func within(r resource.Resource, path string) (why string, open bool) {
	for _, u := range r.Unknown {
		if strings.HasPrefix(u.Path, path) {
			return u.Cause, true
		}
	}
	return "", false
}
