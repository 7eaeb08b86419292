package expect

import (
	"strings"

	"jobzero/internal/expr"
	"jobzero/internal/resource"
)

// marks are what is certain of a value that is not known.
func marks(u resource.Unknown) (out []string) {
	switch {
	case u == (resource.Unknown{Path: u.Path, Cause: u.Cause, Code: u.Code}):
		return nil
	case u.Filled:
		out = []string{expr.Present, expr.Filled}
	case u.Present:
		out = []string{expr.Present}
	}
	if u.Seen != "" {
		out = append(out, string(u.Seen))
	}
	return out
}

// given says whether something is named: by a text, or a list or map, that is not empty. Of one that only deployment tells it may be certain all the same: the
// key that is made in the same template has an ARN.
func given(args []any) (any, error) {
	switch v := args[0].(type) {
	case nil:
		return false, nil
	case expr.Gap:
		if v.Has(expr.Filled) {
			return true, nil
		}
		return nil, expr.Undecided("", v)
	case string:
		return v != "", nil
	case []any:
		return len(v) > 0, nil
	case map[string]any:
		return len(v) > 0, nil
	default: // a number names nothing
		return false, nil
	}
}

// namesARN is given for what has to be an ARN: a name alone is found by nobody.
func namesARN(args []any) (any, error) {
	if s, ok := args[0].(string); ok {
		return strings.HasPrefix(s, "arn:"), nil
	}
	return given(args)
}

// logDestination is given for what records are delivered to: the ARN of a log group or of a stream of Firehose, which is all that API Gateway
// takes (https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html).
func logDestination(args []any) (any, error) {
	if s, ok := args[0].(string); ok {
		parts := strings.SplitN(s, ":", 6)
		return len(parts) == 6 && parts[0] == "arn" && (parts[2] == "logs" || parts[2] == "firehose"), nil
	}
	return given(args)
}

// written says whether those who read the text, or look at what it became, see the value. A dynamic reference to a store of secrets
// is filled in by the service when it makes the resource, and a parameter with NoEcho is shown to nobody; any other parameter is shown
// to all who may describe the stack (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html,
// parameters-section-structure.html).
func written(args []any) (any, error) {
	switch v := args[0].(type) {
	case nil:
		return false, nil
	case expr.Gap:
		switch {
		case v.Has(string(resource.Sealed)):
			return false, nil
		case v.Has(string(resource.Shown)):
			return true, nil
		}
		return nil, expr.Undecided("", v)
	case string:
		inside, ok := strings.CutPrefix(v, "{{resolve:")
		inside, closed := strings.CutSuffix(inside, "}}")
		store, _, _ := strings.Cut(inside, ":")
		sealed := ok && closed && (store == "secretsmanager" || store == "ssm-secure") && !strings.ContainsAny(inside, "{}")
		return v != "" && !sealed, nil
	default:
		return true, nil
	}
}

// ownKey says whether a key is named, and not one that AWS manages, whose aliases begin with aws/
// (https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html). What a parameter will name is not known.
func ownKey(args []any) (any, error) {
	switch v := args[0].(type) {
	case nil:
		return false, nil
	case expr.Gap:
		if v.Has(expr.Filled) && !v.Has(string(resource.Shown)) && !v.Has(string(resource.Sealed)) {
			return true, nil
		}
		return nil, expr.Undecided("", v)
	case string:
		_, alias, _ := strings.Cut(v, "alias/")
		return v != "" && !strings.HasPrefix(alias, "aws/"), nil
	default:
		return true, nil
	}
}
