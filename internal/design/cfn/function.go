package cfn

import (
	"fmt"
	"strconv"
	"strings"

	"jobzero/internal/resource"
)

// function makes a function, its role, its address and what may call it.
func (m maker) function(p *val) {
	out := m.rename(p, map[string]string{"InlineCode": "Code", "CodeUri": "Code", "ImageUri": "Code", "DeadLetterQueue": "DeadLetterConfig"},
		"Role", "Policies", "AssumeRolePolicyDocument", "PermissionsBoundary", "RolePath", "Tracing", "Events", "FunctionUrlConfig")
	switch code := p.get("CodeUri"); {
	case p.get("InlineCode") != nil:
		out.set("Code", object(nil, "ZipFile", p.get("InlineCode")))
	case p.get("ImageUri") != nil:
		out.set("Code", object(nil, "ImageUri", p.get("ImageUri")))
	case code != nil && code.kind == dict:
		out.set("Code", object(code.node, "S3Bucket", code.get("Bucket"), "S3Key", code.get("Key"), "S3ObjectVersion", code.get("Version")))
	default:
		out.set("Code", late("what is packaged gets its place when it is uploaded"))
	}
	if q := p.get("DeadLetterQueue"); q != nil && q.kind == dict {
		out.set("DeadLetterConfig", object(q.node, "TargetArn", q.get("TargetArn")))
	}
	if mode := p.get("Tracing"); mode != nil {
		out.set("TracingConfig", object(mode.node, "Mode", mode))
	}
	if role := p.get("Role"); role != nil {
		out.set("Role", role)
	} else {
		out.set("Role", m.of(m.e.name+"Role", "Arn"))
	}
	m.declare(m.e.name, m.e.real, out)
	if p.get("Role") == nil {
		m.role(p, "lambda.amazonaws.com", m.functionPolicies(p))
	}
	if url := p.get("FunctionUrlConfig"); url != nil {
		m.url(url)
	}
	if events := p.get("Events"); events != nil && events.kind == dict {
		for i, name := range events.keys {
			m.event(name, events.items[i])
		}
	}
}

// functionPolicies are the managed policies that every function gets.
func (m maker) functionPolicies(p *val) []*val {
	out := []*val{m.arn(":iam::aws:policy/service-role/AWSLambdaBasicExecutionRole")}
	if mode, _ := p.get("Tracing").known(); mode == "Active" {
		out = append(out, m.arn(":iam::aws:policy/AWSXRayDaemonWriteAccess"))
	}
	if p.get("VpcConfig") != nil {
		out = append(out, m.arn(":iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"))
	}
	return out
}

// role makes the role of a function or a state machine. Documents in Policies become policies of its own, texts are managed
// policies, and the transform's own templates of policies are unknown.
func (m maker) role(p *val, service string, managed []*val) {
	trust := p.get("AssumeRolePolicyDocument")
	if trust == nil {
		trust = object(nil, "Version", str("2012-10-17"), "Statement", array(object(nil, "Effect", str("Allow"),
			"Principal", object(nil, "Service", array(str(service))), "Action", array(str("sts:AssumeRole")))))
	}
	var own []*val
	listed := []*val{}
	if given := p.get("Policies"); given != nil {
		listed = given.items
		if given.kind != list {
			listed = []*val{given}
		}
	}
	for i, one := range listed {
		switch {
		case one.kind == dict:
			document := one
			if one.get("Statement") == nil {
				document = late("the serverless transform writes it from the template " + strings.Join(one.keys, ", "))
			}
			own = append(own, object(one.node, "PolicyName", str(m.e.name+"RolePolicy"+strconv.Itoa(i)), "PolicyDocument", document))
		case one.kind == text && !strings.Contains(one.text, ":"):
			managed = append(managed, m.arn(":iam::aws:policy/"+one.text).at(one.node))
		default:
			managed = append(managed, one)
		}
	}
	out := object(m.e.key, "AssumeRolePolicyDocument", trust, "PermissionsBoundary", p.get("PermissionsBoundary"), "Path", p.get("RolePath"))
	if len(managed) > 0 {
		out.set("ManagedPolicyArns", array(managed...))
	}
	if len(own) > 0 {
		out.set("Policies", array(own...))
	}
	m.declare(m.e.name+"Role", "AWS::IAM::Role", out)
}

// url makes the address of a function, and the permission that goes with one for everybody.
func (m maker) url(config *val) {
	kind := config.get("AuthType")
	m.declare(m.e.name+"Url", "AWS::Lambda::Url", object(config.node, "TargetFunctionArn", m.of(m.e.name, "Arn"), "AuthType", kind,
		"Cors", config.get("Cors"), "InvokeMode", config.get("InvokeMode")))
	if s, ok := kind.known(); ok && s != "NONE" {
		return
	}
	more := m
	if kind != nil && kind.kind == hole && more.perhaps == "" {
		more.perhaps = "only an address without a sign-in gets it: " + kind.cause()
	}
	more.declare(m.e.name+"UrlPublicPermissions", "AWS::Lambda::Permission", object(config.node, "Action", str("lambda:InvokeFunctionUrl"),
		"FunctionName", m.of(m.e.name, ""), "Principal", str("*"), "FunctionUrlAuthType", str("NONE")))
}

// event makes what lets the source of an event call the function.
func (m maker) event(name string, v *val) {
	kind, _ := v.get("Type").known()
	p := v.get("Properties")
	if p == nil {
		p = &val{kind: dict, node: v.node}
	}
	at := m.e.name + name
	switch kind {
	case "Api", "HttpApi":
		m.permission(at, p, "apigateway.amazonaws.com", late("the ARN of the API is known when it is made"))
		m.route(at, kind, p)
	case "S3":
		m.permission(at, p, "s3.amazonaws.com", late("the ARN of the bucket is known when it is made"))
	case "SNS":
		m.permission(at, p, "sns.amazonaws.com", p.get("Topic"))
		m.declare(at, "AWS::SNS::Subscription", object(p.node, "Protocol", str("lambda"), "TopicArn", p.get("Topic"),
			"Endpoint", m.of(m.e.name, "Arn"), "FilterPolicy", p.get("FilterPolicy"), "Region", p.get("Region")))
	case "Schedule", "EventBridgeRule", "CloudWatchEvent":
		m.permission(at, p, "events.amazonaws.com", m.of(at, "Arn"))
		m.declare(at, "AWS::Events::Rule", object(p.node, "ScheduleExpression", p.get("Schedule"), "EventPattern", p.get("Pattern"),
			"EventBusName", p.get("EventBusName"), "Name", p.get("Name"), "State", p.get("State"),
			"Targets", array(object(p.node, "Arn", m.of(m.e.name, "Arn"), "Id", str(at+"LambdaTarget"), "Input", p.get("Input")))))
	case "CloudWatchLogs":
		m.permission(at, p, "logs.amazonaws.com", late("the ARN of the log group is known when it is made"))
	case "IoTRule":
		m.permission(at, p, "iot.amazonaws.com", late("the ARN of the rule is known when it is made"))
	case "SQS":
		m.mapping(at, p, p.get("Queue"))
	case "Kinesis", "DynamoDB", "MSK":
		m.mapping(at, p, p.get("Stream"))
	default:
		m.t.skip(m.e.name+".Events."+name, m.e.kind, v.node, fmt.Sprintf("what the serverless transform makes of an event of type %q is not read", kind))
	}
}

func (m maker) permission(at string, p *val, service string, source *val) {
	m.declare(at+"Permission", "AWS::Lambda::Permission", object(p.node, "Action", str("lambda:InvokeFunction"),
		"FunctionName", m.of(m.e.name, ""), "Principal", str(service), "SourceArn", source))
}

// mapping makes what reads a queue or a stream for a function.
func (m maker) mapping(at string, p, source *val) {
	rest := &val{kind: dict, node: p.node}
	for i, key := range p.keys {
		if key != "Queue" && key != "Stream" {
			rest.keys, rest.items = append(rest.keys, key), append(rest.items, p.items[i])
		}
	}
	own := object(p.node, "FunctionName", m.of(m.e.name, ""), "EventSourceArn", source)
	m.declare(at, "AWS::Lambda::EventSourceMapping", overlay(own, rest))
}

// machine makes a state machine and its role.
func (m maker) machine(p *val) {
	out := m.rename(p, map[string]string{
		"Name": "StateMachineName", "Type": "StateMachineType", "Logging": "LoggingConfiguration",
		"Tracing": "TracingConfiguration", "Role": "RoleArn", "DefinitionUri": "DefinitionS3Location",
	}, "Policies", "PermissionsBoundary", "RolePath", "AssumeRolePolicyDocument")
	if at := p.get("DefinitionUri"); at != nil && at.kind != dict {
		out.set("DefinitionS3Location", late("what is packaged gets its place when it is uploaded"))
	}
	if p.get("Role") == nil {
		out.set("RoleArn", m.of(m.e.name+"Role", "Arn"))
	}
	m.declare(m.e.name, resource.Type("AWS::StepFunctions::StateMachine"), out)
	if p.get("Role") == nil {
		m.role(p, "states.amazonaws.com", nil)
	}
}
