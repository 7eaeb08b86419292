package role_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"jobzero/internal/awsorg"
	inventory "jobzero/internal/inventory/builtin"
	"jobzero/internal/role"
)

// services are the SDK's packages whose service has another name in policies.
var services = map[string]string{
	"pinpointsmsvoicev2": "sms-voice",
	"networkfirewall":    "network-firewall", "accessanalyzer": "access-analyzer", "cloudcontrol": "cloudformation", "configservice": "config", "ssoadmin": "sso", "s3control": "s3",
}

// odd are the calls whose action has another name; what is not known here is named as its call is.
var odd = map[string]string{
	"s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock", "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
	"s3:DeletePublicAccessBlock": "s3:PutBucketPublicAccessBlock", "s3control:GetPublicAccessBlock": "s3:GetAccountPublicAccessBlock",
	"s3:GetBucketEncryption": "s3:GetEncryptionConfiguration", "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
	"s3:DeleteBucketEncryption": "s3:PutEncryptionConfiguration", "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
	"s3:PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration", "s3:DeleteBucketLifecycle": "s3:PutLifecycleConfiguration", "s3:ListBuckets": "s3:ListAllMyBuckets", "s3:ListObjectsV2": "s3:ListBucket",
	"s3:GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration", "s3:ListObjectVersions": "s3:ListBucketVersions",
	"lambda:Invoke":          "lambda:InvokeFunction",
	"sqs:DeleteMessageBatch": "sqs:DeleteMessage", "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
}

const sdk = "github.com/aws/aws-sdk-go-v2/service/"

var input = regexp.MustCompile(`^(?:New)?([A-Z]\w*?)(?:Input|Paginator)$`)

// called gives the IAM actions of all calls that the source of a folder makes, each with a place where: the inputs of the SDK's operations that
// it writes down, and the pages that it asks for.
func called(t *testing.T, folder string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(filepath.Join("..", folder), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			return err
		}
		local := map[string]string{}
		for _, i := range f.Imports {
			name, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			if pkg, ok := strings.CutPrefix(name, sdk); ok && !strings.Contains(pkg, "/") {
				local[pkg] = pkg
				if i.Name != nil {
					local[i.Name.Name] = pkg
				}
			}
		}
		held := clients(f, local)
		ast.Inspect(f, func(n ast.Node) bool {
			s, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := s.X.(*ast.Ident); ok && held[x.Name] != "" && s.Sel.Name != "Options" {
				out[actionOf(held[x.Name], s.Sel.Name)] = set.Position(s.Pos()).String()
			}
			if c, ok := s.X.(*ast.CallExpr); ok { // iam.NewFromConfig(cfg).GetUser, whatever it is given
				if f, ok := c.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "NewFromConfig" {
					if x, ok := f.X.(*ast.Ident); ok && local[x.Name] != "" && s.Sel.Name != "Options" {
						out[actionOf(local[x.Name], s.Sel.Name)] = set.Position(s.Pos()).String()
					}
				}
				return true
			}
			x, ok := s.X.(*ast.Ident)
			if !ok || local[x.Name] == "" {
				return true
			}
			if m := input.FindStringSubmatch(s.Sel.Name); m != nil {
				out[actionOf(local[x.Name], m[1])] = set.Position(s.Pos()).String()
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) == 0 {
		t.Fatalf("no call was found in %s", folder)
	}
	return out
}

// clients are the names in a file under which a client of the SDK is held, each with its package.
func clients(f *ast.File, local map[string]string) map[string]string {
	held := map[string]string{}
	hold := func(name ast.Expr, service ast.Expr) {
		n, isName := name.(*ast.Ident)
		x, isService := service.(*ast.Ident)
		if !isName || !isService || local[n.Name] != "" { // a field may be called like the package
			return
		}
		if was, twice := held[n.Name]; twice && was != local[x.Name] { // of two services: the inputs of their calls tell them apart
			held[n.Name] = ""
			return
		}
		held[n.Name] = local[x.Name]
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if len(n.Lhs) != 1 || len(n.Rhs) != 1 {
				return true
			}
			if made, ok := n.Rhs[0].(*ast.CallExpr); ok {
				if by, ok := made.Fun.(*ast.SelectorExpr); ok && by.Sel.Name == "NewFromConfig" {
					hold(n.Lhs[0], by.X)
				}
			}
		case *ast.Field:
			star, ok := n.Type.(*ast.StarExpr)
			if !ok {
				return true
			}
			if of, ok := star.X.(*ast.SelectorExpr); ok && of.Sel.Name == "Client" {
				for _, name := range n.Names {
					hold(name, of.X)
				}
			}
		}
		return true
	})
	return held
}

// beside are actions that AWS asks for beside that of a call: nothing calls them.
var beside = []string{
	"ec2:CreateTags",                                   // of what is made with tags
	"iam:PassRole",                                     // of a document's role, when it is begun
	"iam:CreateServiceLinkedRole",                      // of switching a service on
	"logs:CreateLogDelivery", "logs:DeleteLogDelivery", // of flow logs
}

// actionOf is the IAM action of a call of the SDK.
func actionOf(pkg, call string) string {
	if a, ok := odd[pkg+":"+call]; ok {
		return a
	}
	if s, ok := services[pkg]; ok {
		pkg = s
	}
	return pkg + ":" + call
}

// allowed are the actions that a role is granted.
func allowed(n role.Name, o role.Options) (out []string) {
	for _, g := range role.Grants(n, o) {
		if !g.Deny {
			out = append(out, g.Action)
		}
	}
	return out
}

func differ(t *testing.T, what string, got, want []string, at map[string]string) {
	t.Helper()
	for _, a := range got {
		if !slices.Contains(want, a) {
			t.Errorf("%s: %s is called in %s, and not in the policy: declare it where it is called", what, a, at[a])
		}
	}
	for _, a := range want {
		if !slices.Contains(got, a) {
			t.Errorf("%s: %s is in the policy, and nothing calls it: take it out of what is declared", what, a)
		}
	}
}

// TestSourceAndPolicies: every call of the source is in the policy of its role, and the policies have nothing else. This sees all calls, also
// those that no test makes; what tests do make is held against the policies by TestCallsOfTheHouse and TestCallsOfActions.
func TestSourceAndPolicies(t *testing.T) {
	o := options()
	var writes []string
	for _, i := range o.Actions {
		writes = append(writes, i.Writes...)
	}
	writing := slices.DeleteFunc(slices.Concat(allowed(role.Responder, o), allowed(role.Organization, o)), func(a string) bool { return slices.Contains(beside, a) })
	acting, looking, source, org := called(t, "action"), called(t, "inventory"), called(t, "source"), called(t, "awsorg")
	delete(org, "sts:GetCallerIdentity") // which nobody has to be allowed (docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html)
	did, read := map[string]string{}, maps.Clone(looking)
	for a, at := range acting {
		if slices.Contains(writes, a) {
			did[a] = at
		} else {
			read[a] = at
		}
	}
	maps.Copy(read, org)
	maps.Copy(source, org)
	for a, at := range called(t, "anchor") {
		if a == "s3:GetObject" { // of a version
			a = "s3:GetObjectVersion"
		}
		source[a] = at
	}
	maps.Copy(source, called(t, "pulse"))
	maps.Copy(source, called(t, "notify"))
	source["s3:PutObjectRetention"] = source["s3:PutObject"] // which asks for it when it has a retention
	differ(t, "writing", slices.Sorted(maps.Keys(did)), writing, did)
	// Entering accounts is done by the SDK's own provider of credentials, and the key of a queue is used by SQS in the hub's name.
	hub := slices.DeleteFunc(allowed(role.Hub, o), func(a string) bool { return a == awsorg.EnterNeeds || a == "kms:Decrypt" })
	differ(t, "the hub", slices.Sorted(maps.Keys(source)), hub, source)

	// What is read by Cloud Control is called by AWS in the reader's name, as the schema of the type says: none of it is in our source.
	o.CloudControl = false
	through := map[string]bool{}
	for _, r := range inventory.Readers() {
		if !slices.Contains(inventory.NativeTypes(), r.Type()) {
			for _, a := range r.Needs() {
				through[a] = true
			}
		}
	}
	for _, l := range inventory.Tellers() {
		for _, a := range l.Needs() {
			delete(through, a)
		}
	}
	own := allowed(role.Reader, o)
	for a, at := range read {
		if !slices.Contains(own, a) && !slices.Contains(allowed(role.Reader, options()), a) {
			t.Errorf("reading: %s is called in %s, and not in the policy: declare it where it is called", a, at)
		}
	}
	for _, a := range allowed(role.Reader, options()) {
		if read[a] == "" && (slices.Contains(own, a) || !through[a]) {
			t.Errorf("reading: %s is in the policy, and nothing calls it: take it out of what is declared", a)
		}
	}
}
