package claim

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/resource"
	"jobzero/internal/source"
	"jobzero/internal/testcorpus"
)

const (
	here  = "111122223333"
	there = "444455556666"
)

// TestRefusals: each names the member that is wrong, and only the first counts.
func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		raw  string
		ask  func(Object)
		want string
	}{
		"no JSON":        {`hello`, func(Object) {}, "broken record: want an object at byte 0"},
		"UTF-8":          {"{\"a\":\"\xff\"}", func(Object) {}, "invalid UTF-8"},
		"missing":        {`{}`, func(o Object) { o.Need("id") }, "id is missing"},
		"null":           {`{"id":null}`, func(o Object) { o.Need("id") }, "id is missing"},
		"blank":          {`{"id":" "}`, func(o Object) { o.Need("id") }, "id is missing"},
		"below nothing":  {`{}`, func(o Object) { o.Object("service").Need("name") }, "service.name is missing"},
		"number":         {`{"id":5}`, func(o Object) { o.Text("id") }, "id is of type number, want string"},
		"twice":          {`{"id":"a","id":"b"}`, func(o Object) { o.Text("id") }, "id stands in the record twice"},
		"deep":           {`{"a":{"b":[{},{"c":1}]}}`, func(o Object) { o.Object("a").List("b")[1].Text("c") }, "a.b[1].c is of type number, want string"},
		"first of none":  {`{"a":[]}`, func(o Object) { o.First("a").Need("b") }, "a[0].b is missing"},
		"element":        {`{"a":["x"]}`, func(o Object) { o.List("a") }, "a[0] is of type string, want object"},
		"no list":        {`{"a":{}}`, func(o Object) { o.List("a") }, "a is of type object, want array"},
		"no object":      {`{"a":[]}`, func(o Object) { o.Object("a").Text("b") }, "a is of type array, want object"},
		"no texts":       {`{"a":["x",1]}`, func(o Object) { o.Texts("a") }, "a[] is of type number, want string"},
		"flag":           {`{"a":"true"}`, func(o Object) { o.Flag("a") }, "a is of type string, want boolean"},
		"no number":      {`{"a":"5"}`, func(o Object) { o.Number("a") }, "a is of type string, want number"},
		"huge":           {`{"a":1e999}`, func(o Object) { o.Number("a") }, "a 1e999 is out of range"},
		"short account":  {`{"a":"1111"}`, func(o Object) { o.Account("a") }, `a "1111" is no twelve-digit account`},
		"region":         {`{"a":"eu|west"}`, func(o Object) { o.Region("a") }, `a "eu|west" is no region`},
		"severity":       {`{"a":"Terrible"}`, func(o Object) { o.Severity("a") }, `a "Terrible" is none of`},
		"time":           {`{"a":"yesterday"}`, func(o Object) { o.Time("a") }, `a "yesterday" is no time such as`},
		"invented zone":  {`{"a":"Mon Jan 5 10:00:00.000 CEST 2026"}`, func(o Object) { o.Time("a") }, "is no time"},
		"year 10000":     {`{"a":"9999-12-31T23:59:59-23:00"}`, func(o Object) { o.Time("a") }, "is no time"},
		"before 1970":    {`{"a":-5}`, func(o Object) { o.Time("a") }, "a -5 is no time"},
		"time missing":   {`{}`, func(o Object) { o.NeedTime("a") }, "a is missing"},
		"first mistake":  {`{"a":1,"b":2}`, func(o Object) { o.Text("a"); o.Text("b") }, "a is of type"},
		"empty list":     {`[]`, func(Object) {}, "the list is empty"},
		"list of others": {`[{},3]`, func(Object) {}, "[1] is of type number, want object"},
		"broken list":    {`[{}`, func(Object) {}, "broken record"},
		"in a list":      {`[{},{"a":1}]`, func(o Object) { o.Need("a") }, "[0].a is missing"},
	} {
		o := ReadMany([]byte(c.raw))[0]
		c.ask(o)
		if err := o.Err(); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "b is of") {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestReading(t *testing.T) {
	o := ReadFolded([]byte(`{"AccountId":"` + here + `","archived":true,"Severity":7.5,"Tags":[{"Key":"team","Value":"shop"}],"list":["x"],"Nothing":null}`))
	n, ok := o.Number("severity")
	got := []any{o.Account("accountId"), o.Flag("archived"), n, ok, o.Tags("tags"), o.Texts("list"), o.Has("nothing"), o.Has("list"), o.Text("nothing"), o.Region("region")}
	want := []any{here, true, 7.5, true, map[string]string{"team": "shop"}, []string{"x"}, false, true, "", ""}
	if d := cmp.Diff(want, got); d != "" || o.Err() != nil {
		t.Errorf("%v\n%s", o.Err(), d)
	}
	if strict := Read([]byte(`{"Id":"x"}`)); strict.Text("id") != "" {
		t.Error("a name with a capital is read where it means something else")
	}
	if twice := ReadFolded([]byte(`{"Id":"x","id":"y"}`)); twice.Text("id") != "" || twice.Err() == nil {
		t.Error("two readings of one record are accepted")
	}
	if got := Read([]byte(`{"t":{"team":"shop"}}`)).Tags("t"); got["team"] != "shop" {
		t.Errorf("tags of an object: %v", got)
	}
}

func TestTimes(t *testing.T) {
	want := time.Date(2024, 9, 4, 16, 59, 44, 0, time.UTC)
	for _, text := range []string{
		`"2024-09-04T16:59:44Z"`, `"2024-09-04T16:59:44.000Z"`, `"2024-09-04T18:59:44+02:00"`, `"2024-09-04T16:59:44.000+0000"`, `"2024-09-04T16:59:44"`,
		`"Wed Sep 04 16:59:44.000 UTC 2024"`, `"Sep 4, 2024, 4:59:44 PM"`, `"Wed, 4 Sep 2024 16:59:44 GMT"`, `"2024-09-04 16:59:44Z"`, `"2024-09-04 16:59:44 +00:00"`,
		`1725469184`, `1725469184.0`, `1725469184000`,
	} {
		o := Read([]byte(`{"t":` + text + `}`))
		if got := o.Time("t"); !got.Equal(want) || got.Location() != time.UTC || o.Err() != nil {
			t.Errorf("%s: %s, %v", text, got, o.Err())
		}
	}
}

func TestResource(t *testing.T) {
	ref := func(typ resource.Type, account, region, id string) *resource.Ref {
		return &resource.Ref{Type: typ, Account: account, Region: region, ID: id}
	}
	const eu = "eu-west-1"
	for id, c := range map[string]struct {
		kind string
		want *resource.Ref
	}{
		"":                               {"AwsS3Bucket", nil},
		"arn:aws:s3:::orders":            {"", ref(resource.Bucket, here, eu, "orders")},
		"arn:aws:s3:::orders/2024/a.csv": {"AwsS3Object", ref(resource.Bucket, here, eu, "orders")},
		"arn:aws:s3:us-east-1:444455556666:accesspoint/reports":                                    {"", ref("AWS::S3::AccessPoint", there, "us-east-1", "reports")},
		"arn:aws:s3:us-east-1:444455556666:job/1":                                                  {"", ref("jobzero::s3::job", there, "us-east-1", "arn:aws:s3:us-east-1:444455556666:job/1")},
		"arn:aws:ec2:us-east-1:444455556666:instance/i-1":                                          {"", ref("AWS::EC2::Instance", there, "us-east-1", "i-1")},
		"arn:aws:iam::444455556666:user/people/mia":                                                {"", ref("AWS::IAM::User", there, "", "mia")},
		"arn:aws:iam::444455556666:root":                                                           {"", ref(Account, there, "", there)},
		"arn:aws:iam::aws:policy/AdministratorAccess":                                              {"", ref("AWS::IAM::ManagedPolicy", here, "", "arn:aws:iam::aws:policy/AdministratorAccess")},
		"arn:aws:lambda:us-east-1:444455556666:function:pay:$LATEST":                               {"", ref("AWS::Lambda::Function", there, "us-east-1", "pay")},
		"arn:aws:rds:us-east-1:444455556666:db:shop":                                               {"", ref("AWS::RDS::DBInstance", there, "us-east-1", "shop")},
		"arn:aws:dynamodb:us-east-1:444455556666:table/carts/index/age":                            {"", ref("AWS::DynamoDB::Table", there, "us-east-1", "carts")},
		"arn:aws:sns:us-east-1:444455556666:news":                                                  {"", ref("AWS::SNS::Topic", there, "us-east-1", "arn:aws:sns:us-east-1:444455556666:news")},
		"arn:aws:sqs:us-east-1:444455556666:jobs":                                                  {"", ref("AWS::SQS::Queue", there, "us-east-1", "https://sqs.us-east-1.amazonaws.com/444455556666/jobs")},
		"arn:aws-cn:sqs:cn-north-1:444455556666:jobs":                                              {"", ref("AWS::SQS::Queue", there, "cn-north-1", "https://sqs.cn-north-1.amazonaws.com.cn/444455556666/jobs")},
		"arn:aws:logs:us-east-1:444455556666:log-group:/aws/lambda/pay:*":                          {"", ref("AWS::Logs::LogGroup", there, "us-east-1", "/aws/lambda/pay")},
		"arn:aws:ecr:us-east-1:444455556666:repository/shop/web/sha256:0a":                         {"", ref("AWS::ECR::Repository", there, "us-east-1", "shop/web")},
		"arn:aws:elasticloadbalancing:us-east-1:444455556666:loadbalancer/old":                     {"", ref("AWS::ElasticLoadBalancing::LoadBalancer", there, "us-east-1", "old")},
		"arn:aws:elasticloadbalancing:eu-west-1:444455556666:loadbalancer/a/b/":                    {"", ref("AWS::ElasticLoadBalancingV2::LoadBalancer", there, eu, "arn:aws:elasticloadbalancing:eu-west-1:444455556666:loadbalancer/a/b/")},
		"arn:aws:cloudwatch:eu-west-1:444455556666:alarm:a/b: c":                                   {"", ref("AWS::CloudWatch::Alarm", there, eu, "a/b: c")},
		"arn:aws:autoscaling:eu-west-1:444455556666:autoScalingGroup:0-1:autoScalingGroupName/web": {"AwsAccount", ref("AWS::AutoScaling::AutoScalingGroup", there, eu, "web")},
		"arn:aws:new:eu-west-1:444455556666:thing/1":                                               {"AwsNewThing", ref("jobzero::new::thing", there, eu, "arn:aws:new:eu-west-1:444455556666:thing/1")},
		"arn:aws:new:eu-west-1:444455556666:1":                                                     {"", ref("jobzero::new::new", there, eu, "arn:aws:new:eu-west-1:444455556666:1")},
		"arn:aws:a|b:eu-west-1|x:444455556666:thing/1":                                             {"", ref(unknown, there, "", "arn:aws:a|b:eu-west-1|x:444455556666:thing/1")},
		"arn:aws:new:eu-west-1:444455556666:typed/1":                                               {"AWS::New::Thing", ref("AWS::New::Thing", there, eu, "arn:aws:new:eu-west-1:444455556666:typed/1")},
		"arn:aws:new:eu-west-1:444455556666:odd/1":                                                 {"AWS::New|Thing", ref(unknown, there, eu, "arn:aws:new:eu-west-1:444455556666:odd/1")},
		"arn:aws:iam::444455556666:access-key/ASIAEXAMPLE":                                         {"", nil},
		"AWS::IAM::AccessKey:ASIAEXAMPLE":                                                          {"AwsIamAccessKey", nil},
		"AWS::IAM::AccessKey:AKIAEXAMPLE":                                                          {"AwsIamAccessKey", ref(resource.AccessKey, here, "", "AKIAEXAMPLE")},
		"AKIAEXAMPLE":                                                                              {"AWS::IAM::AccessKey", ref(resource.AccessKey, here, "", "AKIAEXAMPLE")},
		"AWS::::Account:444455556666":                                                              {"AwsAccount", ref(Account, there, "", there)},
		"whole account":                                                                            {"AwsAccount", ref(Account, here, "", here)},
		"i-1":                                                                                      {"AWS_EC2_INSTANCE", ref("AWS::EC2::Instance", here, eu, "i-1")},
		"orders":                                                                                   {"AWS::S3::Bucket", ref(resource.Bucket, here, eu, "orders")},
		"mia":                                                                                      {"AwsIamUser", ref("AWS::IAM::User", here, "", "mia")},
		"x":                                                                                        {"Other", ref("jobzero::Other", here, eu, "x")},
		"y":                                                                                        {"a|b", ref(unknown, here, eu, "y")},
	} {
		got := Resource(Named{Kind: c.kind, ID: id, Account: here, Region: eu})
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", id, d)
		}
		if got == nil {
			continue
		}
		if back, err := resource.ParseKey(got.Key()); err != nil || back.Type != got.Type || back.ID != got.ID {
			t.Errorf("%s: its key %s reads as %+v, %v", id, got.Key(), back, err)
		}
	}
}

// TestFormsFollowCloudFormation holds the table against CloudFormation's own schemas: a type identified by an ARN has the
// whole ARN as its ID, and no other has.
func TestFormsFollowCloudFormation(t *testing.T) {
	dir := testcorpus.Path(t, "cfn-resource-schemas")
	checked := 0
	for _, f := range forms() {
		b, err := os.ReadFile(filepath.Join(dir, strings.ReplaceAll(string(f.typ), "::", "_")+".json"))
		if os.IsNotExist(err) {
			continue // the corpus holds some of the types
		}
		var schema struct{ PrimaryIdentifier []string }
		if err != nil || json.Unmarshal(b, &schema) != nil || len(schema.PrimaryIdentifier) != 1 {
			t.Errorf("%s: %v, identified by %v", f.typ, err, schema.PrimaryIdentifier)
			continue
		}
		checked++
		arn := "arn:aws:" + f.service + ":eu-west-1:" + here + ":" + f.kind + "/app/x/y"
		if f.typ == resource.Bucket {
			arn = "arn:aws:s3:::orders"
		}
		ref := Resource(Named{ID: arn})
		if f.typ != ref.Type && f.typ != "AWS::ElasticLoadBalancing::LoadBalancer" {
			t.Errorf("%s is taken for %s", arn, ref.Type)
		}
		member := schema.PrimaryIdentifier[0]
		want := strings.HasSuffix(member, "Arn") || f.typ == "AWS::SecretsManager::Secret" // whose Id is its ARN
		if got := ref.ID == arn; got != want {
			t.Errorf("%s: CloudFormation identifies it by %s, we by %s", f.typ, member, ref.ID)
		}
	}
	if checked < 40 {
		t.Errorf("only %d types were checked", checked)
	}
}

func TestIdentity(t *testing.T) {
	for want, got := range map[string]*resource.Ref{
		"AWS::IAM::AccessKey|111122223333||AKIA1": Identity("AKIA1", "IAMUser", "mia", here),
		"AWS::IAM::User|111122223333||mia":        Identity("ASIA1", "IAMUser", "mia", here),
		"AWS::IAM::Role|111122223333||ops":        Identity("ASIA1", "AssumedRole", "ops", here),
	} {
		if got == nil || got.Key() != want {
			t.Errorf("%+v, want %s", got, want)
		}
	}
	for _, got := range []*resource.Ref{Identity("ASIA1", "Root", "root", here), Identity("", "IAMUser", "", here)} {
		if got != nil {
			t.Errorf("%+v can not be read again", got)
		}
	}
}

func TestOf(t *testing.T) {
	at := time.Date(2024, 9, 4, 16, 0, 0, 0, time.UTC)
	said := func() Said {
		return Said{
			Vendor: "acme", ID: "f-1", Raw: []byte(`{}`), Origin: event.Origin{Place: "q#m", Offset: -1},
			Finding: finding.Finding{By: "Bad", Title: " two\n lines ", Why: "\n why ", Account: here, Severity: finding.Low, Detected: at, Occurred: at.Add(time.Hour)},
		}
	}
	c := Of(said())
	want := source.Claim{Finding: finding.Finding{
		Fingerprint: finding.Print(finding.Imported, "acme", here, "f-1"), Kind: finding.Imported, By: "acme/Bad", Title: "two lines", Why: "why",
		Account: here, Severity: finding.Low, Occurred: at, Detected: at, Sighting: "f-1@2024-09-04T16:00:00Z",
		Resource: &resource.Ref{Type: Account, Account: here, ID: here},
		Evidence: []finding.Evidence{{Kind: "report", At: at, Text: "acme reports f-1 as of 2024-09-04T16:00:00Z, from q#m", Data: []byte(`{}`)}},
	}}
	if d := cmp.Diff(want, c); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}

	later := said()
	later.Finding.Detected, later.Finding.Severity, later.Finding.By, later.Over = at.Add(time.Minute), finding.High, "Worse", source.Archived
	again := Of(later)
	if again.Finding.Fingerprint != c.Finding.Fingerprint || again.Finding.Sighting == c.Finding.Sighting {
		t.Error("an update is not another sighting of the same finding")
	}
	if again.Finding.Note != "acme says that it is archived" {
		t.Errorf("note %q", again.Finding.Note)
	}
	for _, change := range []func(*Said){
		func(s *Said) { s.ID = "f-2" }, func(s *Said) { s.Vendor = "other" }, func(s *Said) { s.Finding.Account = there },
	} {
		s := said()
		change(&s)
		if Of(s).Finding.Fingerprint == c.Finding.Fingerprint {
			t.Errorf("%+v is taken for the same finding", s)
		}
	}
	if !c.Finding.FromRead() {
		t.Error("a finding that is reported again after it was settled would not come back")
	}
}

// FuzzRead: whatever the bytes and the questions, something is read or something is wrong, and an ARN's key reads back.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"a":{"b":[{"c":"x"}]},"t":"2024-09-04T16:59:44Z"}`), "a")
	f.Add([]byte(`[{"a":"arn:aws:s3:::orders"}]`), "a")
	f.Add([]byte(`{"a":"AWS::::Account:111122223333","A":1e5}`), "a")
	f.Fuzz(func(t *testing.T, raw []byte, name string) {
		for _, o := range append(ReadMany(raw), ReadFolded(raw)) {
			text := o.Text(name)
			o.Object(name).First(name).Need(name)
			if _, err := json.Marshal(o.Time(name)); err != nil {
				t.Error(err)
			}
			ref := Resource(Named{Kind: name, ID: text, Account: here, Region: o.Region(name)})
			if ref == nil {
				continue
			}
			if back, err := resource.ParseKey(ref.Key()); err != nil || back.Key() != ref.Key() {
				t.Errorf("%q: key %q reads as %+v, %v", text, ref.Key(), back, err)
			}
			if _, err := json.Marshal(fmt.Sprint(o.Err())); err != nil {
				t.Error(err)
			}
		}
	})
}
