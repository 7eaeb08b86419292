package names_test

import (
	"testing"

	"jobzero/internal/policy/names"
)

func TestNames(t *testing.T) {
	n := 0
	for _, s := range names.Services() {
		svc, ok := names.Of(s)
		if !ok {
			t.Fatal(s)
		}
		n += len(svc.Actions)
		for _, a := range svc.Actions {
			if a.Level == "" {
				t.Errorf("%s has no access level", a.Name)
			}
			for _, about := range a.About {
				if about.ARN == "" {
					t.Errorf("%s is about %s, which has no ARN", a.Name, about.Type)
				}
			}
		}
	}
	if n < 20_000 {
		t.Errorf("%d actions: far fewer than AWS has", n)
	}
	if a, ok := names.Find("EC2:runinstances"); !ok || a.Name != "ec2:RunInstances" {
		t.Errorf("found %v", a)
	}
	for action, want := range map[string]names.Level{
		"s3:GetObject": names.Read, "s3:ListAllMyBuckets": names.List, "s3:PutBucketPolicy": names.Permissions, "ec2:CreateTags": names.Tagging,
		"iam:PassRole": names.Write,
	} {
		if a, ok := names.Find(action); !ok || a.Level != want {
			t.Errorf("%s: %v, want %s", action, a, want)
		}
	}
	for key, want := range map[string]string{
		"AWS:principaltag/Team": "String", "aws:TagKeys": "ArrayOfString", "ec2:encrypted": "Bool", "kms:EncryptionContext:a": "String",
		"s3:ExistingObjectTag/a": "String", "aws:nothing": "", "nothing:at-all": "",
	} {
		if k, ok := names.FindKey(key); ok != (want != "") || k.Type != want {
			t.Errorf("%s: %+v, want %s", key, k, want)
		}
	}
}
