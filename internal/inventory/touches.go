package inventory

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"jobzero/internal/event"
	"jobzero/internal/resource"
)

//go:embed touches.txt
var touchesText string

// row is a line of the table: where calls name what they touch.
type row struct {
	typ   resource.Type
	paths [][]part // each one identifier, of one part or more
}

// part is where a part of an identifier stands, and what of it is taken.
type part struct {
	path  []string // nil: the account itself
	holds string   // what has to be in it
	take  string   // last, function or nothing
}

// rows is the table by event source and call, so that an event costs one look.
var rows = sync.OnceValue(func() map[[2]string][]row {
	t, err := parseTouches(touchesText)
	if err != nil {
		panic(fmt.Errorf("the table of touches: %w", err)) // it is part of the program, and a test reads all of it
	}
	return t
})

func parseTouches(text string) (map[[2]string][]row, error) {
	out := map[[2]string][]row{}
	for i, line := range strings.Split(text, "\n") {
		f := strings.Fields(line)
		if len(f) == 0 || f[0] == "#" {
			continue
		}
		if len(f) < 4 || strings.Count(f[2], "::") != 2 {
			return nil, fmt.Errorf("line %d: want SOURCE CALL,CALL… TYPE PATH…", i+1)
		}
		r := row{typ: resource.Type(f[2])}
		for _, text := range f[3:] {
			var parts []part
			for _, p := range strings.Split(text, "+") {
				one, err := parsePart(p)
				if err != nil {
					return nil, fmt.Errorf("line %d: %w", i+1, err)
				}
				parts = append(parts, one)
			}
			r.paths = append(r.paths, parts)
		}
		for _, call := range strings.Split(f[1], ",") {
			key := [2]string{f[0] + ".amazonaws.com", call}
			out[key] = append(out[key], r)
		}
	}
	return out, nil
}

func parsePart(text string) (part, error) {
	if text == "account" {
		return part{}, nil
	}
	text, take, _ := strings.Cut(text, "@")
	text, holds, _ := strings.Cut(text, "~")
	top, _, deep := strings.Cut(text, ".")
	if !deep || (top != "requestParameters" && top != "responseElements") || (take != "" && take != "last" && take != "function") {
		return part{}, fmt.Errorf("%q: want account, or a path of requestParameters or responseElements with ~TEXT, @last or @function", text)
	}
	return part{path: strings.Split(text, "."), holds: holds, take: take}, nil
}

// idForm is what an identifier of the table's types may look like, and idForms what those of some types have to: anything else is
// not ours to read.
var (
	idForm  = regexp.MustCompile(`^[\w/][\w+=,.@/:$-]*(\|[\w/][\w+=,.@/:$-]*){0,5}$`)
	idForms = map[resource.Type]*regexp.Regexp{
		resource.Key:           regexp.MustCompile(`^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$`),
		resource.ManagedPolicy: regexp.MustCompile(`^arn:aws[a-z-]*:iam::[0-9]{12}:policy/[\w+=,.@/-]{1,512}$`), // not AWS's own
		resource.Role:          regexp.MustCompile(`^[\w+=,.@-]{1,64}$`),
		resource.User:          regexp.MustCompile(`^[\w+=,.@-]{1,64}$`),
		resource.OrgAccount:    account,
		resource.Regions:       account,
		resource.InstanceScan:  regexp.MustCompile(`^i-[0-9a-f]{8,32}$`),
		resource.SnapshotShare: regexp.MustCompile(`^snap-[0-9a-f]{8,32}$`),
		resource.ImageShare:    regexp.MustCompile(`^ami-[0-9a-f]{8,32}$`),
		"AWS::EC2::Instance":   regexp.MustCompile(`^i-[0-9a-f]{8,32}$`),
		"AWS::EC2::Volume":     regexp.MustCompile(`^vol-[0-9a-f]{8,32}$`),
		"AWS::EC2::VPC":        regexp.MustCompile(`^vpc-[0-9a-f]{8,32}$`),
		"AWS::EC2::Subnet":     regexp.MustCompile(`^subnet-[0-9a-f]{8,32}$`),
	}
)

// longest is how long an identifier may be: the longest ARN that AWS makes, twice over in those of several parts.
const longest = 2 * 2048

// rowRefs gives what the table says that an event touched.
func rowRefs(e *event.Event) []resource.Ref {
	list := rows()[[2]string{e.Source, e.Name}]
	if len(list) == 0 {
		return nil
	}
	fields, err := e.Fields()
	if err != nil {
		return nil
	}
	var out []resource.Ref
	for _, r := range list {
		form := idForms[r.typ]
		if form == nil {
			form = idForm
		}
		for _, parts := range r.paths {
			for _, id := range identifiers(e, fields, parts) {
				if len(id) > longest || !form.MatchString(id) {
					continue
				}
				ref := resource.Ref{Type: r.typ, Account: e.Account, ID: id}
				if !r.typ.Global() {
					ref.Region = e.Region
				}
				out = append(out, ref)
			}
		}
	}
	return out
}

// identifiers gives what stands at a path, or one identifier of several parts, which is none when a part is missing.
func identifiers(e *event.Event, fields map[string]any, parts []part) []string {
	if len(parts) == 1 {
		return parts[0].values(e, fields)
	}
	var all []string
	for _, p := range parts {
		v := p.values(e, fields)
		if len(v) != 1 {
			return nil
		}
		all = append(all, v[0])
	}
	return []string{strings.Join(all, "|")}
}

func (p part) values(e *event.Event, fields map[string]any) []string {
	if p.path == nil {
		return []string{e.Account}
	}
	var out []string
	for _, v := range dig(fields, p.path) {
		if strings.Contains(v, p.holds) {
			out = append(out, taken(v, p.take))
		}
	}
	return out
}

func taken(v, take string) string {
	switch take {
	case "last":
		return v[strings.LastIndexAny(v, "/:")+1:]
	case "function":
		if _, after, ok := strings.Cut(v, ":function:"); ok { // an ARN, or ACCOUNT:function:NAME
			v = after
		}
		name, _, _ := strings.Cut(v, ":")
		return name
	}
	return v
}
