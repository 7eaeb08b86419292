package reach_test

import (
	"encoding/json"
	"strings"
	"testing"

	"jobzero/internal/access/estate"
	"jobzero/internal/access/reach"
)

const (
	shop  = "111122223333"
	other = "444455556666"
)

// m is short for an object of JSON.
type m = map[string]any

// account is a made-up account, ready to be written as GetAccountAuthorizationDetails does.
type account struct {
	id                             string
	users, groups, roles, policies []m
}

func arn(account, name string) string { return "arn:aws:iam::" + account + ":" + name }

func allow(resource any, actions ...string) m {
	return m{"Effect": "Allow", "Action": actions, "Resource": resource}
}

func deny(resource any, actions ...string) m {
	return m{"Effect": "Deny", "Action": actions, "Resource": resource}
}

func document(statements ...m) m { return m{"Version": "2012-10-17", "Statement": statements} }

func trust(kind string, names ...string) m {
	return m{"Effect": "Allow", "Principal": m{kind: names}, "Action": "sts:AssumeRole"}
}

func when(s m, operator, key string, values ...string) m {
	s["Condition"] = m{operator: m{key: values}}
	return s
}

func (a *account) user(name string, more m, statements ...m) string {
	u := m{"Arn": arn(a.id, "user/"+name)}
	if len(statements) > 0 {
		u["UserPolicyList"] = []m{{"PolicyName": "own", "PolicyDocument": document(statements...)}}
	}
	for k, v := range more {
		u[k] = v
	}
	a.users = append(a.users, u)
	return u["Arn"].(string)
}

func (a *account) role(name string, trusts []m, more m, statements ...m) string {
	r := m{"Arn": arn(a.id, "role/"+name), "AssumeRolePolicyDocument": document(trusts...)}
	if len(statements) > 0 {
		r["RolePolicyList"] = []m{{"PolicyName": "own", "PolicyDocument": document(statements...)}}
	}
	for k, v := range more {
		r[k] = v
	}
	a.roles = append(a.roles, r)
	return r["Arn"].(string)
}

func (a *account) group(name string, statements ...m) {
	g := m{"Arn": arn(a.id, "group/"+name)}
	if len(statements) > 0 {
		g["GroupPolicyList"] = []m{{"PolicyName": "own", "PolicyDocument": document(statements...)}}
	}
	a.groups = append(a.groups, g)
}

func (a *account) policy(name string, statements ...m) string {
	p := arn(a.id, "policy/"+name)
	a.policies = append(a.policies, m{
		"Arn": p, "PolicyName": name, "DefaultVersionId": "v1",
		"PolicyVersionList": []m{{"VersionId": "v1", "IsDefaultVersion": true, "Document": document(statements...)}},
	})
	return p
}

func attached(arns ...string) m {
	var list []m
	for _, a := range arns {
		list = append(list, m{"PolicyArn": a})
	}
	return m{"AttachedManagedPolicies": list}
}

func bounded(arn string) m { return m{"PermissionsBoundary": m{"PermissionsBoundaryArn": arn}} }

func (a *account) text(tb testing.TB) string {
	tb.Helper()
	text, err := json.Marshal(m{"UserDetailList": a.users, "GroupDetailList": a.groups, "RoleDetailList": a.roles, "Policies": a.policies})
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}

// graphOf reads accounts, and what else is known, as texts of JSON.
func graphOf(tb testing.TB, accounts []*account, assets []estate.Asset, texts ...string) *reach.Graph {
	tb.Helper()
	e := estate.New()
	for _, a := range accounts {
		texts = append(texts, a.text(tb))
	}
	for _, text := range texts {
		if err := e.Read("made.json", strings.NewReader(text)); err != nil {
			tb.Fatal(err)
		}
	}
	for _, x := range assets {
		e.AddAsset(x)
	}
	if err := e.Done(); err != nil {
		tb.Fatal(err)
	}
	return reach.New(e, reach.Options{})
}

// ways are the methods by which somebody can take a step, for certain and perhaps.
func ways(tb testing.TB, g *reach.Graph, who string) (sure, maybe map[string]reach.Edge) {
	tb.Helper()
	edges, err := g.Ways(who)
	if err != nil {
		tb.Fatal(err)
	}
	sure, maybe = map[string]reach.Edge{}, map[string]reach.Edge{}
	for _, e := range edges {
		if len(e.Unknown) > 0 {
			maybe[e.Method.Name] = e
		} else {
			sure[e.Method.Name] = e
		}
	}
	return sure, maybe
}
