package vpcflow

import (
	"slices"
	"strings"

	"jobzero/internal/fault"
	"jobzero/internal/source/line"
)

// The fields by the version of the log in which they came, by
// https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html. Those with # are those whose type in Parquet is INT_32 or
// INT_64 there. Versions 2 to 5 and 7 were held against the table of that page, name by name and type by type, in a copy of it that
// ends with version 7; no field of version 6 stands in it. The fields of versions 8, 9 and 10 could not be confirmed; nothing depends
// on them but the resource that a flow is about. Names that are not here are read as texts, so that the next version is read too.
const (
	version2  = "version# account-id interface-id srcaddr dstaddr srcport# dstport# protocol# packets# bytes# start# end# action log-status"
	version3  = " vpc-id subnet-id instance-id tcp-flags# type pkt-srcaddr pkt-dstaddr"
	version4  = " region az-id sublocation-type sublocation-id"
	version5  = " pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path#"
	version7  = " ecs-cluster-arn ecs-cluster-name ecs-container-instance-arn ecs-container-instance-id ecs-container-id ecs-second-container-id ecs-service-name ecs-task-definition-arn ecs-task-arn ecs-task-id"
	version8  = " reject-reason"
	version9  = " resource-id"
	version10 = " encryption-status"
)

// Format is the fields of a line, in order.
type Format []line.Field

// Default is the format of flow logs for which none was made: version 2.
func Default() Format { return line.Fields(version2) }

// known are all fields that have a meaning here.
func known() []line.Field {
	return line.Fields(version2 + version3 + version4 + version5 + version7 + version8 + version9 + version10)
}

// ParseFormat reads a format as people give it to AWS ("${version} ${vpc-id} …") or as it stands in the first line of an object
// ("version vpc-id …"). Errors are fault.Invalid.
func ParseFormat(text string) (Format, error) {
	all := known()
	var out Format
	for word := range strings.FieldsSeq(text) {
		name := strings.TrimSuffix(strings.TrimPrefix(word, "${"), "}")
		if !isName(name) {
			return nil, fault.New(fault.Invalid, "%.40q is no field of a flow log: want names such as ${srcaddr}, with spaces between them", word)
		}
		f := line.Field{Name: name}
		if i := slices.IndexFunc(all, func(k line.Field) bool { return k.Name == name }); i >= 0 {
			f = all[i]
		}
		if slices.ContainsFunc(out, func(o line.Field) bool { return o.Name == name }) {
			return nil, fault.New(fault.Invalid, "the field %s stands in the format twice", name)
		}
		out = append(out, f)
	}
	if out.at("start") < 0 && out.at("end") < 0 {
		return nil, fault.New(fault.Invalid, "the format has neither start nor end, so the time of a flow is not known: add one of them to the flow log")
	}
	return out, nil
}

// IsHeader reports whether a line names fields: nothing but names, and among them two that formats have, one of which is no word
// of any language.
func IsHeader(text string) bool {
	names, words := 0, 0
	for word := range strings.FieldsSeq(text) {
		if !isName(word) {
			return false
		}
		switch word {
		case "account-id", "interface-id", "srcaddr", "dstaddr", "log-status", "vpc-id":
			names++
		case "version", "start", "end", "action":
			words++
		}
	}
	return names >= 1 && names+words >= 2
}

// isName is what the name of a field looks like: words in small letters with hyphens between them.
func isName(s string) bool {
	for i := range len(s) {
		if c := s[i]; c != '-' && (c < 'a' || c > 'z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != "" && s[0] != '-' && len(s) < 64
}

// at is where a field stands in a line, -1 when it does not.
func (f Format) at(name string) int {
	return slices.IndexFunc(f, func(x line.Field) bool { return x.Name == name })
}
