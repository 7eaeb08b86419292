package reach_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"testing/fstest"

	"jobzero/internal/access/reach"
	"jobzero/internal/design/terraform/hcl"
	"jobzero/internal/policy"
	"jobzero/internal/resource"
	"jobzero/internal/testcorpus"
)

// vulnerable reads a folder of the corpus of vulnerable accounts. What one resource says of another is written out: their names are those of the texts.
func vulnerable(t *testing.T, folder string) *reach.Graph {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(testcorpus.Path(t, "iam-vulnerable-tf", "modules", "free-resources", folder), "*.tf"))
	if err != nil || len(files) < 5 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	other := regexp.MustCompile(`\baws_iam_(user|role|policy|group)\.([A-Za-z0-9_-]+)\.(arn|name)\b`)
	fsys := fstest.MapFS{}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text = other.ReplaceAllFunc(text, func(x []byte) []byte {
			p := other.FindSubmatch(x)
			if string(p[3]) == "name" {
				return []byte(`"` + string(p[2]) + `"`)
			}
			return []byte(`"` + arn(shop, string(p[1])+"/"+string(p[2])) + `"`)
		})
		fsys[filepath.Base(name)] = &fstest.MapFile{Data: text}
	}
	d, err := hcl.Read(fsys, ".", hcl.Options{Account: shop, Region: "us-east-1", Variables: map[string]string{
		"aws_assume_role_arn": arn(shop, "user/start"), "aws_root_user": arn(shop, "root"),
	}})
	if err != nil {
		t.Fatal(err)
	}
	a := &account{id: shop}
	a.user("start", nil)
	a.policies = append(a.policies, m{ // what its folder names and does not have; this much of it is enough here
		"Arn": "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore", "PolicyName": "AmazonSSMManagedInstanceCore", "DefaultVersionId": "v1",
		"PolicyVersionList": []m{{"VersionId": "v1", "IsDefaultVersion": true, "Document": document(allow("*", "ssm:UpdateInstanceInformation"))}},
	})
	for _, r := range d.Resources {
		p := r.Properties
		more := m{}
		var list []m
		arns, _ := p["ManagedPolicyArns"].([]any)
		for _, x := range arns {
			list = append(list, m{"PolicyArn": x})
		}
		more["AttachedManagedPolicies"] = list
		switch kind := string(r.Type); kind {
		case string(resource.ManagedPolicy):
			name := p["ManagedPolicyName"].(string)
			a.policies = append(a.policies, m{
				"Arn": arn(shop, "policy/"+name), "PolicyName": name, "DefaultVersionId": "v1",
				"PolicyVersionList": []m{{"VersionId": "v1", "IsDefaultVersion": true, "Document": p["PolicyDocument"]}},
			})
		case string(resource.User):
			if groups, ok := p["Groups"]; ok {
				more["GroupList"] = groups
			}
			a.user(p["UserName"].(string), more)
		case string(resource.Role):
			more["AssumeRolePolicyDocument"] = p["AssumeRolePolicyDocument"]
			a.role(p["RoleName"].(string), nil, more)
		case "AWS::IAM::Group":
			more["Arn"] = arn(shop, "group/"+p["GroupName"].(string))
			a.groups = append(a.groups, more)
		}
	}
	return graphOf(t, []*account{a}, nil)
}

// TestVulnerable: each file of the corpus is found, by the method that its name says. Where it has no machine for it, which is not known of these accounts,
// it is found perhaps.
func TestVulnerable(t *testing.T) {
	g := vulnerable(t, "privesc-paths")
	for who, method := range map[string]string{
		"user/privesc1-CreateNewPolicyVersion-user": "policy-version", "role/privesc1-CreateNewPolicyVersion-role": "policy-version",
		"user/privesc3-CreateEC2WithExistingInstanceProfile-user": "instance", "user/privesc5-CreateLoginProfile-user": "login-profile",
		"user/privesc7-AttachUserPolicy-user": "attach-user-policy", "role/privesc9-AttachRolePolicy-role": "attach-role-policy",
		"user/privesc11-PutGroupPolicy-user": "put-group-policy", "user/privesc13-AddUserToGroup-user": "join-group",
		"user/privesc15-PassExistingRoleToNewLambdaThenInvoke-user": "function-invoke", "role/privesc15-PassExistingRoleToNewLambdaThenInvoke-role": "function-invoke",
		"user/privesc20-PassExistingRoleToCloudFormation-user": "stack", "user/privesc-codeBuildCreateProjectPassRole-user": "build",
		"user/privesc-sageMakerCreateNotebookPassRole-user": "notebook", "user/privesc-sageMakerCreateProcessingJobPassRole-user": "processing-job",
		"role/privesc-AssumeRole-starting-role": "assume-role", "role/privesc-sre-role": "administers", "user/privesc-sre-user": "administers",
	} {
		sure, _ := ways(t, g, arn(shop, who))
		if _, ok := sure[method]; !ok {
			t.Errorf("%s: %s is not found: %v", who, method, keysOf(sure))
		}
		if paths, _, err := g.Escalations(arn(shop, who)); err != nil || len(paths) == 0 || paths[0].Truth != policy.Yes {
			t.Errorf("%s: escalations %+v %v", who, paths, err)
		}
	}
	for who, method := range map[string]string{
		"user/privesc-ssmSendCommand-user": "ssm-command", "user/privesc17-EditExistingLambdaFunctionWithRole-user": "function-code",
		"role/privesc19-UpdateExistingGlueDevEndpoint-role": "dev-endpoint-key",
	} {
		sure, maybe := ways(t, g, arn(shop, who))
		if _, ok := maybe[method]; !ok || len(sure) > 0 {
			t.Errorf("%s: %s is not found perhaps: %v, for certain %v", who, method, keysOf(maybe), keysOf(sure))
		}
		if paths, _, err := g.Escalations(arn(shop, who)); err != nil || len(paths) == 0 || paths[0].Truth != policy.Maybe {
			t.Errorf("%s: escalations %+v %v", who, paths, err)
		}
	}
	for _, who := range []string{"role/privesc7-AttachUserPolicy-role", "role/privesc11-PutGroupPolicy-role", "role/privesc13-AddUserToGroup-role"} {
		if paths, _, err := g.Escalations(arn(shop, who)); err == nil && len(paths) > 0 && paths[0].Length() == 1 {
			t.Errorf("%s: a role has no rights of users and groups: %+v", who, paths[0])
		}
	}
	paths, _, err := g.Escalations(arn(shop, "role/privesc-AssumeRole-starting-role"))
	if err != nil || len(paths) != 1 || paths[0].Length() != 2 || g.Name(paths[0].Steps[1].To) != arn(shop, "role/privesc-AssumeRole-ending-role") {
		t.Errorf("from role to role: %+v %v", paths, err)
	}
}

// TestTraps: what looks like an escalation and is none, and what does not look like one and is.
func TestTraps(t *testing.T) {
	g := vulnerable(t, "tool-testing")
	for who, want := range map[string]bool{
		"user/fn2-exploitableResourceConstraint-user": true, "role/fn2-exploitableResourceConstraint-role": true,
		"user/fn4-exploitableNotAction-user": true, "role/fn4-exploitableNotAction-role": true,
		"user/fp2-allow-and-deny-multiple-policies-user": false, "role/fp2-allow-and-deny-multiple-policies-role": false,
		"user/fp4-nonExploitableResourceConstraint-user": false, "role/fp4-nonExploitableResourceConstraint-role": false,
		"role/privesc-permissive-role-trust": false,
	} {
		paths, cut, err := g.Escalations(arn(shop, who))
		if err != nil || cut || len(paths) > 0 != want {
			t.Errorf("%s: %+v %v, want %t", who, paths, err, want)
		}
	}
}
