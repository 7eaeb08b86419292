package cloudcontrol_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cc "github.com/aws/aws-sdk-go-v2/service/cloudcontrol"
	"github.com/google/go-cmp/cmp"

	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/inventory/cloudcontrol"
	"jobzero/internal/resource"
)

type entry struct{ cfg aws.Config }

func (e entry) Reader(context.Context, string, string) (aws.Config, error) { return e.cfg, nil }

// world is what is there: by type, by identifier, its properties as JSON; the text "denied" is what may not be read.
type world map[string]map[string]string

func (w world) answer(c call) (int, string) {
	if c.Action == "ListResources" {
		type one struct{ Identifier, Properties string }
		var out []one
		for id := range w[c.TypeName] {
			out = append(out, one{id, "{}"})
		}
		if _, denied := w[c.TypeName]["denied"]; denied {
			return http.StatusBadRequest, refused("AccessDeniedException", "not authorized to perform: cloudformation:ListResources")
		}
		d, _ := json.Marshal(map[string]any{"TypeName": c.TypeName, "ResourceDescriptions": out})
		return 0, string(d)
	}
	properties, there := w[c.TypeName][c.Identifier]
	switch {
	case !there:
		return http.StatusBadRequest, refused("ResourceNotFoundException", "there is none")
	case properties == "denied":
		return http.StatusBadRequest, refused("AccessDeniedException", "not authorized to perform: rds:Describe")
	}
	return 0, resourceOf(c.Identifier, properties)
}

func read(t *testing.T, w world, typ resource.Type, id string, more ...inventory.Reader) (resource.Resource, []call) {
	t.Helper()
	cfg, calls := api(t, region, w.answer)
	readers := more
	for _, r := range cloudcontrol.Readers() {
		readers = append(readers, r)
	}
	cat, err := inventory.New(entry{cfg}, readers...)
	if err != nil {
		t.Fatal(err)
	}
	var res resource.Resource
	for range 2 { // the second time what lies beside is known still
		if res, err = cat.Read(t.Context(), resource.Ref{Type: typ, Account: account, Region: region, ID: id}); err != nil {
			t.Fatal(err)
		}
	}
	return res, *calls
}

// plain reads a type that has a reader of its own in the product as the others are read here.
type plain struct{ typ resource.Type }

func (p plain) Type() resource.Type { return p.typ }
func (plain) Needs() []string       { return nil }
func (plain) List(context.Context, aws.Config, string, string) ([]resource.Ref, error) {
	return nil, nil
}

func (p plain) Read(ctx context.Context, cfg aws.Config, ref resource.Ref) (resource.Resource, error) {
	name := string(p.typ)
	out, err := cc.NewFromConfig(cfg).GetResource(ctx, &cc.GetResourceInput{TypeName: &name, Identifier: &ref.ID})
	if err != nil {
		return resource.Resource{}, err
	}
	res := resource.Resource{Ref: ref}
	return res, json.Unmarshal([]byte(*out.ResourceDescription.Properties), &res.Properties)
}

func times(calls []call, typ string) (n int) {
	for _, c := range calls {
		if c.TypeName == typ {
			n++
		}
	}
	return n
}

func TestWhatADatabaseNamesIsRead(t *testing.T) {
	res, calls := read(t, world{
		"AWS::RDS::DBInstance":       {"one": `{"DBInstanceIdentifier":"one","DBClusterIdentifier":"shop","DBParameterGroupName":"strict"}`},
		"AWS::RDS::DBCluster":        {"shop": `{"DBClusterIdentifier":"shop","StorageEncrypted":true}`},
		"AWS::RDS::DBParameterGroup": {"strict": `{"DBParameterGroupName":"strict","Parameters":{"rds.force_ssl":"1"}}`},
	}, "AWS::RDS::DBInstance", "one")
	cluster, _ := res.Related["cluster"].(map[string]any)
	if cluster["StorageEncrypted"] != true {
		t.Errorf("the cluster is %v", res.Related["cluster"])
	}
	if d := cmp.Diff(any(map[string]any{"rds.force_ssl": "1"}), res.Related["parameters"]); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(any([]any{}), res.Related["security_groups"]); d != "" {
		t.Error("it names no group:", d)
	}
	if n := times(calls, "AWS::RDS::DBCluster"); n != 1 {
		t.Errorf("the cluster was read %d times", n)
	}
	for _, u := range res.Unknown {
		if u.Path == "related.cluster" || u.Path == "related.parameters" || strings.HasPrefix(u.Path, "related.security_groups") {
			t.Errorf("unknown: %+v", u)
		}
	}
}

func TestWhatNamesAClusterIsRead(t *testing.T) {
	const typ = "AWS::RDS::DBCluster"
	w := world{
		typ: {"shop": `{"DBClusterIdentifier":"shop"}`},
		"AWS::RDS::DBInstance": {
			"one": `{"DBInstanceIdentifier":"one","DBClusterIdentifier":"shop"}`, "other": `{"DBInstanceIdentifier":"other","DBClusterIdentifier":"blog"}`,
		},
	}
	res, calls := read(t, w, typ, "shop")
	list, _ := res.Related["instances"].([]any)
	if len(list) != 1 || list[0].(map[string]any)["DBInstanceIdentifier"] != "one" {
		t.Errorf("instances: %v", list)
	}
	if n := times(calls, "AWS::RDS::DBInstance"); n != 3 {
		t.Errorf("%d calls for a list and two instances, asked for twice", n)
	}

	w["AWS::RDS::DBInstance"]["dark"] = "denied"
	res, _ = read(t, w, typ, "shop")
	if code := codeOf(res, "related.instances[+]"); code != fault.Denied || len(res.Related["instances"].([]any)) != 1 {
		t.Errorf("one that may not be read may be one: %q, %v, %+v", code, res.Related, res.Unknown)
	}

	w["AWS::RDS::DBInstance"] = map[string]string{"denied": ""}
	res, _ = read(t, w, typ, "shop")
	if code := codeOf(res, "related.instances[+]"); code != fault.Denied {
		t.Errorf("a list that may not be read is unknown: %q, %+v", code, res.Unknown)
	}
}

// TestRulesOfSeveralGroups: what two groups have is one list, as it is of a template.
func TestRulesOfSeveralGroups(t *testing.T) {
	rule := func(port string) string {
		return `{"IpProtocol":"tcp","FromPort":` + port + `,"ToPort":` + port + `,"CidrIp":"0.0.0.0/0"}`
	}
	w := world{
		"AWS::EC2::Instance": {"i-1": `{"InstanceId":"i-1","SecurityGroupIds":["sg-1","sg-2"]}`},
		"AWS::EC2::SecurityGroup": {
			"sg-1": `{"GroupId":"sg-1","SecurityGroupIngress":[` + rule("443") + `,` + rule("22") + `]}`, "sg-2": `{"GroupId":"sg-2","SecurityGroupIngress":[` + rule("80") + `]}`,
		},
	}
	res, _ := read(t, w, "AWS::EC2::Instance", "i-1", plain{"AWS::EC2::SecurityGroup"})
	var ports []any
	list, _ := res.Related["ingress"].([]any)
	for _, r := range list {
		rule, _ := r.(map[string]any)
		ports = append(ports, rule["FromPort"])
	}
	if d := cmp.Diff([]any{443.0, 22.0, 80.0}, ports); d != "" {
		t.Errorf("%v\n%s", res.Related["ingress"], d)
	}
}

func TestWhatIsNamedElsewhereIsUnknown(t *testing.T) {
	res, _ := read(t, world{
		"AWS::Lambda::Function": {"f": `{"FunctionName":"f","Arn":"arn:aws:lambda:eu-central-1:111122223333:function:f","Role":"arn:aws:iam::444455556666:role/x"}`},
	}, "AWS::Lambda::Function", "f")
	for _, u := range res.Unknown {
		if u.Path == "related.role" && strings.Contains(u.Cause, "in account 444455556666") {
			return
		}
	}
	t.Errorf("unknown: %+v", res.Unknown)
}

func codeOf(res resource.Resource, path string) fault.Code {
	for _, u := range res.Unknown {
		if u.Path == path {
			return u.Code
		}
	}
	return ""
}
