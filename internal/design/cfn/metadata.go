package cfn

import "jobzero/internal/resource/relation"

// authentication adds what the metadata of the last resource says of how a machine signs in where it fetches files. CloudFormation
// shows metadata to whoever may look at the stack, values of NoEcho parameters too, and resolves no dynamic references in it.
// The source is docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-authentication.html.
func (m maker) authentication() {
	const name = "authentication"
	n := m.e.node.Get("Metadata").Get("AWS::CloudFormation::Authentication")
	if _, _, ok := relation.Named(m.e.real, name); n == nil || !ok {
		return
	}
	t := m.t
	d := &t.load.out.Resources[len(t.load.out.Resources)-1]
	s := &settler{t: t, name: d.Name}
	t.within(m.e, func() {
		if made, ok := s.settle(t.eval(n), nil, &step{up: &step{name: "related"}, name: name}).(map[string]any); ok {
			d.Related = map[string]any{name: made}
		}
	})
	d.Unknown = append(d.Unknown, s.unknown...)
}
