package configitem

import "jobzero/internal/doc"

const maxWraps = 8 // texts within texts

// open finds the items in a message, whatever carries it: SNS, SQS, EventBridge, the call of a rule, or nothing.
func (l *loader) open(n, at *doc.Node, depth int) ([]source, error) {
	if depth > maxWraps {
		return nil, at.Errorf("messages within messages, more than %d of them", maxWraps)
	}
	for _, key := range []string{"Message", "body", "invokingEvent"} {
		if text := n.Get(key); text != nil && text.Kind == doc.String && n.Get("resourceType") == nil {
			inner := l.inner(text)
			if inner == nil || inner.Kind != doc.Map {
				return nil, text.Errorf("%s is no message of AWS Config: want JSON that can be read", key)
			}
			return l.open(inner, text, depth+1)
		}
	}
	for _, key := range []string{"detail", "Sns"} {
		if inner := n.Get(key); inner != nil && inner.Kind == doc.Map {
			return l.open(inner, within(at, n, inner), depth+1)
		}
	}
	switch {
	case is(n.Get("Records"), doc.List):
		return l.each(n.Get("Records"), at, n, depth)
	case is(n.Get("configurationItem"), doc.Map):
		item := n.Get("configurationItem")
		return []source{{n: item, at: within(at, n, item)}}, nil
	case is(n.Get("configurationItemSummary"), doc.Map):
		item := n.Get("configurationItemSummary")
		rest := n.Get("s3DeliverySummary")
		if rest == nil {
			rest = item
		}
		return []source{{n: item, at: within(at, n, item), summary: rest}}, nil
	case is(n.Get("configurationItems"), doc.List):
		return l.list(n, at, "configurationItems")
	case is(n.Get("baseConfigurationItems"), doc.List):
		return l.list(n, at, "baseConfigurationItems")
	case is(n.Get("Results"), doc.List):
		return l.results(n.Get("Results"))
	case n.Get("resourceType") != nil:
		return []source{{n: n, at: at, picked: n.Get("configurationItemCaptureTime") == nil}}, nil
	}
	if kind := n.Get("messageType"); kind != nil {
		return nil, at.Errorf("a message of the kind %s has no configuration item", kind.Text)
	}
	return nil, at.Errorf("there is no configuration item in it: want configurationItem or configurationItems")
}

// within is the place of an inner part: the part itself, unless all of it stands in one text.
func within(at, outer, inner *doc.Node) *doc.Node {
	if at == outer {
		return inner
	}
	return at
}

func is(n *doc.Node, kind doc.Kind) bool { return n != nil && n.Kind == kind }

// each opens the messages that a queue or a topic gives together.
func (l *loader) each(list, at, n *doc.Node, depth int) (out []source, err error) {
	for _, r := range list.Items {
		found, err := l.open(r, within(at, n, r), depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

func (l *loader) list(n, at *doc.Node, key string) (out []source, err error) {
	for _, item := range n.Get(key).Items {
		if item.Kind != doc.Map {
			return nil, item.Errorf("want an item, which is a map, not %s", item.Kind)
		}
		out = append(out, source{n: item, at: within(at, n, item)})
	}
	if rest := n.Get("unprocessedResourceKeys"); is(rest, doc.List) {
		for _, item := range rest.Items {
			out = append(out, source{n: item, at: within(at, n, item), left: true})
		}
	}
	return out, nil
}

// results are the rows of a query, each a text.
func (l *loader) results(list *doc.Node) (out []source, err error) {
	for _, row := range list.Items {
		n := row
		if row.Kind == doc.String {
			n = l.inner(row)
		}
		if !is(n, doc.Map) || n.Get("resourceType") == nil {
			return nil, row.Errorf("this row of the query cannot be read as a resource: select resourceType, too")
		}
		out = append(out, source{n: n, at: row, picked: true})
	}
	return out, nil
}
