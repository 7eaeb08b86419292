package ledger

import "strings"

// The steps of the ladder that resources go up when there are too many: each is made of the one before, so that it is the same
// whichever way a resource came to it.
const (
	leaf     = iota // itself
	branch          // the first two parts of its name: bucket/folder/*, log-group:NAME:*
	trunk           // the first part: bucket/*, instance/*
	vendor          // the service: arn:aws:ec2:*
	topOfAll = trunk
)

// maxResource is how long a resource may be. An ARN has 2,048 letters at most, an object's key 1,024.
const maxResource = 2048

// climb gives a resource on a step of the ladder.
func climb(resource string, step int) string {
	if len(resource) > maxResource && step < trunk {
		step = trunk
	}
	if step == leaf || resource == "*" {
		return resource
	}
	from, service, ok := nameOf(resource)
	if !ok && isVendor(resource) {
		return resource
	}
	if !ok || from > maxResource/2 {
		if step == branch {
			return resource
		}
		return "*"
	}
	if step == vendor {
		return resource[:service] + "*"
	}
	name := resource[from:]
	first := strings.IndexAny(name, ":/")
	if strings.HasPrefix(resource[service-3:], "s3:") {
		first = strings.IndexByte(name, '/')
	}
	if first < 0 || first > maxResource/2 {
		if step == branch {
			return resource
		}
		return resource[:from] + "*"
	}
	if step == trunk {
		return resource[:from+first+1] + "*"
	}
	next := strings.IndexByte(name[first+1:], name[first])
	if next < 0 {
		return resource
	}
	return resource[:from+first+1+next+1] + "*"
}

// nameOf gives where the resource's own name begins in an ARN, and where what is behind the service's colon does.
func nameOf(arn string) (name, service int, ok bool) {
	if !strings.HasPrefix(arn, "arn:") {
		return 0, 0, false
	}
	for n := range 5 {
		i := strings.IndexByte(arn[name:], ':')
		if i < 0 {
			return 0, 0, false
		}
		if name += i + 1; n == 2 {
			service = name
		}
	}
	return name, service, name < len(arn)
}

// isVendor reports whether a resource is on the step of services.
func isVendor(arn string) bool {
	return strings.HasPrefix(arn, "arn:") && strings.HasSuffix(arn, ":*") && strings.Count(arn, ":") == 3
}
