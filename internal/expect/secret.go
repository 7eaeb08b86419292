package expect

import (
	"math"
	"regexp"
	"slices"
	"strings"

	"jobzero/internal/expr"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

// secretVariables names the variables that hold a secret in clear: those whose value has the form of one, and those whose name
// says so and whose value is neither a reference nor a switch. It takes a map, or a list of objects of Name and Value, as
// containers and builds have them; what has a Type other than PLAINTEXT is a reference, and what AWS calls a resource is no secret. It never gives the secret itself.
func secretVariables(args []any) (any, error) {
	out, gaps := []any{}, []expr.Gap(nil)
	look := func(name string, value any) {
		switch v := value.(type) {
		case expr.Gap:
			if !v.Has(string(resource.Named)) {
				gaps = append(gaps, v)
			}
		case string:
			if len(v) <= maxText && (len(marked(v)) > 0 || secretName(name) && secretValue(name, v)) {
				out = append(out, name)
			}
		}
	}
	switch all := args[0].(type) {
	case nil:
	case expr.Gap:
		gaps = append(gaps, all)
	case map[string]any:
		for name, v := range all {
			look(name, v)
		}
	case []any:
		for _, e := range all {
			switch e := e.(type) {
			case expr.Gap:
				gaps = append(gaps, e)
			case map[string]any:
				gaps = append(gaps, named(e, look)...)
			}
		}
	default:
		return nil, fault.New(fault.Invalid, "secretVariables wants a map, or a list of Name and Value")
	}
	if len(out) == 0 && len(gaps) > 0 {
		return nil, expr.Undecided("", gaps...)
	}
	slices.SortFunc(out, func(a, b any) int { return strings.Compare(a.(string), b.(string)) }) //nolint:forcetypeassert // names
	return out, nil
}

// named looks at a variable of a list; it gives what keeps it from being judged.
func named(e map[string]any, look func(string, any)) []expr.Gap {
	switch t := e["Type"].(type) {
	case expr.Gap: // plain it would be judged, and a reference it would be right
		return []expr.Gap{t}
	case string:
		if t != "PLAINTEXT" {
			return nil
		}
	}
	for _, key := range []string{"Name", "Key", "OptionName"} {
		switch name := e[key].(type) {
		case expr.Gap:
			if v, ok := e["Value"].(string); ok && len(marked(v)) > 0 {
				look("a variable", v)
				return nil
			}
			return []expr.Gap{name}
		case string:
			look(name, e["Value"])
			return nil
		}
	}
	return nil
}

var (
	// A name is that of a secret when it ends in one of these. PASSWORD_FILE, SECRET_ARN and TOKEN_TTL do not.
	always = regexp.MustCompile(`(^|_)(password|passwd|passphrase|pwd|dbpass|db_pass|userpass|user_pass)$`)
	often  = regexp.MustCompile(`(^|_)(secret|token|apikey|api_key|secret_key|secretkey|access_key|private_key|signing_key|encryption_key|master_key|auth_key|credentials?)$`)
	// Some are shown to everybody who looks at a page.
	shown = regexp.MustCompile(`(^|_)(public|publishable|csrf|xsrf|anon|next|page|continuation)_`)
)

// secretName reports whether a name is that of a secret.
func secretName(name string) bool {
	n := plainName(name)
	return !shown.MatchString(n) && n != "pwd" && n != "old_pwd" && (always.MatchString(n) || often.MatchString(n))
}

// plainName is a name as words in lower case with underscores; a number or VALUE at its end is left out.
func plainName(name string) string {
	var b strings.Builder
	at := func(i int) byte {
		if i < 0 || i >= len(name) {
			return 0
		}
		return name[i]
	}
	for i := range len(name) {
		c := name[i]
		switch {
		case isUpper(c):
			if isLower(at(i-1)) || isUpper(at(i-1)) && isLower(at(i+1)) { // dbPassword, DBPassword
				b.WriteByte('_')
			}
			b.WriteByte(c + 'a' - 'A')
		case isLower(c) || c >= '0' && c <= '9':
			b.WriteByte(c)
		default:
			b.WriteByte('_')
		}
	}
	n := strings.TrimRight(b.String(), "_0123456789")
	return strings.TrimSuffix(strings.TrimSuffix(n, "_value"), "_plaintext")
}

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }
func isLower(c byte) bool { return c >= 'a' && c <= 'z' }

var (
	// reference is what stands for a secret and is none: where it lies, how it is got, and what is to be filled in.
	reference = regexp.MustCompile(`(?i)^(arn:|/|\./|~/|s3://|https?://[^@]*$|(ssm|secretsmanager|vault|file|env|kms|sops|op):|.*\{\{|\$|.*\$\{|.*\$\(|%|<|@|\[|\*+$|x+$|-+$|\.+$|-)`)
	// filler is what is written where nothing is to be said.
	filler = regexp.MustCompile(`(?i)^(true|false|yes|no|on|off|none|null|nil|undefined|enabled?|disabled?|required|optional|auto|default|test|dummy|example|placeholder|todo|tbd|n/?a|redacted|hidden|your.*|insert.*|replace.*|to-?be-?.*|.*example.*)$`)
	// spoken is a name made of words, such as prod/shop/db-password.
	spoken = regexp.MustCompile(`^[A-Za-z]+[0-9]{0,2}([-_./:][A-Za-z]+[0-9]{0,2})*$`)
	number = regexp.MustCompile(`^[0-9.]{1,5}$`)
	naming = regexp.MustCompile(`(?i)(secret|password|token|credential|key|param)`)
)

// secretValue reports whether a value under the name of a secret is one. A password may be any word; a token is long and has no
// words in it.
func secretValue(name, v string) bool {
	v = strings.TrimSpace(v)
	if v == "" || len(v) > 4096 || reference.MatchString(v) || filler.MatchString(v) || number.MatchString(v) {
		return false
	}
	if always.MatchString(plainName(name)) {
		name := spoken.MatchString(v) && naming.MatchString(v) && strings.ContainsAny(v, "-_./:")
		return !name && !strings.Contains(v, " ")
	}
	return len(v) >= 16 && !spoken.MatchString(v) && !strings.Contains(v, " ") && entropy(v) >= 3
}

// entropy is the bits in each character of a text, by Shannon's formula over its own letters.
func entropy(s string) (bits float64) {
	counts := map[rune]float64{}
	n := 0.0
	for _, r := range s {
		counts[r]++
		n++
	}
	for _, c := range counts {
		bits -= c / n * math.Log2(c/n)
	}
	return bits
}
