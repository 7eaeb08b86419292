package cacao

import (
	"net/netip"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"jobzero/internal/doc"
)

// text judges a text.
func (s *shaping) text(n *doc.Node, path string, r rule) {
	switch {
	case r.one != nil && !slices.Contains(r.one, n.Text):
		s.wrong(n, path, "is %q: want %s", n.Text, strings.Join(r.one, " or "))
	case r.says("identifier") && !identifierForm.MatchString(n.Text):
		s.wrong(n, path, "is %q: want an identifier such as action--9fcc5c3b-0b70-4d73-b922-cf5491dcd1a4", n.Text)
	case r.says("timestamp") && !timestampForm.MatchString(n.Text):
		s.wrong(n, path, "is %q: want a time in UTC such as 2026-11-23T10:00:00.000Z", n.Text)
	case r.says("region") && !slices.Contains(regions, n.Text):
		s.wrong(n, path, "is %q: want a region of the specification, such as western-europe", n.Text)
	}
}

// number reads a whole number; 1.0 is one.
func (s *shaping) number(n *doc.Node, v reflect.Value, path string, r rule) {
	f, err := strconv.ParseFloat(n.Text, 64)
	const most = 1 << 53 // what every reader of JSON can count to
	if n.Kind != doc.Number || err != nil || f != float64(int64(f)) || f > most || f < -most {
		s.wrong(n, path, "want a whole number, not %s", n.Kind)
		return
	}
	i := int64(f)
	v.SetInt(i)
	switch {
	case r.says("percent") && (i < 0 || i > 100):
		s.wrong(n, path, "is %d: want a whole number from 0 to 100", i)
	case r.says("count") && i < 1:
		s.wrong(n, path, "is %d: want a whole number from 1", i)
	}
}

// key judges a key of a map, and whether what is behind it is of the type that the key says.
func (s *shaping) key(p doc.Pair, path, keys string) bool {
	prefix, _, _ := strings.Cut(p.Key.Text, "--")
	typed := slices.Contains(kinds(keys), prefix)
	switch {
	case keys == "":
		return true
	case keys == "variable":
		if !variableForm.MatchString(p.Key.Text) {
			s.wrong(p.Key, path, "want a name such as __address__, with two underscores before and behind")
		}
		return true
	case keys == "address":
		if !slices.Contains([]string{"dname", "ipv4", "ipv6", "l2mac", "vlan", "url"}, p.Key.Text) {
			s.wrong(p.Key, path, "want dname, ipv4, ipv6, l2mac, vlan or url")
		}
		return true
	case !identifierForm.MatchString(p.Key.Text):
		s.wrong(p.Key, path, "the key is no identifier such as action--9fcc5c3b-0b70-4d73-b922-cf5491dcd1a4")
		return false
	case keys == "extension-definition" && prefix != keys, (keys == "step" || keys == "marking") && !typed:
		s.wrong(p.Key, path, "%s is none of the types that stand here: %s", prefix, strings.Join(append(kinds(keys), "extension-definition"), ", "))
		return false
	}
	if kind := p.Value.Get("type"); typed && kind != nil && kind.Kind == doc.String && kind.Text != prefix {
		s.wrong(kind, path+".type", "is %q, but the key says %s", kind.Text, prefix)
	}
	return true
}

// addresses judges addresses by their kind; a variable may stand in place of one.
func (s *shaping) addresses(kind string, n *doc.Node, path string) {
	for _, item := range n.Items {
		if item.Kind == doc.String && variableUse.MatchString(item.Text) {
			continue
		}
		ok := item.Kind == doc.String
		switch kind {
		case "vlan":
			number, err := strconv.Atoi(item.Text)
			ok = item.Kind == doc.Number && err == nil && number >= 0 && number <= 4095
		case "ipv4":
			a, err := netip.ParseAddr(item.Text)
			ok = ok && err == nil && a.Is4()
		case "ipv6":
			a, err := netip.ParseAddr(item.Text)
			ok = ok && err == nil && a.Is6()
		case "l2mac":
			ok = ok && macForm.MatchString(item.Text)
		case "url":
			u, err := url.Parse(item.Text)
			ok = ok && err == nil && u.Host != ""
		}
		if !ok {
			s.wrong(item, path, "%q is no address of the kind %s", item.Text, kind)
		}
	}
}

// free is a value of any shape.
func free(n *doc.Node) any {
	switch n.Kind {
	case doc.String:
		return n.Text
	case doc.Bool:
		return n.Text == "true"
	case doc.Number:
		f, _ := strconv.ParseFloat(n.Text, 64)
		return f
	case doc.List:
		out := make([]any, len(n.Items))
		for i, item := range n.Items {
			out[i] = free(item)
		}
		return out
	case doc.Map:
		out := make(map[string]any, len(n.Pairs))
		for _, p := range n.Pairs {
			out[p.Key.Text] = free(p.Value)
		}
		return out
	default:
		return nil
	}
}
