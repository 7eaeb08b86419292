package cloudlog

import (
	"cmp"
	"slices"
	"strings"
)

// operation is a call that is ready to be made.
type operation struct {
	service, prefix, version, name string
	via                            string // the service that calls for the actor
	global                         bool   // logged in one region only
	unsaid                         bool   // nothing is told of TLS
	planted                        bool
	kinds                          []string

	host, requestID, request, response, extra, resources, members, code, message template
}

// The kinds of operations: a call that is none of these is a management call that writes.
const (
	read     = "read"      // readOnly
	data     = "data"      // a data event
	signIn   = "sign-in"   // AwsConsoleSignIn
	byItself = "by-itself" // AwsServiceEvent: the service did it
)

// What blocks of services and calls may say. The texts are templates.
var (
	serviceWords = []string{"prefix", "version", "host", "request-id", "global", "tls", "request", "extra", "resources"}
	callWords    = []string{"by", "weight", "kind", "via", "request", "response", "extra", "resources", "members", "error"}
)

// prepare makes the operation of a service out of what the catalogue says.
func (g *grammar) prepare(service, name string, p properties) *operation {
	compile := func(word, otherwise string) template {
		if text, said := p[word]; said {
			return g.compile(text)
		}
		return g.compile(otherwise)
	}
	code, message, _ := strings.Cut(p["error"], " ")
	return &operation{
		service: service, prefix: cmp.Or(p["prefix"], service), version: cmp.Or(p["version"], "1.11"), name: name,
		via: p["via"], global: p["global"] == "yes", unsaid: p["tls"] == "none", kinds: strings.Fields(p["kind"]),
		host:      compile("host", "<service>.<region>.amazonaws.com"),
		requestID: compile("request-id", "<uuid>"),
		request:   compile("request", "null"),
		response:  compile("response", "null"),
		extra:     compile("extra", ""),
		resources: compile("resources", ""),
		members:   compile("members", ""),
		code:      g.compile(code), message: g.compile(message),
	}
}

func (o *operation) is(kind string) bool { return slices.Contains(o.kinds, kind) }

// fits says whether the operation is logged in a region.
func (o *operation) fits(region string) bool { return !o.global || region == globalRegion }

// end is how a call ended: errorCode and errorMessage, or nothing.
type end struct {
	code, message string
	silent        bool // the request is not told
}

// The errors that every call may have, in how many of a thousand; and those of its own, where it has some.
const (
	failed    = 100
	refused   = 15
	throttled = 6
)

// end decides how the call ends. What is planted succeeds.
func (o *operation) end(m *moment) end {
	if o.planted || o.is(byItself) || o.is(signIn) {
		return end{}
	}
	amazon := m.session.actor.part.amazon || o.via != ""
	switch n := m.rng.IntN(1000); {
	case n < failed && len(o.code) > 0:
		return end{code: string(o.code.expand(&m.scene, nil)), message: string(o.message.expand(&m.scene, nil))}
	case n >= failed && n < failed+refused && !amazon:
		return end{"AccessDenied", string(m.log.grammar.fragment("denied")(&m.scene, nil)), o.service != "s3"}
	case n >= failed+refused && n < failed+refused+throttled:
		return end{"ThrottlingException", "Rate exceeded", true}
	}
	return end{}
}
