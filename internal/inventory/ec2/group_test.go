package ec2_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/google/go-cmp/cmp"

	"jobzero/internal/fault"
	"jobzero/internal/inventory/ec2"
	"jobzero/internal/resource"
)

func read(t *testing.T, answers map[string]string) (resource.Resource, error) {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if body, ok := answers[r.FormValue("Action")]; ok {
			fmt.Fprint(w, body)
			return
		}
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, `<Response><Errors><Error><Code>UnauthorizedOperation</Code></Error></Errors></Response>`)
	}))
	t.Cleanup(srv.Close)
	cfg := aws.Config{
		Region: "eu-central-1", BaseEndpoint: aws.String(srv.URL), HTTPClient: srv.Client(), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("AKIAREADER0000000000", "s", ""),
	}
	return ec2.SecurityGroups{}.Read(t.Context(), cfg, resource.Ref{Type: resource.SecurityGroup, Account: "111122223333", ID: "sg-0a1b2c3d"})
}

const group = `<DescribeSecurityGroupsResponse><securityGroupInfo><item><groupId>sg-0a1b2c3d</groupId><groupName>web</groupName><ipPermissions><item>
<ipProtocol>tcp</ipProtocol><fromPort>22</fromPort><toPort>22</toPort><ipRanges><item><cidrIp>0.0.0.0/0</cidrIp></item></ipRanges>
<prefixListIds><item><prefixListId>pl-1</prefixListId></item></prefixListIds></item></ipPermissions></item></securityGroupInfo></DescribeSecurityGroupsResponse>`

// TestRulesNotRead: the permissions are complete without the rules; only the IDs are unknown then.
func TestRulesNotRead(t *testing.T) {
	got, err := read(t, map[string]string{"DescribeSecurityGroups": group})
	if err != nil {
		t.Fatal(err)
	}
	want := []any{
		map[string]any{"IpProtocol": "tcp", "FromPort": int64(22), "ToPort": int64(22), "CidrIp": "0.0.0.0/0"},
		map[string]any{"IpProtocol": "tcp", "FromPort": int64(22), "ToPort": int64(22), "SourcePrefixListId": "pl-1"},
	}
	if d := cmp.Diff(any(want), got.Properties["SecurityGroupIngress"]); d != "" {
		t.Error(d)
	}
	unknown := []resource.Unknown{
		{Path: "related.interfaces", Cause: "denied", Code: fault.Denied},
		{Path: "properties.SecurityGroupIngress.SecurityGroupRuleId", Cause: "denied", Code: fault.Denied},
	}
	if d := cmp.Diff(unknown, got.Unknown); d != "" {
		t.Error(d)
	}
	if got.ARN != "arn:aws:ec2:eu-central-1:111122223333:security-group/sg-0a1b2c3d" {
		t.Errorf("ARN %s", got.ARN)
	}
}

// TestManagedInterface: an interface that a service operates is told although the older sign is missing.
func TestManagedInterface(t *testing.T) {
	got, err := read(t, map[string]string{
		"DescribeSecurityGroups":     group,
		"DescribeSecurityGroupRules": `<DescribeSecurityGroupRulesResponse><securityGroupRuleSet/></DescribeSecurityGroupRulesResponse>`,
		"DescribeNetworkInterfaces": `<DescribeNetworkInterfacesResponse><networkInterfaceSet><item><networkInterfaceId>eni-1</networkInterfaceId>
<requesterManaged>false</requesterManaged><operator><managed>true</managed><principal>eks.amazonaws.com</principal></operator></item></networkInterfaceSet></DescribeNetworkInterfacesResponse>`,
	})
	if err != nil {
		t.Fatal(err)
	}
	list, _ := got.Related["interfaces"].([]any)
	if len(list) != 1 || list[0].(map[string]any)["RequesterManaged"] != true || list[0].(map[string]any)["RequesterId"] != "eks.amazonaws.com" {
		t.Errorf("got %v", list)
	}
}

// TestNoGroupInTheAnswer: an answer without the group is not the word that there is none.
func TestNoGroupInTheAnswer(t *testing.T) {
	got, err := read(t, map[string]string{"DescribeSecurityGroups": `<DescribeSecurityGroupsResponse><securityGroupInfo/></DescribeSecurityGroupsResponse>`})
	if !fault.Is(err, fault.Unavailable) {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := read(t, nil); !fault.Is(err, fault.Denied) {
		t.Errorf("denied: %v", err)
	}
}
