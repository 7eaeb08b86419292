package sigma

import (
	"slices"
	"strconv"

	"jobzero/internal/doc"
)

// act carries out the actions of old rule collections and gives the documents that they come to:
//
//   - action: global stands before all rules behind it, and what it says counts more than what they say. Several add up.
//   - action: reset forgets what was global.
//   - action: repeat is the rule before it once more, with what this document changes.
//
// Maps are joined key by key, as in the reference implementation. Correlations and filters stay as they are. Rules that have
// their id from another document get a number behind it.
func act(nodes []*doc.Node) (out []*doc.Node, errs []error) {
	var global, last *doc.Node
	ids := map[string]int{}
	add := func(n *doc.Node, own bool) {
		last = n
		id := n.Get("id")
		if id == nil {
			id = n.Get("title")
		}
		if id != nil {
			if ids[id.Text]++; !own && ids[id.Text] > 1 {
				n = numbered(n, id, ids[id.Text])
			}
		}
		out = append(out, n)
	}
	for _, n := range nodes {
		action := n.Get("action")
		if action == nil {
			if global == nil || n.Get("correlation") != nil || n.Get("filter") != nil || n.Kind != doc.Map {
				add(n, true)
			} else {
				add(merge(n, global), false)
			}
			continue
		}
		n = without(n, "action")
		switch action.Text {
		case "global":
			if global != nil {
				n = merge(global, n)
			}
			global = n
		case "reset":
			global = nil
		case "repeat":
			if last == nil {
				errs = append(errs, action.Errorf("there is no rule to repeat: put one before this document"))
				continue
			}
			again := merge(last, n)
			again.Line, again.Col = n.Line, n.Col
			add(again, false)
		default:
			errs = append(errs, action.Errorf("action %q: use global, reset or repeat", action.Text))
		}
	}
	return out, errs
}

// merge is the map with another one laid over it.
func merge(under, over *doc.Node) *doc.Node {
	out := *under
	out.Pairs = slices.Clone(under.Pairs)
	for _, p := range over.Pairs {
		i := slices.IndexFunc(out.Pairs, func(have doc.Pair) bool { return have.Key.Text == p.Key.Text })
		switch {
		case i < 0:
			out.Pairs = append(out.Pairs, p)
		case p.Value.Kind == doc.Map && out.Pairs[i].Value.Kind == doc.Map:
			out.Pairs[i].Value = merge(out.Pairs[i].Value, p.Value)
		default:
			out.Pairs[i] = p
		}
	}
	return &out
}

func without(n *doc.Node, key string) *doc.Node {
	out := *n
	out.Pairs = slices.DeleteFunc(slices.Clone(n.Pairs), func(p doc.Pair) bool { return p.Key.Text == key })
	return &out
}

// numbered is the rule with a number behind its id, or with one made of its title.
func numbered(n, id *doc.Node, number int) *doc.Node {
	out := *n
	one := *id
	if n.Get("id") == nil {
		one.Text = titleID(id.Text)
	}
	one.Text += "-" + strconv.Itoa(number)
	key := one
	key.Text = "id"
	out.Pairs = append(without(n, "id").Pairs, doc.Pair{Key: &key, Value: &one})
	return &out
}
