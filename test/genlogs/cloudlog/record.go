package cloudlog

import (
	"cmp"
	"strconv"
	"time"
)

// record writes the record of an operation, its members in AWS's order.
func (o *operation) record(m *moment) []byte {
	m.know("service", o.service)
	m.know("prefix", o.prefix)
	m.know("operation", o.name)
	w := &writer{m: m, out: make([]byte, 0, 2048)}
	w.text(`{"eventVersion":"`, o.version, `","userIdentity":`, m.session.identity)
	if o.via != "" {
		w.text(`,"invokedBy":"`, o.via, `"`)
	}
	w.text(`},"eventTime":"`, m.at.Format(time.RFC3339), `","eventSource":"`, o.service, `.amazonaws.com","eventName":"`, o.name, `","awsRegion":"`, m.name("region"),
		`","sourceIPAddress":"`, cmp.Or(o.via, m.name("address")), `","userAgent":"`, cmp.Or(o.via, o.agent(m)), `"`)
	o.body(w)
	w.text(`,"eventID":"`)
	w.out = appendUUID(w.out, m.rng)
	w.text(`","readOnly":`, strconv.FormatBool(o.is(read)))
	w.member("resources", o.resources)
	w.text(`,"eventType":"`, o.eventType(), `","managementEvent":`, strconv.FormatBool(!o.is(data)), `,"recipientAccountId":"`, m.name("account"), `"`)
	w.out = o.members.expand(&m.scene, w.out)
	o.foot(w)
	return append(w.out, '}')
}

// agent is the user agent; S3 puts it in brackets.
func (o *operation) agent(m *moment) string {
	if o.service == "s3" && !m.session.actor.part.amazon {
		return "[" + m.name("agent") + "]"
	}
	return m.name("agent")
}

// body writes what was asked and answered.
func (o *operation) body(w *writer) {
	end := o.end(w.m)
	if end.code != "" {
		w.text(`,"errorCode":"`, end.code, `"`)
	}
	if end.message != "" {
		w.text(`,"errorMessage":"`, end.message, `"`)
	}
	if end.silent {
		w.text(`,"requestParameters":null`)
	} else {
		w.member("requestParameters", o.request)
	}
	if end.code != "" {
		w.text(`,"responseElements":null`)
	} else {
		w.member("responseElements", o.response)
	}
	w.member("additionalEventData", o.extra)
	if !o.is(signIn) && !o.is(byItself) {
		w.text(`,"requestID":"`)
		w.out = o.requestID.expand(&w.m.scene, w.out)
		w.text(`"`)
	}
}

// foot writes where the call came in.
func (o *operation) foot(w *writer) {
	part := w.m.session.actor.part
	direct := o.via == "" && !part.amazon
	if endpoint, _ := w.m.find("through"); endpoint != "" && direct {
		w.text(`,"vpcEndpointId":"`, endpoint, `","vpcEndpointAccountId":"`, w.m.name("account"), `"`)
	}
	category := "Management"
	if o.is(data) {
		category = "Data"
	}
	w.text(`,"eventCategory":"`, category, `"`)
	if direct && !o.unsaid {
		w.text(`,"tlsDetails":{`, w.m.name("tls"), `,"clientProvidedHostHeader":"`)
		w.out = o.host.expand(&w.m.scene, w.out)
		w.text(`"}`)
	}
	if part.console && direct && !o.is(signIn) {
		w.text(`,"sessionCredentialFromConsole":"true"`)
	}
}

func (o *operation) eventType() string {
	switch {
	case o.is(signIn):
		return "AwsConsoleSignIn"
	case o.is(byItself):
		return "AwsServiceEvent"
	}
	return "AwsApiCall"
}

// writer appends to a record.
type writer struct {
	m   *moment
	out []byte
}

func (w *writer) text(parts ...string) {
	for _, p := range parts {
		w.out = append(w.out, p...)
	}
}

// member writes a member with a comma before it, or nothing where there is none.
func (w *writer) member(name string, value template) {
	if len(value) > 0 {
		w.text(`,"`, name, `":`)
		w.out = value.expand(&w.m.scene, w.out)
	}
}
