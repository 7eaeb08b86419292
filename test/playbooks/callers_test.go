package playbooks_test

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"jobzero/internal/resource"
)

// callers are the scenes of what is about whoever called.
func callers() map[string][]scene {
	return map[string][]scene{
		"stop-caller":           {{name: "a key of a user", make: stolenFrom(nothing)}, {name: "a session of a role", make: roleFrom(nothing)}},
		"shut-out-again":        {{name: "a user", make: stolenFrom(nothing)}, {name: "a role", make: roleFrom(nothing)}},
		"stolen-access-key":     {{name: "of a user", make: stolenKey}},
		"deactivate-leaked-key": {{name: "of a user", make: quarantined, policies: true}},
		"leaked-key":            {{name: "that did much harm", make: stolenKey, policies: true}},
		"narrow-role":           {{name: "that may too much", make: wideRole}},
		"agent-identity-stolen": {{name: "a key of a user", make: stolenFrom(nothing)}},
		"agent-misled":          {{name: "a key of a user", make: stolenFrom(nothing)}},
		"agent-tools-abused":    {{name: "a key of a user", make: stolenFrom(nothing)}},
		"root-user-used":        {{name: "root", make: rootUser}},
		"personal-data-breach":  {{name: "of a bucket", make: stolenFrom(bucket)}},
	}
}

// nothing is found but who it was.
func nothing(*town) met { return met{} }

const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`

// wide allows more than anybody needs.
const wide = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`

// smaller is what is left of it.
const smaller = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::shop/*"}]}`

const user = "mallory"

// stolen makes a user with a key, and the event of a call with it.
func (w *town) stolen(m met) (met, string) {
	w.Helper()
	c := iam.NewFromConfig(w.owner)
	w.did(c.CreateUser(w.Context(), &iam.CreateUserInput{UserName: aws.String(user)}))
	key := must[*iam.CreateAccessKeyOutput](w)(c.CreateAccessKey(w.Context(), &iam.CreateAccessKeyInput{UserName: aws.String(user)})).AccessKey
	m.caller = fmt.Sprintf("arn:aws:iam::%s:user/%s", w.account, user)
	m.record = called(m.caller, *key.AccessKeyId)
	return m, *key.AccessKeyId
}

func called(who, key string) map[string]any {
	return map[string]any{"eventName": "ListBuckets", "query_name": "pool.example.com", "userIdentity": map[string]any{"arn": who, "accessKeyId": key}}
}

// stolenFrom has something found at which a user's key was at work.
func stolenFrom(of func(*town) met) func(*town) met {
	return func(w *town) met {
		m, _ := w.stolen(of(w))
		return m
	}
}

// roleFrom has something found at which a session of a role was at work.
func roleFrom(of func(*town) met) func(*town) met {
	return func(w *town) met {
		m := of(w)
		w.did(iam.NewFromConfig(w.owner).CreateRole(w.Context(), &iam.CreateRoleInput{RoleName: aws.String("deploy"), AssumeRolePolicyDocument: aws.String(trust)}))
		m.caller = fmt.Sprintf("arn:aws:iam::%s:role/deploy", w.account)
		m.record = called(m.caller, "ASIAEXAMPLEEXAMPLE00")
		return m
	}
}

// stolenKey is the key itself.
func stolenKey(w *town) met {
	m, id := w.stolen(met{})
	m.ref = &resource.Ref{Type: resource.AccessKey, Account: w.account, ID: id}
	return m
}

// quarantined is a key to whose user AWS has attached the policy for keys that leaked.
func quarantined(w *town) met {
	m := stolenKey(w)
	w.did(iam.NewFromConfig(w.owner).AttachUserPolicy(w.Context(), &iam.AttachUserPolicyInput{
		UserName: aws.String(user), PolicyArn: aws.String("arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV2"),
	}))
	return m
}

func wideRole(w *town) met {
	c, name := iam.NewFromConfig(w.owner), aws.String("deploy")
	w.did(c.CreateRole(w.Context(), &iam.CreateRoleInput{RoleName: name, AssumeRolePolicyDocument: aws.String(trust)}))
	w.did(c.PutRolePolicy(w.Context(), &iam.PutRolePolicyInput{RoleName: name, PolicyName: aws.String("work"), PolicyDocument: aws.String(wide)}))
	return met{ref: &resource.Ref{Type: resource.Role, Account: w.account, ID: *name}, read: map[string]any{
		"least":  map[string]any{"unused": 40, "policy": "work", "document": smaller},
		"denied": map[string]any{"calls": 0},
	}}
}

func rootUser(w *town) met {
	who := "arn:aws:iam::" + w.account + ":root"
	return met{caller: who, record: called(who, "")}
}

// inOrganisation makes the account a member of an organisation, which has a unit for quarantine that denies everything.
func inOrganisation(of func(*town) met) func(*town) met {
	return func(w *town) met {
		management := w.account
		c := organizations.NewFromConfig(w.owner)
		w.did(c.CreateOrganization(w.Context(), &organizations.CreateOrganizationInput{FeatureSet: orgtypes.OrganizationFeatureSetAll}))
		w.account = *must[*organizations.CreateAccountOutput](w)(c.CreateAccount(w.Context(), &organizations.CreateAccountInput{
			AccountName: aws.String("shop"), Email: aws.String("shop@example.com"),
		})).CreateAccountStatus.AccountId
		w.owner = w.stand.Config(w.account)
		root := must[*organizations.ListRootsOutput](w)(c.ListRoots(w.Context(), &organizations.ListRootsInput{})).Roots[0].Id
		unit := must[*organizations.CreateOrganizationalUnitOutput](w)(c.CreateOrganizationalUnit(w.Context(), &organizations.CreateOrganizationalUnitInput{
			ParentId: root, Name: aws.String("Quarantine"),
		})).OrganizationalUnit.Id
		policy := must[*organizations.CreatePolicyOutput](w)(c.CreatePolicy(w.Context(), &organizations.CreatePolicyInput{
			Name: aws.String("deny"), Description: aws.String("made up"), Type: orgtypes.PolicyTypeServiceControlPolicy,
			Content: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}`),
		})).Policy.PolicySummary.Id
		w.did(c.AttachPolicy(w.Context(), &organizations.AttachPolicyInput{PolicyId: policy, TargetId: unit}))
		m := of(w)
		m.tags = map[string]string{"jobzero:quarantine-unit": *unit, "jobzero:management-account": management}
		return m
	}
}
