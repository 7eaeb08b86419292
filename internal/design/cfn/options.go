package cfn

import (
	"io/fs"
	"strings"

	"jobzero/internal/resource"
)

// Options are what is known besides the template. The zero value knows nothing, and leaves unknown what needs it.
type Options struct {
	// Parameters are values by name; lists with commas. A value for one with NoEcho is a secret, and stays unknown.
	Parameters map[string]string
	Account    string // twelve digits
	Region     string // such as eu-central-1
	Partition  string // aws, aws-cn, aws-us-gov; follows from Region when it is empty
	StackName  string
	Assume     map[string]bool   // how conditions of the template itself go, by name, to see one way of them; what is not here is reckoned
	StackID    string            // its ARN
	Exports    map[string]string // what other stacks export, by name
	// Made tells, of a stack that is there, what Ref gives for a resource (no attribute) and what Fn::GetAtt does; nil: nothing is made yet.
	Made  func(name, attribute string) (string, bool)
	Files fs.FS // nested templates are looked for here, as seen from the template's own name; nil: none is read
}

func (o Options) partition() string {
	switch {
	case o.Partition != "" || o.Region == "":
		return o.Partition
	case strings.HasPrefix(o.Region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(o.Region, "us-gov-"):
		return "aws-us-gov"
	case strings.Contains(o.Region, "iso"), strings.HasPrefix(o.Region, "eusc-"):
		return ""
	}
	return "aws"
}

// pseudo gives a pseudo parameter; false when there is none of that name.
func (t *template) pseudo(name string) (*val, bool) {
	o, value := t.load.o, ""
	switch name {
	case "AWS::NoValue":
		return &val{kind: gone}, true
	case "AWS::AccountId":
		value = o.Account
	case "AWS::Region":
		value = o.Region
	case "AWS::Partition":
		value = o.partition()
	case "AWS::StackName":
		if t.prefix == "" { // the service gives nested stacks names of its own making
			value = o.StackName
		}
	case "AWS::URLSuffix":
		switch o.partition() {
		case "aws", "aws-us-gov":
			value = "amazonaws.com"
		case "aws-cn":
			value = "amazonaws.com.cn"
		}
	case "AWS::StackId":
		if t.prefix == "" {
			value = o.StackID
		}
	case "AWS::NotificationARNs":
	default:
		return nil, false
	}
	if value == "" {
		v := unknown(name, "%s is not given", name).certain()
		v.seen = resource.Named
		return v, true
	}
	return &val{kind: text, text: value}, true
}

// made is what a resource of a stack that is there gives: its identity, or an attribute; nil when that is not known.
func (t *template) made(name, attribute string) *val {
	if t.load.o.Made == nil {
		return nil
	}
	value, ok := t.load.o.Made(t.prefix+name, attribute)
	if !ok {
		return nil
	}
	return &val{kind: text, text: value}
}
