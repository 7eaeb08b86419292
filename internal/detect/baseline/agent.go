package baseline

import "strings"

// agent is the family of a client: its products without versions, and the system that it runs on, such as
// "Boto3 Python Linux". Parts that are made up for each run are left out. It is empty when AWS itself is the client.
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
	for _, system := range []string{"Windows", "Macintosh", "Darwin", "Android", "Linux", "linux"} {
		if strings.Contains(text, system) {
			words = append(words, system)
			break
		}
	}
	lower := strings.ToLower(text)
	for _, flavour := range []string{"kali", "parrot", "pentoo"} { // systems that are made for attacks
		if strings.Contains(lower, flavour) {
			words = append(words, flavour)
		}
	}
	return cut(strings.Join(words, " "))
}

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
		if name = lasting(strings.Trim(name, ",;()")); inside || name == "" || !versioned && len(words) > 0 {
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
