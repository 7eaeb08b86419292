package ocsf_test

import (
	"encoding/json"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/event"
	"jobzero/internal/event/ocsf"
	"jobzero/internal/event/ocsf/ocsftest"
)

func TestClasses(t *testing.T) {
	for _, c := range []struct {
		source, name, raw string
		readOnly          bool
		class, activity   int
	}{
		{"s3.amazonaws.com", "PutBucketPolicy", `{}`, false, 6003, 3},
		{"s3.amazonaws.com", "GetObject", `{}`, true, 6003, 2},
		{"ec2.amazonaws.com", "RunInstances", `{}`, false, 6003, 1},
		{"ec2.amazonaws.com", "TerminateInstances", `{}`, false, 6003, 4},
		{"ec2.amazonaws.com", "AuthorizeSecurityGroupIngress", `{}`, false, 6003, 3},
		{"kms.amazonaws.com", "ScheduleKeyDeletion", `{}`, false, 6003, 4},
		{"dynamodb.amazonaws.com", "BatchGetItem", `{}`, true, 6003, 2},
		{"sts.amazonaws.com", "AssumeRole", `{}`, true, 6003, 2},
		{"example.amazonaws.com", "Settle", `{}`, false, 6003, 99},
		{"signin.amazonaws.com", "ConsoleLogin", `{}`, false, 3002, 1},
		{"signin.amazonaws.com", "SwitchRole", `{}`, false, 3002, 7},
		{"signin.amazonaws.com", "GetSigninToken", `{}`, false, 6003, 2},
		{"iam.amazonaws.com", "CreateUser", `{}`, false, 3001, 1},
		{"iam.amazonaws.com", "DeactivateMFADevice", `{}`, false, 3001, 11},
		{"iam.amazonaws.com", "ListUsers", `{}`, true, 6003, 2},
		{"evil.example.com", "CreateUser", `not json`, false, 6003, 1},
	} {
		e := &event.Event{Source: c.source, Name: c.name, ReadOnly: c.readOnly, Raw: []byte(c.raw)}
		o := ocsf.Of(e).Head()
		if o.ClassUID != c.class || o.ActivityID != c.activity || o.TypeUID != int64(c.class*100+c.activity) || o.CategoryUID != c.class/1000 {
			t.Errorf("%s %s: class %d, activity %d, type %d, category %d", c.source, c.name, o.ClassUID, o.ActivityID, o.TypeUID, o.CategoryUID)
		}
	}
}

func TestOCSFWhole(t *testing.T) {
	e := &event.Event{
		ID: "e-1", Time: time.Date(2024, 8, 1, 13, 29, 57, 0, time.UTC), Account: "111122223333", Region: "us-east-1",
		Name: "DeleteTrail", Source: "cloudtrail.amazonaws.com", Type: "AwsApiCall", ErrorCode: "AccessDenied",
		SourceIP: "198.51.100.7", UserAgent: "aws-cli/2",
		Raw: []byte(`{"requestID":"r-1","requestParameters":{"name":"main"},"sharedEventID":"s-1","x.y":[1,{"z":null}],"responseElements":null}`),
		Actor: event.Actor{
			Type: "AssumedRole", ARN: "arn:aws:sts::444455556666:assumed-role/ops/eve", Account: "444455556666", PrincipalID: "AROA:eve",
			AccessKey: "ASIAEXAMPLE", IssuerARN: "arn:aws:iam::444455556666:role/ops",
		},
		Resources: []event.Resource{{ARN: "arn:aws:cloudtrail:us-east-1:111122223333:trail/main", Account: "111122223333", Type: "AWS::CloudTrail::Trail"}},
	}
	b, err := json.Marshal(ocsf.Of(e))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"activity_id":4,"activity_name":"Delete","category_uid":6,"category_name":"Application Activity","class_uid":6003,` +
		`"class_name":"API Activity","type_uid":600304,"type_name":"API Activity: Delete","time":1722518997000,"severity_id":1,"severity":"Informational",` +
		`"status_id":2,"status":"Failure","status_code":"AccessDenied","metadata":{"uid":"e-1","version":"1.8.0","event_code":"AwsApiCall",` +
		`"log_name":"aws/cloudtrail","log_provider":"AWS","profiles":["cloud"],"product":{"name":"CloudTrail","vendor_name":"AWS"}},` +
		`"cloud":{"provider":"AWS","region":"us-east-1","account":{"uid":"111122223333","type":"AWS Account","type_id":10}},` +
		`"unmapped":{"sharedEventID":"s-1","x.y":[1,{"z":null}]},` +
		`"actor":{"user":{"type":"User","type_id":1,"name":"arn:aws:sts::444455556666:assumed-role/ops/eve",` +
		`"uid":"arn:aws:sts::444455556666:assumed-role/ops/eve","uid_alt":"AROA:eve","credential_uid":"ASIAEXAMPLE",` +
		`"account":{"uid":"444455556666","type":"AWS Account","type_id":10}},"session":{"issuer":"arn:aws:iam::444455556666:role/ops"}},` +
		`"api":{"operation":"DeleteTrail","service":{"name":"cloudtrail.amazonaws.com"},"request":{"uid":"r-1","data":{"name":"main"}},` +
		`"response":{"error":"AccessDenied"}},"src_endpoint":{"ip":"198.51.100.7"},"http_request":{"user_agent":"aws-cli/2"},` +
		`"resources":[{"uid":"arn:aws:cloudtrail:us-east-1:111122223333:trail/main","type":"AWS::CloudTrail::Trail",` +
		`"owner":{"type":"Unknown","type_id":0,"account":{"uid":"111122223333","type":"AWS Account","type_id":10}}}]}`
	if d := cmp.Diff(want, string(b)); d != "" {
		t.Errorf("OCSF (-want +got):\n%s", d)
	}
}

func TestSignInStatus(t *testing.T) {
	for raw, want := range map[string]string{
		`{"responseElements":{"ConsoleLogin":"Success"},"additionalEventData":{"MFAUsed":"Yes"}}`: "Success true",
		`{"responseElements":{"ConsoleLogin":"Failure"},"additionalEventData":{"MFAUsed":"No"}}`:  "Failure false",
		`{"responseElements":null}`:  "Unknown nil",
		`{"responseElements":[1,2]}`: "Unknown nil",
	} {
		o, ok := ocsf.Of(&event.Event{Source: "signin.amazonaws.com", Name: "ConsoleLogin", Raw: []byte(raw)}).(*ocsf.Authentication)
		if !ok {
			t.Fatalf("%s: no sign-in", raw)
		}
		mfa := "nil"
		if o.IsMFA != nil {
			mfa = strconv.FormatBool(*o.IsMFA)
		}
		if got := o.Status + " " + mfa; got != want || o.User == nil || o.Service == nil {
			t.Errorf("%s: %s, want %s", raw, got, want)
		}
	}
}

func TestAccountChangeNamesWhoIsChanged(t *testing.T) {
	e := &event.Event{Source: "iam.amazonaws.com", Name: "AttachRolePolicy", Account: "111122223333", Actor: event.Actor{UserName: "alice"}, Raw: []byte(`{"requestParameters":{"roleName":"ops"}}`)}
	if o, ok := ocsf.Of(e).(*ocsf.AccountChange); !ok || o.User.Name != "ops" || o.Actor.User.Name != "alice" {
		t.Errorf("user %+v, actor %+v", o.User, o.Actor.User)
	}
	self := &event.Event{Source: "iam.amazonaws.com", Name: "ChangePassword", Actor: event.Actor{UserName: "alice"}, Raw: []byte(`{"requestParameters":null}`)}
	if o, ok := ocsf.Of(self).(*ocsf.AccountChange); !ok || o.User.Name != "alice" {
		t.Errorf("user %+v", o.User)
	}
}

// log is a record of every kind of log, as AWS documents its fields.
func logs() map[string]*event.Event {
	at := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	of := func(l event.Log, raw string) *event.Event {
		return &event.Event{ID: "e-1", Log: l, Time: at, Account: "111122223333", Region: "eu-central-1", Raw: []byte(raw)}
	}
	return map[string]*event.Event{
		"flow": of(event.VPCFlow, `{"version":"8","account-id":"111122223333","interface-id":"eni-1","srcaddr":"198.51.100.7","dstaddr":"203.0.113.9","srcport":"4711","dstport":"443",`+
			`"protocol":"6","packets":"10","bytes":"840","start":"1772600760","end":"1772600820","action":"REJECT","log-status":"OK","vpc-id":"vpc-1","subnet-id":"subnet-1",`+
			`"instance-id":"i-1","tcp-flags":"2","type":"IPv4","pkt-srcaddr":"198.51.100.8","pkt-dstaddr":"203.0.113.9","region":"eu-central-1","az-id":"euc1-az1",`+
			`"sublocation-type":"-","flow-direction":"ingress","traffic-path":"8","ecs-task-id":"t-1"}`),
		"flow without a direction": of(event.VPCFlow, `{"version":2,"interface-id":"eni-1","srcaddr":"2001:db8::1","dstaddr":"2001:db8::2","protocol":58,"srcport":0,"action":"ACCEPT","log-status":"OK"}`),
		"flow without data":        of(event.VPCFlow, `{"version":"2","interface-id":"eni-1","srcaddr":"-","dstaddr":"-","srcport":"-","action":"-","log-status":"NODATA","start":"1772600760"}`),
		"resolver": of(event.Resolver, `{"version":"1.100000","account_id":"111122223333","region":"eu-central-1","vpc_id":"vpc-1","query_timestamp":"2026-03-04T05:06:07Z",`+
			`"query_name":"example.com.","query_type":"A","query_class":"IN","rcode":"NXDOMAIN","answers":[{"Rdata":"203.0.113.9","Type":"A","Class":"IN"}],"srcaddr":"198.51.100.7",`+
			`"srcport":"4711","transport":"UDP","srcids":{"instance":"i-1","resolver_endpoint":"rslvr-1"},"firewall_rule_action":"BLOCK","firewall_rule_group_id":"rslvr-frg-1","firewall_domain_list_id":"d-1"}`),
		"alb": of(event.LoadBalancer, `{"type":"https","time":"2026-03-04T05:06:07.000000Z","elb":"app/shop/1","client:port":"198.51.100.7:4711","target:port":"203.0.113.9:80",`+
			`"request_processing_time":"0.001","target_processing_time":"0.200","response_processing_time":"-1","elb_status_code":"200","target_status_code":"200","received_bytes":"34","sent_bytes":"366",`+
			`"request":"GET https://www.example.com:443/a?b=c HTTP/1.1","user_agent":"curl/8","ssl_cipher":"ECDHE-RSA-AES128-GCM-SHA256","ssl_protocol":"TLSv1.2","target_group_arn":"arn:aws:x",`+
			`"trace_id":"Root=1","domain_name":"www.example.com","chosen_cert_arn":"arn:aws:acm:y","matched_rule_priority":"1","classification":"Ambiguous","classification_reason":"UndefinedContentLengthSemantics"}`),
		"alb with a strange request": of(event.LoadBalancer, `{"elb":"app/shop/1","client:port":"[2001:db8::1]:4711","target:port":"-","elb_status_code":"400","request":"- http://www.example.com:80- -"}`),
		"s3": of(event.S3Access, `{"Bucket Owner":"79a5","Bucket":"shop","Time":"04/Mar/2026:05:06:07 +0000","Remote IP":"198.51.100.7","Requester":"arn:aws:iam::111122223333:user/mia","Request ID":"3E57",`+
			`"Operation":"REST.GET.OBJECT","Key":"a.txt","Request-URI":"GET /shop/a.txt?x=1 HTTP/1.1","HTTP status":"403","Error Code":"AccessDenied","Bytes Sent":"243","Object Size":"-","Total Time":"7",`+
			`"Turn-Around Time":"-","Referer":"-","User-Agent":"S3Console/0.4","Version Id":"-","Host Id":"h=","Signature Version":"SigV4","Cipher Suite":"ECDHE-RSA-AES128-SHA","Authentication Type":"AuthHeader",`+
			`"Host Header":"shop.s3.eu-central-1.amazonaws.com","TLS version":"TLSv1.2"}`),
		"cloudfront": of(event.CloudFront, `{"date":"2026-03-04","time":"05:06:07","x-edge-location":"FRA50-C1","sc-bytes":"392","c-ip":"2001:db8::1","cs-method":"GET","cs(Host)":"d1.cloudfront.net","cs-uri-stem":"/a",`+
			`"sc-status":"200","cs(Referer)":"-","cs(User-Agent)":"curl/8","cs-uri-query":"q=1","cs(Cookie)":"-","x-edge-result-type":"Hit","x-edge-request-id":"r-1","x-host-header":"www.example.com","cs-protocol":"https",`+
			`"cs-bytes":"23","time-taken":"0.021","x-forwarded-for":"198.51.100.7, 203.0.113.9","ssl-protocol":"TLSv1.3","ssl-cipher":"TLS_AES_128_GCM_SHA256","cs-protocol-version":"HTTP/2.0","c-port":"4711","c-country":"DE"}`),
		"gateway": of(event.APIGateway, `{"requestId":"r-1","ip":"198.51.100.7","requestTime":"04/Mar/2026:05:06:07 +0000","httpMethod":"BREW","routeKey":"$default","status":"418","protocol":"HTTP/1.1","responseLength":"9","path":"/a","user":"mia"}`),
		"waf": of(event.WAF, `{"timestamp":1772600767000,"formatVersion":1,"webaclId":"arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/w/1","terminatingRuleId":"r-1","terminatingRuleType":"REGULAR","action":"BLOCK",`+
			`"httpSourceName":"ALB","httpSourceId":"app/shop/1","ruleGroupList":[],"httpRequest":{"clientIp":"198.51.100.7","country":"DE","headers":[{"name":"User-Agent","value":"curl/8"},{"name":"X","value":"-"}],`+
			`"uri":"/a","args":"b=c","httpVersion":"HTTP/1.1","httpMethod":"GET","requestId":"r-1"},"labels":[{"name":"a:b"}],"responseCodeSent":403}`),
		"eks": of(event.EKSAudit, `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Request","auditID":"a-1","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/shop/pods/p?x=1","verb":"delete",`+
			`"user":{"username":"system:serviceaccount:shop:runner","uid":"u-1","groups":["system:authenticated"],"extra":{"a":["b"]}},"sourceIPs":["198.51.100.7","203.0.113.9"],"userAgent":"kubectl/1.30",`+
			`"objectRef":{"resource":"pods","namespace":"shop","name":"p","apiGroup":"","apiVersion":"v1","subresource":"exec"},"responseStatus":{"metadata":{},"code":403,"reason":"Forbidden","message":"no"},`+
			`"requestReceivedTimestamp":"2026-03-04T05:06:07.000000Z","annotations":{"authorization.k8s.io/decision":"forbid"}}`),
		"trail":   of(event.CloudTrail, `{"eventVersion":"1.11","userIdentity":{"type":"AssumedRole","inScopeOf":{"a":"b"},"sessionContext":{"attributes":{"mfaAuthenticated":"true","creationDate":"2026-03-04T05:00:00Z"}}},"readOnly":false}`),
		"nothing": of(event.WAF, `{}`), "no JSON": of(event.VPCFlow, `2 - -`), "no trail": of(event.CloudTrail, ``),
		"no resolver": of(event.Resolver, `{"answers":{"Rdata":1},"srcids":[],"srcport":"99999"}`), "no audit": of(event.EKSAudit, `{"sourceIPs":["x"],"objectRef":{"resource":"pods"}}`),
	}
}

// TestEveryLogFollowsTheSchema holds the view of every log against OCSF's own files.
func TestEveryLogFollowsTheSchema(t *testing.T) {
	s := ocsftest.Load(t)
	for name, e := range logs() {
		v := ocsf.Of(e)
		for _, w := range s.Wrong(s.Decode(v)) {
			t.Errorf("%s: %s", name, w)
		}
		ocsf.Keep(v, e)
		if v.Head().RawData != string(e.Raw) {
			t.Errorf("%s: raw data is %q", name, v.Head().RawData)
		}
	}
}

// TestActivitiesFollowTheSchema holds every activity of IAM and of sign-ins against OCSF's own files.
func TestActivitiesFollowTheSchema(t *testing.T) {
	s := ocsftest.Load(t)
	for source, names := range map[string][]string{
		"s3.amazonaws.com":     {"PutObject", "GetObject", "CreateBucket", "DeleteBucket", "Settle"},
		"signin.amazonaws.com": {"ConsoleLogin", "ExitRole"},
		"iam.amazonaws.com": {
			"CreateUser", "CreateLoginProfile", "ChangePassword", "UpdateLoginProfile", "DeleteLoginProfile", "DeleteUser", "AttachUserPolicy",
			"DetachUserPolicy", "EnableMFADevice", "DeactivateMFADevice",
		},
	} {
		for _, name := range names {
			for _, w := range s.Wrong(s.Decode(ocsf.Of(&event.Event{Source: source, Name: name, Raw: []byte(`{}`)}))) {
				t.Errorf("%s: %s", name, w)
			}
		}
	}
}
