// Package hook reads the calls that CloudFormation and the Cloud Control API make before they change something.
//
// It is: a loader of the calls of Lambda hooks, for resources, stacks and change sets.
// It takes: the call in JSON, and a way to fetch the template that it only names.
// It gives: what is about to be made, with its account and region; before a deletion nothing is.
// Next door: cfn reads the template, and makes one resource what its type wants.
//
// Source of the form: https://docs.aws.amazon.com/cloudformation-cli/latest/hooks-userguide/lambda-hooks-create-lambda-function.html
package hook

import (
	"strings"

	"jobzero/internal/design"
	"jobzero/internal/design/cfn"
	"jobzero/internal/doc"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

// The limits of one call. What it names has the template and the one before, both as texts in JSON.
const (
	maxCall    = 8 << 20 // bytes
	maxPayload = 16 << 20
	maxNodes   = 1 << 18
)

// Fetch gives what lies at an address, of which whoever has it can read: it does not belong into a log.
type Fetch func(url string) ([]byte, error)

// Read reads a call; name stands for it in errors. The document's places are lines of the call, or of the template, which is
// then called name and "#template". A call for a change set has the whole template that the stack will have.
func Read(name string, data []byte, fetch Fetch) (design.Document, error) {
	call, err := object(name, data, maxCall)
	if err != nil {
		return design.Document{}, err
	}
	request := call.Get("requestData")
	target := request.Get("targetName")
	if target == nil || target.Text == "" {
		return design.Document{}, call.Errorf("this is no call of a hook: it has no requestData.targetName")
	}
	o := options(call)
	var d design.Document
	switch kind := target.Text; {
	case strings.HasPrefix(text(call.Get("actionInvocationPoint")), "DELETE"):
		d.Skipped = []design.Skipped{{Name: text(request.Get("targetLogicalId")), Type: kind, Place: place(name, target), Why: "it is about to be deleted"}}
	case kind == "STACK" || kind == "CHANGE_SET":
		d, err = template(name, request, fetch, o)
	case strings.Contains(kind, "::"):
		id := text(request.Get("targetLogicalId"))
		if id == "" { // the Cloud Control API has no names of its own
			id = "resource"
		}
		d, err = cfn.Resource(id, resource.Type(kind), target, request.Get("targetModel").Get("resourceProperties"), o)
	default:
		err = target.Errorf("a call for %s is not known: want a resource type, STACK or CHANGE_SET", kind)
	}
	if err != nil {
		return design.Document{}, err
	}
	d.Excerpt = strings.Contains(target.Text, "::")
	d.Format, d.Place = design.Hook, design.Place{File: name, Line: 1, Col: 1}
	return d, nil
}

// object reads a map in JSON.
func object(name string, data []byte, most int) (*doc.Node, error) {
	nodes, err := doc.Reader{Max: most, Nodes: maxNodes}.Parse(name, data)
	switch {
	case err != nil:
		return nil, err
	case len(nodes) != 1 || nodes[0].Kind != doc.Map:
		return nil, fault.New(fault.Invalid, "%s:1:1: want one map in JSON", name)
	}
	return nodes[0], nil
}

// template reads the template that a call for a stack or a change set names.
func template(name string, request *doc.Node, fetch Fetch, o cfn.Options) (design.Document, error) {
	if body := request.Get("template"); body != nil && body.Kind == doc.String {
		return cfn.Read(name+"#template", []byte(body.Text), o) // a call that was kept with its template
	}
	at := request.Get("payload")
	if at == nil || at.Text == "" {
		return design.Document{}, request.Errorf("the call does not say where its template is: want requestData.payload, or the text in requestData.template")
	}
	if fetch == nil {
		return design.Document{}, at.Errorf("the call has only the address of its template, and nothing is given to fetch it with: put the text of the template into requestData.template")
	}
	data, err := fetch(at.Text)
	if err != nil { // the address is a secret for as long as it is good, and errors like to repeat it
		why := strings.ReplaceAll(err.Error(), at.Text, "its address")
		return design.Document{}, fault.New(fault.Unavailable, "%s: fetch the template of the call: %s", at.Place(), why)
	}
	payload, err := object(name+"#payload.json", data, maxPayload)
	if err != nil {
		return design.Document{}, err
	}
	body := payload.Get("template")
	if body == nil || body.Kind != doc.String {
		return design.Document{}, payload.Errorf("there is no template in what the call names: want the text template")
	}
	return cfn.Read(name+"#template", []byte(body.Text), o)
}

// options are what the call says about where it will be: the account, the region and the stack.
// The stack is arn:PARTITION:cloudformation:REGION:ACCOUNT:stack/NAME/ID.
func options(call *doc.Node) cfn.Options {
	o := cfn.Options{Account: text(call.Get("awsAccountId")), Region: text(call.Get("region"))}
	id := text(call.Get("stackId"))
	if id == "" {
		id = text(call.Get("requestData").Get("targetLogicalId"))
	}
	f := strings.SplitN(id, ":", 6)
	if len(f) < 6 || f[0] != "arn" || f[2] != "cloudformation" {
		return o
	}
	o.Partition = f[1]
	if o.Region == "" {
		o.Region = f[3]
	}
	if o.Account == "" {
		o.Account = f[4]
	}
	if name, ok := strings.CutPrefix(f[5], "stack/"); ok {
		o.StackName, _, _ = strings.Cut(name, "/")
	}
	return o
}

func text(n *doc.Node) string {
	if n == nil {
		return ""
	}
	return n.Text
}

func place(name string, n *doc.Node) design.Place {
	return design.Place{File: name, Line: n.Line, Col: n.Col}
}
