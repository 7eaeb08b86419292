package trail

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/policy"
	"jobzero/internal/policy/names"
)

// facts are what one record says, as condition keys. It implements policy.Context.
type facts struct {
	org    *Organisation
	record *event.Record
	id     identity
	action string // in small letters
	params any    // nil: none are known
	known  bool   // the parameters are known: the record has them
	source string
	region string
}

func (f *facts) text(s event.Slot) string {
	t, _ := f.record.Part(s).Text()
	return t
}

func present(text string) policy.Value {
	if text == "" {
		return policy.Value{}
	}
	return policy.Is(text)
}

func boolean(b bool) policy.Value { return policy.Is(strconv.FormatBool(b)) }

// Value is what the record says of a key.
func (f *facts) Value(key string) policy.Value {
	prefix, rest, _ := strings.Cut(key, ":")
	if prefix != "aws" {
		return f.service(key, prefix)
	}
	switch {
	case strings.HasPrefix(rest, "principal"):
		return f.principal(rest)
	case strings.HasPrefix(rest, "source"), strings.HasPrefix(rest, "vpc"):
		return f.origin(rest)
	case strings.HasPrefix(rest, "resource"):
		return f.resource(rest)
	case strings.HasPrefix(rest, "calledvia"), strings.HasPrefix(rest, "viaaws"):
		return f.via(rest)
	case strings.HasPrefix(rest, "requesttag/"), rest == "tagkeys":
		return f.tags(rest)
	}
	return f.call(rest)
}

// call has the keys of the call and its session.
func (f *facts) call(rest string) policy.Value {
	at, err := time.Parse(time.RFC3339Nano, f.text(event.EventTime))
	s := f.id.Session
	switch rest {
	case "requestedregion":
		return present(f.region)
	case "useragent":
		return f.agent()
	case "currenttime":
		return present(f.text(event.EventTime))
	case "epochtime":
		if err != nil {
			return policy.Value{}
		}
		return policy.Is(strconv.FormatInt(at.Unix(), 10))
	case "securetransport":
		return f.secure()
	case "userid":
		return present(f.id.PrincipalID)
	case "username":
		if f.id.Type == "IAMUser" {
			return present(f.id.UserName)
		}
		return f.absentIfKnown()
	case "multifactorauthpresent", "multifactorauthage", "tokenissuetime", "assumedroot", "federatedprovider":
		if s == nil {
			if f.id.Type == "IAMUser" || f.id.Type == "Root" { // signed with a key of its own
				return policy.Not()
			}
			return policy.Value{}
		}
		return f.session(rest)
	}
	return policy.Value{}
}

// session has the keys of temporary credentials.
func (f *facts) session(rest string) policy.Value {
	s := f.id.Session
	switch rest {
	case "multifactorauthpresent":
		return present(s.Attributes.MFA)
	case "multifactorauthage":
		if s.Attributes.MFA == "false" {
			return policy.Not()
		}
	case "tokenissuetime":
		return present(s.Attributes.Created)
	case "assumedroot":
		if s.AssumedRoot == "" {
			return policy.Not()
		}
		return policy.Is(s.AssumedRoot)
	case "federatedprovider":
		if s.Federated.Provider != "" {
			return policy.Is(s.Federated.Provider)
		}
		if f.id.Type != "AssumedRole" {
			return policy.Not()
		}
	}
	return policy.Value{}
}

// absentIfKnown is absent for whoever is known not to have the key.
func (f *facts) absentIfKnown() policy.Value {
	if f.id.Type == "" {
		return policy.Value{}
	}
	return policy.Not()
}

// agent is the user agent as it was sent. A service's name, and CloudTrail's own words, stand for one that is not told.
func (f *facts) agent() policy.Value {
	a := f.text(event.UserAgent)
	if strings.HasSuffix(a, ".amazonaws.com") || a == "AWS Internal" {
		return policy.Value{}
	}
	if strings.HasPrefix(a, "[") && strings.HasSuffix(a, "]") && f.source == "s3.amazonaws.com" {
		a = a[1 : len(a)-1]
	}
	return present(a)
}

// secure: the record says the version of TLS, or for S3 the cipher, where there was one.
func (f *facts) secure() policy.Value {
	if !f.record.Part(event.TLSDetails).IsNull() {
		return policy.Is("true")
	}
	more := decode(f.record.Part(event.AdditionalEventData))
	if one(more, "CipherSuite") != "" {
		return policy.Is("true")
	}
	return policy.Value{}
}

// principal has the keys of who calls.
func (f *facts) principal(rest string) policy.Value {
	switch rest {
	case "principalarn":
		if f.id.isService() {
			return policy.Not()
		}
		return present(f.id.principalARN())
	case "principalaccount":
		if f.id.isService() {
			return policy.Not()
		}
		return present(f.id.account())
	case "principaltype":
		return present(f.id.kind())
	case "principalisawsservice":
		if f.id.Type == "" {
			return policy.Value{}
		}
		return boolean(f.id.isService())
	case "principalservicename":
		if f.id.isService() {
			return present(f.id.InvokedBy)
		}
		return f.absentIfKnown()
	case "principalservicenameslist":
		return policy.Value{}
	case "principalorgid":
		if f.id.isService() {
			return policy.Not()
		}
		return f.org.idOf(f.id.account())
	}
	return policy.Value{}
}

// origin has the keys of where the call came from.
func (f *facts) origin(rest string) policy.Value {
	endpoint := f.text(event.VPCEndpointID)
	address := f.text(event.SourceIPAddress)
	_, err := netip.ParseAddr(address)
	switch rest {
	case "sourceip":
		switch {
		case endpoint != "":
			return policy.Not()
		case err == nil && f.id.InvokedBy == "":
			return policy.Is(address)
		}
	case "vpcsourceip":
		switch {
		case endpoint != "" && err == nil:
			return policy.Is(address)
		case endpoint == "" && err == nil:
			return policy.Not()
		}
	case "sourcevpce":
		if endpoint != "" {
			return policy.Is(endpoint)
		}
		return policy.Not()
	case "sourcevpc", "sourcevpcarn", "vpceaccount", "vpceorgid", "vpceorgpaths":
		if endpoint == "" {
			return policy.Not()
		}
	case "sourceidentity":
		if f.id.Session != nil && f.id.Session.SourceIdentity != "" {
			return policy.Is(f.id.Session.SourceIdentity)
		}
		return f.absentIfKnown()
	case "sourcearn", "sourceaccount", "sourceorgid", "sourceorgpaths", "sourceowner": // said when a service calls for a resource of its own
		if !f.id.isService() {
			return f.absentIfKnown()
		}
	}
	return policy.Value{}
}

// resource has the keys of what is called.
func (f *facts) resource(rest string) policy.Value {
	if rest != "resourceaccount" && rest != "resourceorgid" {
		return policy.Value{}
	}
	account := ""
	for _, r := range f.listed() {
		if r.Account != "" {
			if account != "" && account != r.Account {
				return policy.Value{}
			}
			account = r.Account
		}
	}
	if rest == "resourceaccount" {
		return present(account)
	}
	return f.org.idOf(account)
}

// via has the keys of calls that a service makes with the credentials of who called it. The record names the last service.
func (f *facts) via(rest string) policy.Value {
	by := f.id.InvokedBy
	if f.id.isService() || f.id.Type == "" || by == "AWS Internal" {
		return policy.Value{}
	}
	switch rest {
	case "viaawsservice":
		return boolean(by != "")
	case "calledvia":
		if by == "" {
			return policy.Not()
		}
		return policy.Value{State: policy.Present, Texts: []string{by}, More: true}
	case "calledvialast":
		if by == "" {
			return policy.Not()
		}
		return policy.Is(by)
	case "calledviafirst":
		if by == "" {
			return policy.Not()
		}
	}
	return policy.Value{}
}

// sessionKeys are keys of services that the credentials carry into calls of any service.
var sessionKeys = []string{
	"ec2:roledelivery", "ec2:sourceinstancearn", "lambda:sourcefunctionarn", "ssm:sourceinstancearn", "glue:roleassumedby",
	"glue:credentialissuingservice", "identitystore:userid", "kms:viaservice",
}

// service has the keys of services.
func (f *facts) service(key, prefix string) policy.Value {
	switch key {
	case "ec2:roledelivery":
		switch {
		case f.id.Session != nil && f.id.Session.Delivery != "":
			return policy.Is(f.id.Session.Delivery)
		case f.id.Type == "AssumedRole" && f.id.Session == nil:
			return policy.Value{}
		}
		return f.absentIfKnown()
	case "ec2:sourceinstancearn":
		if f.id.Session == nil || f.id.Session.Delivery == "" {
			return f.absentIfKnown()
		}
		return policy.Value{}
	case prefix + ":region":
		if strings.HasPrefix(f.action, prefix+":") {
			return present(f.region)
		}
	}
	for _, r := range loaded().keys[f.action] {
		if r.key == key && r.kind == "" {
			return f.parameter(r, f.params)
		}
		if r.key == key {
			return policy.Not() // it is said of a resource of one type, where it is asked first
		}
	}
	if own, _, _ := strings.Cut(f.action, ":"); own != prefix && !among(sessionKeys, key) {
		if _, ok := names.Of(prefix); ok { // a service's keys are not in the calls of another
			return policy.Not()
		}
	}
	return policy.Value{}
}

func among(list []string, word string) bool {
	for _, w := range list {
		if w == word {
			return true
		}
	}
	return false
}

// parameter is the key's value as the parameters have it.
func (f *facts) parameter(r row, in any) policy.Value {
	if !f.known {
		return policy.Value{}
	}
	found, ok := at(in, r.path)
	if !ok {
		switch {
		case r.gone:
			return policy.Not()
		case r.other != "":
			return policy.Is(r.other)
		}
		return policy.Value{}
	}
	list, ok := texts(found)
	if !ok {
		return policy.Value{}
	}
	for i, t := range list {
		if to, ok := r.words[t]; ok {
			list[i] = to
		}
	}
	return policy.Value{State: policy.Present, Texts: list}
}
