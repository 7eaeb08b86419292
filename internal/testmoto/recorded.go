package testmoto

import (
	"net/http"
	"net/url"
	"strings"
)

// action names the operation of a call: from the target header (JSON protocols), from the form (query protocols), or from
// method and sub-resource (S3).
func action(c Call, u *url.URL, h http.Header) string {
	if target := h.Get("X-Amz-Target"); target != "" {
		return target[strings.LastIndexByte(target, '.')+1:]
	}
	if strings.HasPrefix(h.Get("Content-Type"), "application/x-www-form-urlencoded") {
		if form, err := url.ParseQuery(string(c.Body)); err == nil && form.Get("Action") != "" {
			return form.Get("Action")
		}
	}
	q := u.Query()
	if a := q.Get("Action"); a != "" {
		return a
	}
	if a := q.Get("x-id"); a != "" {
		return a
	}
	if strings.HasSuffix(u.Path, "/configuration/publicAccessBlock") {
		return verb(c.Method) + "PublicAccessBlock"
	}
	for sub := range q {
		if name, ok := subresource(sub); ok {
			return verb(c.Method) + name
		}
	}
	if c.Service == "s3" && c.Method == http.MethodPut && strings.Count(strings.Trim(u.Path, "/"), "/") == 0 {
		return "CreateBucket"
	}
	if c.Service == "s3" && c.Method == http.MethodHead {
		return "HeadBucket"
	}
	if name := rest(c.Service, c.Method, u.EscapedPath()); name != "" {
		return name
	}
	return c.Method + " " + u.Path
}

// verb is how AWS names a REST method.
func verb(method string) string {
	switch method {
	case http.MethodGet:
		return "Get"
	case http.MethodHead:
		return "Head"
	case http.MethodDelete:
		return "Delete"
	}
	return "Put"
}

// subresource is how AWS names an S3 sub-resource in its operations.
func subresource(query string) (string, bool) {
	names := map[string]string{
		"publicAccessBlock": "PublicAccessBlock", "policy": "BucketPolicy", "policyStatus": "BucketPolicyStatus", "acl": "BucketAcl",
		"encryption": "BucketEncryption", "versioning": "BucketVersioning", "logging": "BucketLogging", "tagging": "BucketTagging",
		"ownershipControls": "BucketOwnershipControls", "website": "BucketWebsite", "location": "BucketLocation",
		"notification": "BucketNotificationConfiguration", "lifecycle": "BucketLifecycleConfiguration",
	}
	name, ok := names[query]
	return name, ok
}
