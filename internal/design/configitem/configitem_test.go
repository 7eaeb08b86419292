package configitem_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/design"
	"jobzero/internal/design/configitem"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
	"jobzero/internal/testcorpus"
)

const bucket = `{"version": "1.3", "accountId": "111122223333", "configurationItemCaptureTime": "2026-01-02T00:00:00Z",
 "configurationItemStatus": "OK", "resourceType": "AWS::S3::Bucket", "resourceId": "shop-data", "resourceName": "shop-data",
 "ARN": "arn:aws:s3:::shop-data", "awsRegion": "eu-central-1", "tags": {"Team": "shop"},
 "configuration": {"name": "shop-data", "owner": {"id": "abc"}, "creationDate": "2026-01-01T00:00:00Z"},
 "supplementaryConfiguration": {
  "AccessControlList": "{\"grantSet\":null,\"grantList\":[{\"grantee\":{\"id\":\"abc\"},\"permission\":\"FullControl\"},{\"grantee\":\"AllUsers\",\"permission\":\"Read\"}]}",
  "BucketPolicy": {"policyText": "{\"Version\":\"2012-10-17\",\"Statement\":[]}"},
  "BucketLoggingConfiguration": {"destinationBucketName": null, "logFilePrefix": null},
  "BucketVersioningConfiguration": {"status": "Enabled", "isMfaDeleteEnabled": null},
  "PublicAccessBlockConfiguration": {"blockPublicAcls": true, "ignorePublicAcls": true, "blockPublicPolicy": true, "restrictPublicBuckets": false},
  "ServerSideEncryptionConfiguration": {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyID": "key"}, "bucketKeyEnabled": true}]},
  "SomethingNew": {"a": 1}}}`

const group = `{"accountId": "111122223333", "configurationItemCaptureTime": 1767312000.5, "configurationItemStatus": "ResourceDiscovered",
 "resourceType": "AWS::EC2::SecurityGroup", "resourceId": "sg-1", "awsRegion": "eu-central-1", "supplementaryConfiguration": {},
 "configuration": "{\"description\":\"web\",\"groupName\":\"web\",\"groupId\":\"sg-1\",\"ownerId\":\"111122223333\",\"vpcId\":\"vpc-1\",\"tags\":[{\"key\":\"Team\",\"value\":\"shop\"}],\"ipPermissions\":[{\"fromPort\":22,\"toPort\":22,\"ipProtocol\":\"tcp\",\"ipv6Ranges\":[{\"cidrIpv6\":\"::/0\"}],\"prefixListIds\":[],\"userIdGroupPairs\":[{\"groupId\":\"sg-2\",\"userId\":\"444455556666\"}],\"ipv4Ranges\":[{\"cidrIp\":\"0.0.0.0/0\",\"description\":\"all\"}],\"ipRanges\":[\"0.0.0.0/0\"]}],\"ipPermissionsEgress\":[]}"}`

func read(t *testing.T, text string) design.Document {
	t.Helper()
	d, err := configitem.Read("item.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func paths(d design.Declared) (out []string) {
	for _, u := range d.Unknown {
		out = append(out, u.Path)
	}
	return out
}

func TestBucket(t *testing.T) {
	d := read(t, `{"configurationItem": `+bucket+`, "messageType": "ConfigurationItemChangeNotification"}`)
	r := d.Resources[0]
	want := map[string]any{
		"BucketName": "shop-data", "Tags": []any{map[string]any{"Key": "Team", "Value": "shop"}},
		"VersioningConfiguration":        map[string]any{"Status": "Enabled"},
		"PublicAccessBlockConfiguration": map[string]any{"BlockPublicAcls": true, "IgnorePublicAcls": true, "BlockPublicPolicy": true, "RestrictPublicBuckets": false},
		"BucketEncryption": map[string]any{"ServerSideEncryptionConfiguration": []any{map[string]any{
			"BucketKeyEnabled": true, "ServerSideEncryptionByDefault": map[string]any{"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "key"},
		}}},
	}
	if diff := cmp.Diff(want, r.Properties); diff != "" {
		t.Error(diff)
	}
	if r.ID != "shop-data" || r.Account != "111122223333" || r.Region != "eu-central-1" || r.Tags["Team"] != "shop" || r.Place.String() != "item.json:1:24" {
		t.Errorf("%+v", r)
	}
	policy, _ := r.Related["policy"].(map[string]any)
	acl, _ := r.Related["acl"].(map[string]any)
	grants, _ := acl["Grants"].([]any)
	if policy["PolicyDocument"] == nil || len(grants) != 2 || cmp.Diff(grants[1], map[string]any{
		"Grantee": map[string]any{"Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/AllUsers"}, "Permission": "READ",
	}) != "" {
		t.Errorf("%+v", r.Related)
	}
	got := paths(r)
	for _, p := range []string{"properties.AccessControl", "properties.OwnershipControls", "related.account_public_access"} {
		if !slices.Contains(got, p) {
			t.Errorf("%s is not unknown: %v", p, got)
		}
	}
	if slices.Contains(got, "properties.LoggingConfiguration") || !strings.Contains(r.Unknown[1].Cause, "SomethingNew") {
		t.Errorf("%+v", r.Unknown)
	}
	if at := r.Where("properties.VersioningConfiguration.Status"); at.Line != 9 {
		t.Errorf("versioning is in line %d", at.Line)
	}
	if d.Coverage.OfValues-d.Coverage.Values != 1 {
		t.Errorf("%+v", d.Coverage)
	}
}

func TestGroup(t *testing.T) {
	r := read(t, `{"configurationItems": [`+group+`]}`).Resources[0]
	rule := func(key, value string, more ...any) map[string]any {
		out := map[string]any{"IpProtocol": "tcp", "FromPort": int64(22), "ToPort": int64(22), key: value}
		for i := 0; i < len(more); i += 2 {
			out[more[i].(string)] = more[i+1]
		}
		return out
	}
	if diff := cmp.Diff(map[string]any{
		"GroupDescription": "web", "GroupName": "web", "GroupId": "sg-1", "Id": "sg-1", "VpcId": "vpc-1", "SecurityGroupEgress": []any{},
		"Tags": []any{map[string]any{"Key": "Team", "Value": "shop"}},
		"SecurityGroupIngress": []any{
			rule("CidrIp", "0.0.0.0/0", "Description", "all"), rule("CidrIpv6", "::/0"),
			rule("SourceSecurityGroupId", "sg-2", "SourceSecurityGroupOwnerId", "444455556666"),
		},
	}, r.Properties); diff != "" {
		t.Error(diff)
	}
	if len(r.Unknown) != 0 || r.Tags["Team"] != "shop" {
		t.Errorf("%+v", r)
	}
}

func TestEnvelopes(t *testing.T) {
	quote := func(v string) string {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	change := `{"configurationItemDiff": null, "configurationItem": ` + bucket + `, "messageType": "ConfigurationItemChangeNotification"}`
	older := strings.Replace(bucket, "2026-01-02", "2026-01-01", 1)
	line := func(s string) string { return strings.ReplaceAll(s, "\n", "") }
	for name, c := range map[string]struct {
		text               string
		resources, skipped int
	}{
		"plain":         {change, 1, 0},
		"SNS":           {`{"Type": "Notification", "Message": ` + quote(change) + `}`, 1, 0},
		"SNS in SQS":    {`{"Records": [{"body": ` + quote(`{"Type": "Notification", "Message": `+quote(change)+`}`) + `}]}`, 1, 0},
		"SNS in Lambda": {`{"Records": [{"Sns": {"Message": ` + quote(change) + `}}]}`, 1, 0},
		"EventBridge":   {`{"source": "aws.config", "detail": ` + change + `}`, 1, 0},
		"rule":          {`{"invokingEvent": ` + quote(change) + `}`, 1, 0},
		"snapshot":      {`{"fileVersion": "1.0", "configSnapshotId": "a", "configurationItems": [` + bucket + `,` + group + `]}`, 2, 0},
		"history":       {`{"configurationItems": [` + bucket + `,` + older + `]}`, 1, 1},
		"deleted":       {strings.ReplaceAll(change, `"OK"`, `"ResourceDeleted"`), 0, 1},
		"batch":         {`{"baseConfigurationItems": [` + group + `], "unprocessedResourceKeys": [{"resourceType": "AWS::S3::Bucket", "resourceId": "x"}]}`, 1, 1},
		"query":         {`{"Results": [` + quote(`{"resourceType": "AWS::EC2::Volume", "resourceId": "vol-1", "configuration": {"encrypted": true}}`) + `]}`, 1, 0},
		"lines":         {line(bucket) + "\n" + line(group) + "\n", 2, 0},
		"no such type":  {strings.ReplaceAll(change, "S3::Bucket", "Backup::RecoveryPoint"), 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			d := read(t, c.text)
			if d.Format != design.ConfigItem || len(d.Resources) != c.resources || len(d.Skipped) != c.skipped || !configitem.Looks([]byte(c.text)) {
				t.Errorf("%d resources, %+v", len(d.Resources), d.Skipped)
			}
		})
	}
}

// TestNeverAbsent holds that what an item does not tell is unknown and not absent.
func TestNeverAbsent(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"large": {`{"configurationItemSummary": {"resourceType": "AWS::S3::Bucket", "resourceId": "a", "configurationItemStatus": "OK"},
			"s3DeliverySummary": {"s3BucketLocation": "logs/item.json.gz"}, "messageType": "OversizedConfigurationItemChangeNotification"}`, "properties"},
		"selected":   {`{"resourceType": "AWS::ECS::Cluster", "resourceId": "a", "configuration": {"ClusterName": "a"}}`, "properties.ClusterSettings"},
		"broken":     {`{"configurationItem": {"resourceType": "AWS::S3::Bucket", "resourceId": "a", "configuration": "NOTJSON"}}`, "properties"},
		"old type":   {`{"configurationItem": {"resourceType": "AWS::EC2::Instance", "resourceId": "i-1", "configuration": {"instanceId": "i-1"}}}`, "properties.UserData"},
		"in a list":  {`{"configurationItem": {"resourceType": "AWS::EC2::Instance", "resourceId": "i-1", "configuration": {"blockDeviceMappings": [{"deviceName": "a", "ebs": {"deleteOnTermination": true}}]}}}`, "properties.BlockDeviceMappings[0].Ebs.Encrypted"},
		"a new name": {`{"configurationItem": {"resourceType": "AWS::ECS::Cluster", "resourceId": "a", "configuration": {"ClusterName": "a", "BrandNew": 1}}}`, "properties.BrandNew"},
		"wrong form": {`{"configurationItem": {"resourceType": "AWS::ECS::Cluster", "resourceId": "a", "configuration": {"ClusterSettings": "x"}}}`, "properties.ClusterSettings"},
		"peer":       {`{"configurationItem": {"resourceType": "AWS::EC2::SecurityGroup", "resourceId": "a", "configuration": {"ipPermissions": [{"ipProtocol": "tcp"}]}}}`, "properties.SecurityGroupIngress[0]"},
		"no tags":    {`{"configurationItem": {"resourceType": "AWS::S3::Bucket", "resourceId": "a", "configuration": {}}}`, "tags"},
	} {
		t.Run(name, func(t *testing.T) {
			r := read(t, c.text).Resources[0]
			if !slices.Contains(paths(r), c.want) {
				t.Errorf("%s is not unknown: %v", c.want, r.Unknown)
			}
		})
	}
}

func TestAlias(t *testing.T) {
	r := read(t, `{"configurationItem": {"resourceType": "AWS::IAM::Policy", "resourceId": "ANPA1", "resourceName": "all", "tags": {}, "configuration":
		{"policyName": "all", "arn": "arn:aws:iam::111122223333:policy/all", "path": "/", "policyVersionList": [
		{"document": "%7B%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22*%22%2C%22Resource%22%3A%22*%22%7D%5D%7D", "isDefaultVersion": true}]}}}`).Resources[0]
	if r.Type != "AWS::IAM::ManagedPolicy" || r.ID != "arn:aws:iam::111122223333:policy/all" || r.Properties["ManagedPolicyName"] != "all" {
		t.Errorf("%+v", r)
	}
	if p, _ := r.Properties["PolicyDocument"].(map[string]any); p["Statement"] == nil {
		t.Errorf("%+v %v", r.Properties, r.Unknown)
	}
}

func TestRefused(t *testing.T) {
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	for range 65 {
		if _, err := z.Write(make([]byte, 1<<20)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ text, want string }{
		"bomb":       {bomb.String(), "more than the limit of"},
		"cut":        {bomb.String()[:100], "no gzip that can be read"},
		"no JSON":    {"{", "item.json:1:"},
		"a list":     {"[]", "want one map"},
		"other":      {`{"a": 1}`, "there is no configuration item in it"},
		"delivery":   {`{"messageType": "ConfigurationSnapshotDeliveryCompleted"}`, "has no configuration item"},
		"no message": {`{"Type": "Notification", "Message": "NOTJSON"}`, "item.json:1:37: Message is no message"},
		"no type":    {`{"configurationItem": {"resourceId": "a"}}`, "want resourceType"},
		"row":        {`{"Results": ["{}"]}`, "select resourceType"},
		"item":       {`{"configurationItems": [1]}`, "want an item"},
		"deep":       {`{"configurationItem": ` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + `}`, "max depth"},
		"lines":      {"{\"resourceType\": \"AWS::S3::Bucket\"}\nx\n", "item.json:2:1: this line"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := configitem.Read("item.json", []byte(c.text))
			if err == nil || fault.Is(err, fault.Internal) || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "item.json") {
				t.Errorf("got %v\nwant %s", err, c.want)
			}
		})
	}
}

// TestMany holds that notes about what is unknown are bounded, and that nothing becomes known by that.
func TestMany(t *testing.T) {
	r := read(t, `{"configurationItem": {"resourceType": "AWS::EC2::Instance", "resourceId": "i-1", "configuration": {"blockDeviceMappings": [`+
		strings.Repeat("{},", 20_000)+`{}]}}}`).Resources[0]
	if len(r.Unknown) > 10 || !slices.Contains(paths(r), "properties") {
		t.Errorf("%d notes", len(r.Unknown))
	}
}

func TestCorpus(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(testcorpus.Path(t, "aws-config-items"), "*.json"))
	if err != nil || len(files) < 15 {
		t.Fatal(files, err)
	}
	var all design.Coverage
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		d, err := configitem.Read(filepath.Base(file), data)
		if err != nil {
			if !strings.HasPrefix(err.Error(), filepath.Base(file)+":") {
				t.Errorf("an error without a place: %v", err)
			}
			t.Log(err)
			continue
		}
		if len(d.Resources)+len(d.Skipped) != 1 {
			t.Errorf("%s: %d resources, %d skipped", file, len(d.Resources), len(d.Skipped))
		}
		all.Values, all.OfValues = all.Values+d.Coverage.Values, all.OfValues+d.Coverage.OfValues
		for _, r := range d.Resources {
			t.Log(r.Type, r.ID, d.Coverage)
			if strings.Contains(r.ID, " ") || len(r.Properties) < 3 && !slices.Contains(paths(r), "properties") {
				t.Errorf("%s: %+v", file, r)
			}
		}
	}
	if all.Values*100 < 90*all.OfValues {
		t.Errorf("%d of %d values were understood", all.Values, all.OfValues)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"configurationItem": ` + bucket + `}`))
	f.Add([]byte(`{"configurationItems": [` + group + `]}`))
	f.Add([]byte(`{"Results": ["{\"resourceType\":\"AWS::IAM::Role\",\"configuration\":{\"rolePolicyList\":[{}]}}"]}`))
	f.Add([]byte(`{"configurationItem": {"resourceType": "AWS::ElasticLoadBalancing::LoadBalancer", "configuration": {"listenerDescriptions": [{"listener": {"protocol": "HTTP"}, "policyNames": []}]}}}`))
	f.Add([]byte(`{"configurationItem": {"resourceType": "AWS::CloudFront::Distribution", "configuration": {"distributionConfig": {"origins": {"quantity": 1, "items": [{"id": "a"}]}}}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := configitem.Read("item.json", data)
		if err != nil && !strings.HasPrefix(err.Error(), "item.json") {
			t.Errorf("an error without a place: %v", err)
		}
		for _, r := range d.Resources {
			for _, u := range r.Unknown {
				if u.Cause == "" || u.Path == "" {
					t.Errorf("%+v", u)
				}
			}
		}
	})
}

// TestNeverGivenBack: a value that AWS takes and never gives back is unknown, not absent.
func TestNeverGivenBack(t *testing.T) {
	r := read(t, `{"configurationItems": [{"resourceType": "AWS::ElastiCache::User", "resourceId": "u", "awsAccountId": "111122223333",
		"awsRegion": "eu-west-1", "configurationItemStatus": "OK", "configuration": {"UserId": "u", "UserName": "u", "Engine": "redis"}}]}`).Resources[0]
	if !slices.ContainsFunc(r.Unknown, func(u resource.Unknown) bool {
		return u.Path == "properties.NoPasswordRequired" && u.Cause == resource.NeverGivenBack
	}) {
		t.Errorf("%+v", r.Unknown)
	}
}
