package reach_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jobzero/internal/access/estate"
	"jobzero/internal/access/reach"
	"jobzero/internal/doc"
	"jobzero/internal/policy"
	"jobzero/internal/resource"
	"jobzero/internal/testcorpus"
)

// published is a path of the corpus: what it needs, and in which account it is tried.
type published struct {
	id, category string
	actions      []string
}

// idle are actions that a path of the corpus asks for and can do without: with the reason.
func idle() map[string]string {
	return map[string]string{
		"ec2instanceconnect-003 ec2:DescribeInstances": "it only looks for the machine's address, which one may know",
	}
}

// odd are the paths whose target is another than its category says.
func odd() map[string]string {
	return map[string]string{"iam-013": "group", "iam-011": "group", "iam-001": "policy"}
}

func readPaths(t *testing.T) (out []published) {
	dir := testcorpus.Path(t, "iam-privesc-paths", "paths")
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.yaml"))
	if err != nil || len(files) < 30 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		nodes, err := doc.Parse(filepath.Base(name), []byte(blocks(string(text), "category:", "permissions:")))
		if err != nil {
			t.Fatal(err)
		}
		p := published{id: strings.TrimSuffix(filepath.Base(name), ".yaml"), category: nodes[0].Get("category").Text}
		for _, item := range nodes[0].Get("permissions").Get("required").Items {
			p.actions = append(p.actions, item.Get("permission").Text)
		}
		if len(p.actions) == 0 || p.category == "" {
			t.Fatalf("%s: %+v", name, p)
		}
		out = append(out, p)
	}
	return out
}

// blocks are the parts of a text of YAML that begin with some words: one file of the corpus has a key twice, elsewhere.
func blocks(text string, words ...string) string {
	var out strings.Builder
	keep := false
	for line := range strings.Lines(text) {
		if line[0] != ' ' && line[0] != '-' && line[0] != '\n' {
			keep = slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(line, w) })
		}
		if keep {
			out.WriteString(line)
		}
	}
	return out.String()
}

// services are those that roles of the corpus trust.
func services() []string {
	return []string{
		"ec2.amazonaws.com", "lambda.amazonaws.com", "cloudformation.amazonaws.com", "codebuild.amazonaws.com", "ecs-tasks.amazonaws.com", "glue.amazonaws.com",
		"sagemaker.amazonaws.com", "tasks.apprunner.amazonaws.com", "bedrock-agentcore.amazonaws.com",
	}
}

// runners are resources that run as a role.
func runners(role string) (out []estate.Asset) {
	for typ, arn := range map[string]string{
		"AWS::EC2::Instance": "ec2:us-east-1:" + shop + ":instance/i-1", "AWS::Lambda::Function": "lambda:us-east-1:" + shop + ":function:pay",
		"AWS::CloudFormation::Stack": "cloudformation:us-east-1:" + shop + ":stack/net/1", "AWS::CodeBuild::Project": "codebuild:us-east-1:" + shop + ":project/site",
		"AWS::SageMaker::NotebookInstance": "sagemaker:us-east-1:" + shop + ":notebook-instance/lab", "AWS::Glue::Job": "glue:us-east-1:" + shop + ":job/sums",
		"AWS::EC2::LaunchTemplate": "ec2:us-east-1:" + shop + ":launch-template/lt-1",
	} {
		out = append(out, estate.Asset{ARN: "arn:aws:" + arn, Account: shop, Type: resource.Type(typ), Runs: role})
	}
	return out
}

// world is an account that has all that a path asks for, with somebody who has some permissions.
func (p published) world(t *testing.T, actions []string) (*reach.Graph, string) {
	t.Helper()
	a := &account{id: shop}
	me, name := arn(shop, "user/me"), "user"
	if slices.ContainsFunc(actions, func(x string) bool { return p.category == "self-escalation" && strings.Contains(x, "RolePolicy") }) {
		me, name = arn(shop, "role/me"), "role"
	}
	rights := allow("*", "*")
	var statements []m
	for _, x := range actions {
		statements = append(statements, allow(p.on(x, me), x))
	}
	if name == "user" {
		more := attached(arn(shop, "policy/mine"))
		more["GroupList"] = []string{"mine"}
		a.user("me", more, statements...)
	} else {
		a.role("me", []m{trust("AWS", arn(shop, "user/bo"))}, attached(arn(shop, "policy/mine")), statements...)
	}
	a.policy("mine", allow("*", "s3:ListAllMyBuckets"))
	a.group("mine")
	a.group("admins", rights)
	gainful := slices.ContainsFunc(p.actions, func(x string) bool {
		return strings.HasPrefix(x, "iam:Put") || strings.HasPrefix(x, "iam:Attach")
	})
	trusts := []m{trust("Service", services()...)}
	if p.id == "sts-001" || p.id == "iam-017" {
		trusts = append(trusts, trust("AWS", arn(shop, "root")))
	}
	if gainful { // the target has no rights until it is given some
		a.user("bo", nil)
		a.role("target", trusts, nil)
	} else {
		a.user("bo", nil, rights)
		a.role("target", trusts, nil, rights)
	}
	return graphOf(t, []*account{a}, runners(arn(shop, "role/target"))), me
}

// on is what an action is allowed on.
func (p published) on(action, me string) string {
	switch {
	case action == "iam:PassRole":
		return arn(shop, "role/target")
	case odd()[p.id] == "policy":
		return arn(shop, "policy/mine")
	case p.id == "iam-011":
		return arn(shop, "group/mine")
	case p.id == "iam-013":
		return arn(shop, "group/admins")
	case p.category == "self-escalation":
		return me
	case p.category == "principal-access" && (strings.Contains(action, "User") || strings.Contains(action, "Key")):
		return arn(shop, "user/bo")
	case p.category == "principal-access":
		return arn(shop, "role/target")
	}
	return "*"
}

// method finds the one that needs exactly these actions.
func (p published) method() *reach.Method {
	want := p.actions
	for x := range idle() {
		id, action, _ := strings.Cut(x, " ")
		if id == p.id {
			want = slices.DeleteFunc(slices.Clone(want), func(a string) bool { return a == action })
		}
	}
	for _, m := range reach.Methods() {
		got := m.Actions()
		slices.Sort(got)
		sorted := slices.Clone(want)
		slices.Sort(sorted)
		if slices.Equal(got, sorted) {
			return m
		}
		if got = slices.DeleteFunc(got, func(a string) bool { return a == "sts:AssumeRole" }); slices.Equal(got, sorted) && m.Undenied() {
			return m
		}
	}
	return nil
}

// TestPublishedPaths: each path is found by the very method in an account that has what it asks for, and leads to an administrator; with any one of its
// permissions taken away, it is not found.
func TestPublishedPaths(t *testing.T) {
	for _, p := range readPaths(t) {
		method := p.method()
		if method == nil {
			t.Errorf("%s: no method needs %v", p.id, p.actions)
			continue
		}
		g, me := p.world(t, p.actions)
		sure, maybe := ways(t, g, me)
		if _, ok := sure[method.Name]; !ok {
			t.Errorf("%s: %s is not found; found %v, perhaps %v", p.id, method.Name, keysOf(sure), maybe)
		}
		paths, cut, err := g.Escalations(me)
		if err != nil || cut || len(paths) == 0 || paths[0].Truth != policy.Yes || paths[0].Length() == 0 {
			t.Errorf("%s: escalations %+v, %t %v", p.id, paths, cut, err)
		}
		for i, gone := range p.actions {
			if idle()[p.id+" "+gone] != "" {
				continue
			}
			g, me := p.world(t, slices.Delete(slices.Clone(p.actions), i, i+1))
			sure, maybe := ways(t, g, me)
			_, found := sure[method.Name]
			if _, perhaps := maybe[method.Name]; found || perhaps {
				t.Errorf("%s without %s: %s is found all the same", p.id, gone, method.Name)
			}
		}
	}
}

func keysOf(edges map[string]reach.Edge) (out []string) {
	for n := range edges {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}
