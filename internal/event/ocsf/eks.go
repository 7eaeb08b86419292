package ocsf

import (
	"strings"

	"jobzero/internal/event"
)

// eks is a request that the API server of a Kubernetes cluster wrote into its audit log. Its fields:
// https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/.
func eks(e *event.Event, r *rest) View {
	v := &APIActivity{Base: base(e, APIActivityUID)}
	v.Metadata.LogVersion = r.text("apiversion")
	v.Metadata.EventCode = r.text("stage")
	v.stamp(r, "requestreceivedtimestamp")
	verb := r.text("verb")
	v.ActivityID, v.ActivityName = kubernetes(verb)
	v.API = API{Operation: verb, Service: &Name{"kube-apiserver"}}
	object := r.object("objectref")
	v.API.Version = object.text("apiversion")
	if uid := r.text("auditid"); uid != "" {
		v.API.Request = &Request{UID: uid, Data: r.any("requestobject")}
	}
	v.answer(r)
	v.Actor = Actor{User: kubeUser(r.object("user"))}
	if res := kubeResource(object); res.Name != "" || res.UID != "" {
		v.Resources = []Resource{res}
	} else {
		object.reset()
	}
	v.SrcEndpoint = kubeSource(r, e.SourceIP)
	q := HTTPRequest{UserAgent: r.text("useragent")}
	if uri := r.text("requesturi"); uri != "" {
		q.URL = locate(uri)
	}
	if q.URL != nil || q.UserAgent != "" {
		v.HTTPRequest = &q
	}
	if verb == "" { // OCSF wants a name for the call
		v.API.Operation = "unknown"
	}
	return v
}

// answer is how the API server replied: its code is one of HTTP.
func (v *APIActivity) answer(r *rest) {
	in := r.object("responsestatus")
	a := Response{Code: in.whole("code"), Error: in.text("reason"), ErrorMessage: in.text("message"), Data: r.any("responseobject")}
	if a == (Response{}) {
		return
	}
	v.API.Response = &a
	if a.Code != nil {
		v.status(*a.Code >= 400)
	}
	v.StatusCode, v.StatusDetail = a.Error, a.ErrorMessage
}

// kubernetes gives the activity of a verb of the API.
func kubernetes(verb string) (int, string) {
	switch verb {
	case "get", "list", "watch", "head", "options":
		return 2, "Read"
	case "create", "post":
		return 1, "Create"
	case "update", "patch", "put":
		return 3, "Update"
	case "delete", "deletecollection":
		return 4, "Delete"
	case "":
		return 0, "Unknown"
	}
	return 99, verb
}

func kubeUser(r *rest) *User {
	u := &User{Name: r.text("username"), UID: r.text("uid"), TypeID: 1, Type: "User"}
	switch {
	case strings.HasPrefix(u.Name, "system:serviceaccount:"):
		u.TypeID, u.Type = 4, "Service"
	case strings.HasPrefix(u.Name, "system:"):
		u.TypeID, u.Type = 3, "System"
	case u.Name == "":
		u.Name, u.TypeID, u.Type = "unknown", 0, "Unknown"
	}
	for _, g := range r.texts("groups") {
		u.Groups = append(u.Groups, Group{g})
	}
	return u
}

func kubeResource(r *rest) Resource {
	out := Resource{UID: r.text("uid"), Name: r.text("name"), Namespace: r.text("namespace"), Type: r.text("resource"), Version: r.text("resourceversion")}
	if g := r.text("apigroup"); g != "" {
		out.Group = &Group{g}
	}
	if sub := r.text("subresource"); sub != "" {
		out.Type += "/" + sub
	}
	return out
}

// kubeSource is the client, behind whom others may stand.
func kubeSource(r *rest, from string) Endpoint {
	m := r.find("sourceips")
	all := r.texts("sourceips")
	for _, ip := range all {
		if !isAddress(ip) {
			m.taken, all = false, nil
			break
		}
	}
	if len(all) == 0 {
		return calledFrom(from)
	}
	return Endpoint{IP: all[0], IntermediateIPs: all[1:]}
}
