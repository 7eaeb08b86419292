package trail

import (
	"regexp"
	"strings"

	"jobzero/internal/policy/names"
)

// dated is the date of an API's version behind a name, such as CreateFunction20150331v2 and CreateDistribution2020_05_31.
var dated = regexp.MustCompile(`(20\d{6}(v\d+)?|20\d\d_\d\d_\d\d)$`)

// verbs are how API Gateway's events become the methods that its actions are named after
// (docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html).
var verbs = []struct{ begin, action string }{
	{"Get", "GET"},
	{"Create", "POST"},
	{"Test", "POST"},
	{"Update", "PATCH"},
	{"Delete", "DELETE"},
	{"Flush", "DELETE"},
	{"Put", "PUT"},
	{"Reimport", "PUT"},
	{"Import", "POST"},
	{"Tag", "PUT"},
	{"Untag", "DELETE"},
	{"Generate", "POST"},
}

// actionsOf gives the IAM actions that an event asks for. known is false when the name is not in the table of names: then it is
// taken as it stands. Nothing at all: no policy decides it.
func actionsOf(source, event string) (list []string, known bool) {
	prefix, name := prefixOf(source), dated.ReplaceAllString(event, "")
	if to, ok := loaded().calls[strings.ToLower(prefix+":"+name)]; ok {
		if to[0] == "-" {
			return nil, true
		}
		return to, true
	}
	if prefix == "apigateway" {
		for _, v := range verbs {
			if strings.HasPrefix(name, v.begin) {
				return []string{"apigateway:" + v.action}, true
			}
		}
	}
	action := prefix + ":" + name
	if a, ok := names.Find(action); ok {
		return []string{a.Name}, true
	}
	return []string{action}, false
}

func prefixOf(source string) string {
	if p, ok := loaded().sources[source]; ok {
		return p
	}
	p, _, _ := strings.Cut(source, ".")
	return p
}
