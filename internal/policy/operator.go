package policy

import (
	"cmp"
	"encoding/base64"
	"math"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"jobzero/internal/principal"
)

// operator is one condition operator without what stands before and behind it.
type operator struct {
	name        string // as AWS writes it
	not         bool   // it is the opposite of its comparison
	globs, vars bool
	// read makes a comparison of a text of the policy; false when the text is not of the operator's kind.
	read func(*Pattern) (compare, bool)
}

// compare holds one text of a request against one of the policy. The atoms are those of the policy's text, without variables.
type compare func(atoms []atom, given string) bool

// operators by their names in small letters.
func operators() map[string]operator {
	text := func(a []atom, s string) bool { return glob(a, s) }
	fold := func(a []atom, s string) bool { return strings.EqualFold(join(a), s) }
	list := []operator{
		{"StringEquals", false, false, true, always(text)},
		{"StringNotEquals", true, false, true, always(text)},
		{"StringEqualsIgnoreCase", false, false, true, always(fold)},
		{"StringNotEqualsIgnoreCase", true, false, true, always(fold)},
		{"StringLike", false, true, true, always(text)},
		{"StringNotLike", true, true, true, always(text)},
		{"ArnEquals", false, true, true, always(likeARN)},
		{"ArnLike", false, true, true, always(likeARN)},
		{"ArnNotEquals", true, true, true, always(likeARN)},
		{"ArnNotLike", true, true, true, always(likeARN)},
		{"Bool", false, false, true, truths},
		{"IpAddress", false, false, false, addresses},
		{"NotIpAddress", true, false, false, addresses},
		{"BinaryEquals", false, false, false, binaries},
		{"Null", false, false, false, truths},
	}
	for name, holds := range map[string]func(int) bool{
		"Equals": func(c int) bool { return c == 0 }, "LessThan": func(c int) bool { return c < 0 },
		"LessThanEquals": func(c int) bool { return c <= 0 }, "GreaterThan": func(c int) bool { return c > 0 },
		"GreaterThanEquals": func(c int) bool { return c >= 0 },
	} {
		list = append(list, operator{"Numeric" + name, false, false, false, numbers(holds)}, operator{"Date" + name, false, false, false, dates(holds)})
		if name == "Equals" {
			list = append(list, operator{"NumericNotEquals", true, false, false, numbers(holds)}, operator{"DateNotEquals", true, false, false, dates(holds)})
		}
	}
	out := make(map[string]operator, len(list))
	for _, o := range list {
		out[strings.ToLower(o.name)] = o
	}
	return out
}

func always(c compare) func(*Pattern) (compare, bool) {
	return func(*Pattern) (compare, bool) { return c, true }
}

// join is the text of atoms without wildcards.
func join(atoms []atom) string {
	if len(atoms) == 1 {
		return atoms[0].text
	}
	var b strings.Builder
	for _, a := range atoms {
		b.WriteString(a.text)
	}
	return b.String()
}

// likeARN compares ARNs part by part: a wildcard does not reach over a colon, but for those of the last part.
func likeARN(atoms []atom, given string) bool {
	parts := strings.SplitN(given, ":", 6)
	if len(parts) != 6 {
		return glob(atoms, given) && len(atoms) == 1 && atoms[0].kind == star
	}
	if len(atoms) == 1 && atoms[0].kind == star {
		return true
	}
	wanted := splitAtoms(atoms)
	if len(wanted) != 6 {
		return false
	}
	for i, w := range wanted {
		if !glob(w, parts[i]) {
			return false
		}
	}
	return true
}

// splitAtoms cuts atoms at the first five colons.
func splitAtoms(atoms []atom) (out [][]atom) {
	var now []atom
	for _, a := range atoms {
		for a.kind == plain && len(out) < 5 {
			before, after, found := strings.Cut(a.text, ":")
			if !found {
				break
			}
			if before != "" {
				now = append(now, atom{text: before})
			}
			out, now = append(out, now), nil
			a.text = after
		}
		if a.kind != plain || a.text != "" {
			now = append(now, a)
		}
	}
	return append(out, now)
}

func truths(p *Pattern) (compare, bool) {
	fold := func(a []atom, s string) bool { return strings.EqualFold(join(a), s) }
	return fold, p.vars || strings.EqualFold(p.text, "true") || strings.EqualFold(p.text, "false")
}

func binaries(p *Pattern) (compare, bool) {
	want, err := base64.StdEncoding.DecodeString(p.text)
	return func(_ []atom, s string) bool {
		got, bad := base64.StdEncoding.DecodeString(s)
		return bad == nil && string(got) == string(want)
	}, err == nil
}

func addresses(p *Pattern) (compare, bool) {
	want, ok := prefixOf(p.text)
	return func(_ []atom, s string) bool {
		a, err := netip.ParseAddr(s)
		return err == nil && want.Contains(a.Unmap().WithZone(""))
	}, ok
}

func prefixOf(s string) (netip.Prefix, bool) {
	if a, err := netip.ParseAddr(s); err == nil {
		return netip.PrefixFrom(a, a.BitLen()), true
	}
	p, err := netip.ParsePrefix(s)
	return p.Masked(), err == nil
}

func numbers(holds func(int) bool) func(*Pattern) (compare, bool) {
	return func(p *Pattern) (compare, bool) {
		want, err := strconv.ParseFloat(p.text, 64)
		return func(_ []atom, s string) bool {
			got, bad := strconv.ParseFloat(s, 64)
			return bad == nil && !math.IsNaN(got) && holds(cmp.Compare(got, want))
		}, err == nil && !math.IsNaN(want)
	}
}

func dates(holds func(int) bool) func(*Pattern) (compare, bool) {
	return func(p *Pattern) (compare, bool) {
		want, ok := dateOf(p.text)
		return func(_ []atom, s string) bool {
			got, fine := dateOf(s)
			return fine && holds(got.Compare(want))
		}, ok
	}
}

// dateOf reads a time in ISO 8601, as a date alone too, or in seconds since 1970.
func dateOf(s string) (time.Time, bool) {
	for _, form := range []string{time.RFC3339Nano, "2006-01-02T15:04Z", "2006-01-02T15:04Z07:00", "2006-01-02", "2006-01", "2006"} {
		if form == "2006" && len(s) != 4 {
			continue
		}
		if t, err := time.Parse(form, s); err == nil {
			return t.UTC(), true
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return time.Unix(n, 0).UTC(), err == nil
}

// isRootOf reports whether an ARN is that of an account as a whole.
func isRootOf(arn, account string) bool {
	a, err := principal.ParseARN(arn)
	return err == nil && a.Account == account && a.Resource == "root"
}
