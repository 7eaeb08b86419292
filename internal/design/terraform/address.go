package terraform

import "strings"

// hop is a module call in an address, or the resource at its end; the key is what stands in brackets, such as 0 or "eu", and
// any where a reference does not say which.
type hop struct{ name, key string }

const anyKey = "*"

// split takes an address or reference apart at its dots, each part with what stands in brackets behind it.
func split(text string) (out []hop) {
	for text != "" {
		end := strings.IndexAny(text, ".[")
		if end < 0 {
			return append(out, hop{name: text})
		}
		h := hop{name: text[:end]}
		text = text[end:]
		for strings.HasPrefix(text, "[") {
			key, rest := bracket(text)
			if h.key == "" {
				h.key = key
			}
			text = rest
		}
		out = append(out, h)
		text = strings.TrimPrefix(text, ".")
	}
	return out
}

// bracket reads [0] or ["any text"].
func bracket(text string) (key, rest string) {
	if !strings.HasPrefix(text, `["`) {
		key, rest, _ = strings.Cut(text[1:], "]")
		return key, rest
	}
	for i := 2; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			_, rest, _ := strings.Cut(text[i+1:], "]")
			return text[1 : i+1], rest
		}
	}
	return text[1:], ""
}

// instance is a resource of the plan: the modules that it stands in, and its own key.
type instance struct {
	address string
	modules []hop
	own     hop // type.name and key
}

// locate reads the address of a managed resource.
func locate(address string) instance {
	in := instance{address: address}
	parts := split(address)
	for len(parts) > 2 && parts[0].name == "module" {
		in.modules = append(in.modules, parts[1])
		parts = parts[2:]
	}
	if len(parts) >= 2 {
		in.own = hop{parts[0].name + "." + parts[1].name, parts[1].key}
	}
	return in
}

// within reports whether an instance stands in a module, whose keys may be any.
func (in instance) within(modules []hop) bool {
	if len(in.modules) != len(modules) {
		return false
	}
	for i, m := range modules {
		if in.modules[i].name != m.name || m.key != anyKey && in.modules[i].key != m.key {
			return false
		}
	}
	return true
}
