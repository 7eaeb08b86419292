package estate

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"jobzero/internal/access"
	"jobzero/internal/fault"
	"jobzero/internal/policy"
	"jobzero/internal/principal"
	"jobzero/internal/resource"
)

// Read adds what a text has: the answer of GetAccountAuthorizationDetails, in as many pages as one likes; a list of resources with their
// policies, each {"Resource": ARN, "Account": …, "Policy": {…}}, or of resources as readers and templates give them, each {"type", "account", "id",
// "properties", …}; the tree of an organisation, each node {"Id", "Arn", "Policies", "Children"}; or
// the answers of ListGrants of KMS.
// The name is for errors, which are fault.Invalid. Whoever has read everything calls Done.
func (e *Estate) Read(name string, r io.Reader) error {
	in := json.NewDecoder(r)
	var err error
	for n := 0; err == nil; n++ {
		if err = e.texted(in); n > 0 && errors.Is(err, errNone) {
			return nil // all values are read
		}
	}
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fault.New(fault.Invalid, "%s: it ends too early: is it cut off?", name)
	case errors.As(err, &syntax):
		return fault.Wrap(fault.Invalid, err, "%s: byte %d: it is not JSON", name, syntax.Offset)
	}
	return fault.Wrap(fault.Invalid, err, "%s", name)
}

// Looks reports whether the beginning of a text is that of one that Read reads: an object with a member of those that it knows, or a list of
// resources with their policies.
func Looks(text []byte) bool {
	in := json.NewDecoder(bytes.NewReader(text))
	first, err := in.Token()
	if err != nil {
		return false
	}
	depth, object := 0, first == json.Delim('{')
	if first != json.Delim('{') && first != json.Delim('[') {
		return false
	}
	for range 200 {
		t, err := in.Token()
		if err != nil {
			return false
		}
		key, _ := t.(string)
		switch {
		case t == json.Delim('{') || t == json.Delim('['):
			depth++
		case t == json.Delim('}') || t == json.Delim(']'):
			depth--
		case object && depth == 0 && members[key], !object && depth == 1 && (key == "Resource" || key == "type"):
			return true
		}
	}
	return false
}

// members are those that a text begins with which Read reads.
var members = map[string]bool{
	"Grants": true, "UserDetailList": true, "GroupDetailList": true, "RoleDetailList": true, "Policies": true, "Id": true, "Arn": true, "Children": true,
}

// detailed are the members of an answer of GetAccountAuthorizationDetails.
var detailed = map[json.Token]bool{"UserDetailList": true, "GroupDetailList": true, "RoleDetailList": true}

// Done joins what was read.
func (e *Estate) Done() error { return e.settle() }

func (e *Estate) texted(in *json.Decoder) error {
	t, err := in.Token()
	if errors.Is(err, io.EOF) {
		return errNone
	}
	if err != nil {
		return err
	}
	switch t {
	case json.Delim('['):
		return e.listed(in)
	case json.Delim('{'):
		return e.object(in)
	}
	return errStrange
}

// errNone says that there is no further value.
var errNone = fmt.Errorf("nothing more: %w", io.EOF)

// Wanted is what Read reads, for people.
const Wanted = "what GetAccountAuthorizationDetails answers, a list of resources, or an organisation"

var errStrange = fault.New(fault.Invalid, "want %s", Wanted)

// object reads an object member by member, so that long lists are never whole in memory.
func (e *Estate) object(in *json.Decoder) error {
	var root node
	known, details, truncated := false, false, false
	for in.More() {
		key, err := in.Token()
		if err != nil {
			return err
		}
		switch details = details || detailed[key]; key {
		case "IsTruncated":
			if err = in.Decode(&truncated); err == nil {
				continue
			}
		case "UserDetailList":
			err = list(in, e.addUser)
		case "GroupDetailList":
			err = list(in, e.addGroup)
		case "RoleDetailList":
			err = list(in, e.addRole)
		case "Policies":
			err = e.policies(in, &root)
		case "Grants":
			err = list(in, e.addGrant)
		case "Id":
			err = in.Decode(&root.ID)
		case "Arn":
			err = in.Decode(&root.Arn)
		case "Children":
			err = in.Decode(&root.Children)
		default:
			var rest json.RawMessage
			err = in.Decode(&rest)
			if err == nil {
				continue
			}
		}
		if err != nil {
			return err
		}
		known = true
	}
	if !known {
		return errStrange
	}
	if _, err := in.Token(); err != nil {
		return err
	}
	if details && e.listener != nil {
		e.listener.Page(truncated)
	}
	if root.ID != "" {
		return e.organisation(&root, nil, nil, nil)
	}
	return nil
}

// policies are those of an account or, with their contents, of a node of an organisation.
func (e *Estate) policies(in *json.Decoder, root *node) error {
	return list(in, func(raw json.RawMessage) error {
		var kind struct{ Type string }
		if err := json.Unmarshal(raw, &kind); err != nil {
			return err
		}
		if strings.HasSuffix(kind.Type, "_CONTROL_POLICY") {
			var p control
			root.Policies = append(root.Policies, p)
			return json.Unmarshal(raw, &root.Policies[len(root.Policies)-1])
		}
		var p managedPolicy
		if err := json.Unmarshal(raw, &p); err != nil {
			return err
		}
		return e.addManaged(p)
	})
}

// list reads a list element by element.
func list[T any](in *json.Decoder, add func(T) error) error {
	t, err := in.Token()
	if err != nil || t == nil {
		return err
	}
	if t != json.Delim('[') {
		return errStrange
	}
	return each(in, add)
}

func each[T any](in *json.Decoder, add func(T) error) error {
	for in.More() {
		var x T
		if err := in.Decode(&x); err != nil {
			return err
		}
		if err := add(x); err != nil {
			return err
		}
	}
	_, err := in.Token()
	return err
}

// addGrant puts a grant of a key beside the key's policy, which may be read before or after it.
func (e *Estate) addGrant(g access.KeyGrant) error {
	if !strings.Contains(g.KeyID, ":key/") {
		return fault.New(fault.Invalid, "grant %s: KeyId %q: want the ARN of a key", g.GrantID, g.KeyID)
	}
	d, err := g.Document()
	if err != nil {
		return err
	}
	e.keyGrants[g.KeyID] = append(e.keyGrants[g.KeyID], d)
	return nil
}

// policied is a resource with its policy.
type policied struct {
	Resource, Account string
	Policy            json.RawMessage
}

// listed is an element of a list: a resource as readers and templates give it, or the policy of one.
type listed struct {
	resource.Resource
	policied
}

// listed reads a list of elements in either form; a policy's has the member Resource, the other one type. Members that both have under
// one name, but for the case of its letters, are either's; and what a resource has in another form than here is no matter to a policy.
func (e *Estate) listed(in *json.Decoder) error {
	for in.More() {
		var l listed
		err := in.Decode(&l)
		wrong, ofType := errors.AsType[*json.UnmarshalTypeError](err)
		if err != nil && (!ofType || l.policied.Resource == "" || strings.EqualFold(wrong.Field, "account")) {
			return err
		}
		account := cmp.Or(l.policied.Account, l.Resource.Account)
		l.policied.Account, l.Resource.Account = account, account
		if l.policied.Resource != "" || l.Type == "" {
			err = e.addThing(l.policied)
		} else {
			err = e.Add(l.Resource)
		}
		if err != nil {
			return err
		}
	}
	_, err := in.Token()
	return err
}

func (e *Estate) addThing(r policied) error {
	if r.Resource == "" || len(r.Policy) == 0 {
		return fault.New(fault.Invalid, "a resource has no Resource or no Policy: want its ARN and its policy")
	}
	d, err := e.document("policy of "+r.Resource, policy.Resource, r.Policy)
	if err != nil {
		return err
	}
	e.things[r.Resource] = thing{account: r.Account, policies: []*policy.Document{d}}
	return nil
}

// node is a root, a unit or an account of an organisation.
type node struct {
	ID       string `json:"Id"`
	Arn      string
	Policies []control
	Children []node
}

// control is a policy of an organisation.
type control struct {
	Name, Type string
	Content    json.RawMessage
}

// maxLevels is more than an organisation has: a root, five levels of units and an account.
const maxLevels = 16

// organisation notes the policies of accounts, level by level.
func (e *Estate) organisation(n *node, above []string, scps, rcps [][]*policy.Document) error {
	if len(scps) > maxLevels {
		return fault.New(fault.Invalid, "the organisation has more than %d levels", maxLevels)
	}
	var own, controls []*policy.Document
	for _, c := range n.Policies {
		kind := policy.SCP
		if strings.HasPrefix(c.Type, "RESOURCE") {
			kind = policy.RCP
		}
		if c.Name == "RCPFullAWSAccess" {
			continue
		}
		d, err := e.document(c.Name, kind, c.Content)
		if err != nil {
			return fault.Wrap(fault.Invalid, err, "%s", n.Arn)
		}
		if kind == policy.RCP {
			controls = append(controls, d)
		} else {
			own = append(own, d)
		}
	}
	scps, rcps = append(scps[:len(scps):len(scps)], own), append(rcps[:len(rcps):len(rcps)], controls)
	// The account in the ARNs of an organisation is the one that manages it, which its policies do not bind.
	if a, err := principal.ParseARN(n.Arn); err == nil && strings.HasPrefix(a.Resource, "account/") {
		e.sit(n.ID, n.Arn, above)
		if a.Account != n.ID {
			e.levels[n.ID], e.controls[n.ID] = scps, rcps
		}
	}
	above = append(above[:len(above):len(above)], n.ID)
	for i := range n.Children {
		if err := e.organisation(&n.Children[i], above, scps, rcps); err != nil {
			return err
		}
	}
	return nil
}
