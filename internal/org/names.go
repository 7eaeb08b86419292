package org

import (
	"slices"
	"strings"
	"time"

	"jobzero/internal/resource"
)

// The types besides buckets that a declaration may speak of.
const (
	balancer        resource.Type = "AWS::ElasticLoadBalancingV2::LoadBalancer"
	classicBalancer resource.Type = "AWS::ElasticLoadBalancing::LoadBalancer"
	ingressRule     resource.Type = "AWS::EC2::SecurityGroupIngress"
)

// Exposable gives the types besides buckets that a declaration may speak of. Buckets have a key of their own.
func Exposable() []resource.Type {
	return []resource.Type{resource.SecurityGroup, balancer, classicBalancer}
}

// declaredAs is the type by which a resource is declared: a rule that stands by itself is part of its group.
func declaredAs(t resource.Type) resource.Type {
	if t == ingressRule {
		return resource.SecurityGroup
	}
	return t
}

// NamedBy gives the properties that a resource is declared by, besides its identifier. A tag is none of them: whoever may tag could publish.
func NamedBy(t resource.Type) []string {
	return map[resource.Type][]string{
		resource.SecurityGroup: {"GroupName"},
		ingressRule:            {"GroupId", "GroupName"},
		balancer:               {"Name"},
		classicBalancer:        {"LoadBalancerName"},
	}[t]
}

// Names are what a resource is declared by: its identifier, which in a text without one is its name there, and the name that it gets, when
// that is known. Of the identifier of a load balancer, which is an ARN, it is the name in it.
func Names(r resource.Resource) []string {
	id := r.ID
	if _, rest, ok := strings.Cut(id, ":loadbalancer/"); ok && r.Type == balancer {
		if parts := strings.Split(rest, "/"); len(parts) == 3 {
			id = parts[1]
		}
	}
	out := []string{id}
	for _, key := range NamedBy(r.Type) {
		if !known(r, key) {
			continue
		}
		if name, _ := r.Properties[key].(string); name != "" && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// known reports whether a property was read.
func known(r resource.Resource, key string) bool {
	return !slices.ContainsFunc(r.Unknown, func(u resource.Unknown) bool { return u.Path == "properties" || u.Path == "properties."+key })
}

// MayTurn reports whether a declaration that counts today may decide otherwise than is known now, by a name of the resource that is not
// known: public is whether those names that are known make it so. A path is that of what is not known.
func (i *Intent) MayTurn(r resource.Resource, path string, public bool, now time.Time) bool {
	key, ok := strings.CutPrefix(path, "properties.")
	if path != "properties" && (!ok || !slices.Contains(NamedBy(r.Type), key)) {
		return false
	}
	return slices.ContainsFunc(i.Declarations(), func(d Declaration) bool {
		return d.Bucket == "" && d.Type == declaredAs(r.Type) && within(d.Account, r.Account) && *d.Public != public && d.Live(now)
	})
}
