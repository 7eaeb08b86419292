package baseline

import (
	"slices"
	"strings"
)

// agent is the family of a client: its products without versions, and the system that it runs on, such as
// "Boto3 Python on linux". Parts that are made up for each run are left out. It is empty when AWS itself is the client.
func agent(text string) string {
	text = strings.Trim(text, "[]")
	if text == "" || text == "AWS Internal" || strings.HasSuffix(text, ".amazonaws.com") {
		return ""
	}
	var words []string
	if strings.HasPrefix(text, "Mozilla/") {
		words = append(words, browser(text))
	} else {
		words = products(text)
	}
	lower := strings.ToLower(text)
	for _, system := range systems {
		if strings.Contains(lower, system) {
			words = append(words, "on "+system)
			break
		}
	}
	for _, flavour := range []string{"kali", "parrot", "pentoo"} { // systems that are made for attacks
		if strings.Contains(lower, flavour) {
			words = append(words, flavour)
		}
	}
	return cut(strings.Join(words, " "))
}

// systems are looked for in this order: Android says that it is Linux too.
var systems = []string{"windows", "macintosh", "darwin", "macos", "android", "linux"}

// details are words before slashes that AWS's SDKs put into their user agent and that are no products.
var details = []string{"ua", "os", "md", "lang", "api", "exec-env", "cfg", "ft", "m", "app", "business-metrics", "linux", "darwin", "windows", "macos"}

// browser is the name of a browser; all claim to be others too, the last of this list least.
func browser(text string) string {
	for _, b := range []string{"Edg", "OPR", "Firefox", "Chrome", "Safari"} {
		if strings.Contains(text, b+"/") {
			return b
		}
	}
	return "Mozilla"
}

// mostProducts is how many products of a client count: those that come later are what the first ones are built on.
const mostProducts = 3

// products are the words before slashes, as RFC 9110 10.1.5 has it.
func products(text string) (words []string) {
	depth := 0
	for field := range strings.FieldsSeq(text) {
		opened := strings.Count(field, "(")
		inside := depth > 0 || strings.HasPrefix(field, "(")
		depth = max(depth+opened-strings.Count(field, ")"), 0)
		name, _, versioned := strings.Cut(field, "/")
		name = lasting(strings.Trim(name, ",;()"))
		if inside || name == "" || !versioned && len(words) > 0 || slices.Contains(details, strings.ToLower(name)) {
			continue
		}
		if words = append(words, name); len(words) == mostProducts {
			break
		}
	}
	return words
}

// lasting is a name without the parts that are numbers or identifiers.
func lasting(name string) string {
	for {
		i := strings.LastIndexAny(name, "_-.#")
		if i <= 0 || !made(name[i+1:]) {
			return name
		}
		name = name[:i]
	}
}

// made reports whether a part looks made up: of hexadecimal digits, one of them a number.
func made(part string) bool {
	return part == "" || strings.Trim(part, "0123456789abcdefABCDEF") == "" && strings.ContainsAny(part, "0123456789")
}

// cut shortens what is kept to be told.
func cut(text string) string {
	if len(text) <= mostTexts {
		return text
	}
	return strings.ToValidUTF8(text[:mostTexts], "")
}
