package cfn

// Names of the APIs that the transform makes when events name none.
const (
	implicitREST = "ServerlessRestApi"
	implicitHTTP = "ServerlessHttpApi"
)

// restAPI makes an API and its stage.
func (m maker) restAPI(p *val) {
	out := m.rename(p, map[string]string{"DefinitionBody": "Body"}, "StageName", "AccessLogSetting", "MethodSettings", "TracingEnabled",
		"CacheClusterEnabled", "CacheClusterSize", "CanarySetting", "Variables", "EndpointConfiguration", "Auth", "DefinitionUri", "Tags")
	m.definition(p, out)
	switch e := p.get("EndpointConfiguration"); {
	case e != nil && e.kind == dict:
		types := e.get("Type")
		if types != nil {
			types = array(types)
		}
		out.set("EndpointConfiguration", object(e.node, "Types", types, "VpcEndpointIds", e.get("VPCEndpointIds")))
	case e != nil && e.kind != hole:
		out.set("EndpointConfiguration", object(e.node, "Types", array(e)))
	case e != nil:
		out.set("EndpointConfiguration", e)
	}
	if auth := p.get("Auth"); auth != nil {
		m.left("Auth", auth)
		if auth.kind == hole || auth.get("ResourcePolicy") != nil {
			out.set("Policy", late("the serverless transform writes it from Auth.ResourcePolicy"))
		}
	}
	tags := p.get("Tags")
	if tags != nil {
		out.set("Tags", asTags(tags))
	}
	m.declare(m.e.name, m.e.real, out)
	stage := object(m.e.key, "RestApiId", m.of(m.e.name, ""), "StageName", p.get("StageName"))
	for _, key := range []string{"AccessLogSetting", "MethodSettings", "TracingEnabled", "CacheClusterEnabled", "CacheClusterSize", "CanarySetting", "Variables"} {
		if v := p.get(key); v != nil {
			stage.set(key, v)
		}
	}
	if tags != nil {
		stage.set("Tags", asTags(tags))
	}
	m.declare(m.e.name+"Stage", "AWS::ApiGateway::Stage", stage)
}

// definition is the text of an API that lies in a file of its own, or that the transform writes from events.
func (m maker) definition(p, out *val) {
	if p.get("DefinitionBody") != nil {
		return
	}
	why := "the serverless transform writes it from the events of functions"
	if p.get("DefinitionUri") != nil {
		why = "it is in a file that is uploaded"
	}
	out.set("Body", late(why))
}

func asTags(v *val) *val {
	if v.kind != dict {
		return v
	}
	out := &val{kind: list, node: v.node}
	for i, key := range v.keys {
		out.items = append(out.items, object(v.items[i].node, "Key", str(key), "Value", v.items[i]))
	}
	return out
}

// httpAPI makes an API of the second kind and its stage.
func (m maker) httpAPI(p *val) {
	out := m.rename(p, map[string]string{"DefinitionBody": "Body"}, "StageName", "AccessLogSettings", "DefaultRouteSettings",
		"RouteSettings", "StageVariables", "Auth", "DefinitionUri")
	m.definition(p, out)
	if auth := p.get("Auth"); auth != nil {
		m.left("Auth", auth)
	}
	m.declare(m.e.name, m.e.real, out)
	stage := object(m.e.key, "ApiId", m.of(m.e.name, ""), "AutoDeploy", &val{kind: truth, text: "true"}, "StageName", p.get("StageName"), "Tags", p.get("Tags"))
	if p.get("StageName") == nil {
		stage.set("StageName", str("$default"))
	}
	for _, key := range []string{"AccessLogSettings", "DefaultRouteSettings", "RouteSettings", "StageVariables"} {
		if v := p.get(key); v != nil {
			stage.set(key, v)
		}
	}
	m.declare(m.e.name+"Stage", "AWS::ApiGatewayV2::Stage", stage)
}

// route notes that an event needs an API of the transform's own, and names the route, which the API's text would have.
func (m maker) route(at, kind string, p *val) {
	given, implicit := p.get("RestApiId"), implicitREST
	if kind == "HttpApi" {
		given, implicit = p.get("ApiId"), implicitHTTP
	}
	if api := m.t.implicit[implicit]; given == nil && (api.e == nil || m.perhaps == "") {
		m.t.implicit[implicit] = maker{t: m.t, e: &entry{name: implicit, key: m.e.key, node: m.e.node}, perhaps: m.perhaps}
	}
	m.t.skip(at, m.e.kind, p.node, "the route and who may use it are in the text of the API, which the serverless transform writes")
}

// implicitAPI makes the APIs that events need and nobody declares, with the stages that the transform gives them.
func (t *template) implicitAPI() {
	for _, kind := range []struct{ name, as, stage string }{
		{implicitREST, "AWS::Serverless::Api", "Prod"}, {implicitHTTP, "AWS::Serverless::HttpApi", "$default"},
	} {
		m := t.implicit[kind.name]
		if m.e == nil || t.entries[kind.name] != nil {
			continue
		}
		m.e.kind, m.e.real = kind.as, serverlessTypes[kind.as]
		p := m.globals(&val{kind: dict, node: m.e.key})
		p.set("StageName", str(kind.stage))
		if kind.name == implicitREST {
			m.restAPI(p)
		} else {
			m.httpAPI(p)
		}
	}
}

// table makes a table with one key.
func (m maker) table(p *val) {
	out := m.rename(p, nil, "PrimaryKey")
	name, kind := str("id"), str("S")
	if key := p.get("PrimaryKey"); key != nil && key.kind == dict {
		if v := key.get("Name"); v != nil {
			name = v
		}
		switch s, ok := key.get("Type").known(); {
		case s == "Number":
			kind = str("N")
		case s == "Binary":
			kind = str("B")
		case !ok && key.get("Type") != nil:
			kind = key.get("Type")
		}
	}
	out.set("AttributeDefinitions", array(object(nil, "AttributeName", name, "AttributeType", kind)))
	out.set("KeySchema", array(object(nil, "AttributeName", name, "KeyType", str("HASH"))))
	if p.get("ProvisionedThroughput") == nil {
		out.set("BillingMode", str("PAY_PER_REQUEST"))
	}
	m.declare(m.e.name, m.e.real, out)
}
