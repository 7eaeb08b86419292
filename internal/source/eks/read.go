package eks

import (
	"cmp"
	"strings"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/rawjson"
	"jobzero/internal/resource"
	"jobzero/internal/source"
	"jobzero/internal/source/line"
)

// Reader reads the entries of one log. Their members stand in
// https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/: kind, apiVersion, level, auditID, stage, requestURI, verb, user
// (username, uid, groups, extra), impersonatedUser, sourceIPs, userAgent, objectRef, responseStatus, requestObject, responseObject,
// requestReceivedTimestamp, stageTimestamp, annotations. EKS puts arn, canonicalArn, accessKeyId and sessionName into user.extra.
type Reader struct{ place line.Place }

// New begins to read.
func New(p line.Place) *Reader { return &Reader{p} }

// Looks reports whether a JSON object is of such a log.
func Looks(j line.JSON) bool {
	return strings.HasPrefix(j.Text("apiVersion"), "audit.k8s.io/") && j.Text("kind") == "Event"
}

// Read makes an event of an entry; see line.Reader. The group of a cluster has the other logs of its control plane in it, too.
func (r *Reader) Read(in line.Entry) (*event.Event, error) {
	if len(in.Text) == 0 || in.Text[0] != '{' {
		return nil, &source.Other{Name: "a line of the control plane that is no audit event"}
	}
	j, err := line.Open(in.Text)
	if err != nil {
		return nil, err
	}
	if !Looks(j) {
		return nil, &source.Other{Name: "an object of the control plane that is no audit event"}
	}
	when := in.Time
	name, said := "requestReceivedTimestamp", j.Text("requestReceivedTimestamp")
	if said == "" {
		name, said = "stageTimestamp", j.Text("stageTimestamp")
	}
	if said != "" || when.IsZero() {
		if when, err = line.When(name, said, time.RFC3339Nano, "2006-01-02 15:04:05.999999999"); err != nil {
			return nil, err
		}
	}
	verb := j.Text("verb")
	e := &event.Event{
		// A client may send the audit ID itself, and every stage of a request has the same one: the text counts too.
		ID: in.ID(j.Text("auditID")), Time: when, Name: strings.TrimSpace(verb + " " + object(j)), Source: "eks.amazonaws.com",
		Type: "KubernetesAudit", ReadOnly: verb == "get" || verb == "list" || verb == "watch", SourceIP: first(j.At("sourceIPs")),
		UserAgent: j.Text("userAgent"), Actor: actor(j), Origin: in.Origin, Log: event.EKSAudit, Raw: in.Text,
	}
	if code := j.Text("responseStatus", "code"); line.Failed(code) != "" {
		e.ErrorCode = cmp.Or(j.Text("responseStatus", "reason"), code)
	}
	r.place.Fill(e)
	if c := cluster(r.place.Group); c != "" {
		e.About = &resource.Ref{Type: "AWS::EKS::Cluster", Account: e.Account, Region: e.Region, ID: c}
	}
	return e, nil
}

// object is what the request is about: pods/exec, or the path that was asked for.
func object(j line.JSON) string {
	kind, sub := j.Text("objectRef", "resource"), j.Text("objectRef", "subresource")
	switch {
	case kind == "":
		path, _, _ := strings.Cut(j.Text("requestURI"), "?")
		return path
	case sub != "":
		return kind + "/" + sub
	}
	return kind
}

// actor is the user of the cluster.
func actor(j line.JSON) event.Actor {
	a := line.Actor(first(j.At("user", "extra", "arn")))
	a.Type = "KubernetesUser"
	a.UserName = j.Text("user", "username")
	a.PrincipalID = j.Text("user", "uid")
	a.AccessKey = first(j.At("user", "extra", "accessKeyId"))
	return a
}

// first is the first text of a list.
func first(v rawjson.Value) string {
	if len(v) == 0 || v[0] != '[' {
		return ""
	}
	it := rawjson.Over(v)
	if !it.Next() {
		return ""
	}
	return line.Text(it.Value)
}

// cluster is the name of the cluster whose log group it is: /aws/eks/<name>/cluster.
func cluster(group string) string {
	rest, ok := strings.CutPrefix(group, "/aws/eks/")
	name, end := strings.CutSuffix(rest, "/cluster")
	if !ok || !end {
		return ""
	}
	return name
}
