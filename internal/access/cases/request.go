package cases

import (
	"strings"

	"jobzero/internal/access"
	"jobzero/internal/doc"
	"jobzero/internal/policy"
	"jobzero/internal/principal"
)

// request reads who calls what.
func (t *text) request(n *doc.Node) (err error) {
	for _, p := range n.Pairs {
		switch p.Key.Text {
		case "principal", "action", "resource", "context":
		default:
			return unknown(p.Key, []string{"principal", "action", "resource", "context"})
		}
	}
	c := &t.out.Call
	action := n.Get("action")
	if action == nil || !strings.Contains(action.Text, ":") {
		return orAt(action, n).Errorf("request.action: want service:Name, such as s3:GetObject")
	}
	c.Action = action.Text
	who := n.Get("principal")
	if who == nil {
		return n.Errorf("request.principal is missing: want an object with type and arn")
	}
	if c.Caller, err = caller(who); err != nil {
		return err
	}
	what := n.Get("resource")
	if what == nil {
		return n.Errorf("request.resource is missing: want an object with arn and accountId")
	}
	if c.Resource = textOf(what.Get("arn")); c.Resource == "" {
		return what.Errorf("request.resource.arn is missing: want an ARN, or * of an action that has no resource")
	}
	c.Account = textOf(what.Get("accountId"))
	if a, err := principal.ParseARN(c.Resource); c.Account == "" && err == nil {
		c.Account = a.Account
	}
	if c.Account == "" { // where nothing says whose it is, it is the caller's
		c.Account = c.Caller.Account()
	}
	keys, err := contextOf(n.Get("context"))
	if c.Context = access.Whole(c, keys); t.partial {
		c.Context = access.Partial(c, keys)
	}
	return err
}

func caller(n *doc.Node) (access.Caller, error) {
	kind := access.Kind(textOf(n.Get("type")))
	switch kind {
	case access.IAM, access.Service, access.Federated, access.Anonymous:
	case "":
		kind = access.IAM
	default:
		return access.Caller{}, n.Get("type").Errorf("there is no type of principal %q: want IAM, Service, Federated or Anonymous", kind)
	}
	c, err := access.NewCaller(kind, textOf(n.Get("arn")), textOf(n.Get("accountId")))
	if err != nil {
		return c, orAt(n.Get("arn"), n).Errorf("request.principal.arn: %v", err)
	}
	return c, nil
}

// contextOf reads condition keys. A null is a key of which nothing is known; a key that is not written is not in the call.
func contextOf(n *doc.Node) (policy.Keys, error) {
	out := policy.Keys{}
	if n == nil || n.Kind == doc.Null {
		return out, nil
	}
	if n.Kind != doc.Map {
		return nil, n.Errorf("request.context: want an object of condition keys")
	}
	for _, p := range n.Pairs {
		key := strings.ToLower(p.Key.Text)
		switch p.Value.Kind {
		case doc.Null:
			out[key] = policy.Value{}
		case doc.Map:
			return nil, p.Value.Errorf("%s: want a text or a list of texts", p.Key.Text)
		case doc.List:
			v := policy.Value{State: policy.Present}
			for _, item := range p.Value.Items {
				if item.Kind == doc.Map || item.Kind == doc.List {
					return nil, item.Errorf("%s: want texts", p.Key.Text)
				}
				v.Texts = append(v.Texts, item.Text)
			}
			out[key] = v
		case doc.Bool, doc.Number, doc.String:
			out[key] = policy.Is(p.Value.Text)
		}
	}
	return out, nil
}
