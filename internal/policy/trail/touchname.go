package trail

import "strings"

// named adds the ARNs that parameters make: one that is an ARN of the form, else the form with its variables filled in. Where
// only a part of them is known, the others are *: for a type that every call has, and where a table says what names it.
func (f *form) named(in *scene, out []string, always bool) []string {
	before := len(out)
	for _, arn := range in.arns {
		if f.matches(arn) {
			out = append(out, arn)
		}
	}
	if len(out) > before {
		return out
	}
	texts, last, ok := f.texts(in, always)
	if !ok {
		return out
	}
	if last < 0 {
		return append(out, f.build(in, texts))
	}
	for _, v := range f.vars[last].values(in) {
		if texts[last] = f.vars[last].word(v); texts[last] != "" {
			out = append(out, f.build(in, texts))
		}
	}
	return out
}

// texts are the values of the variables; last is the only one that may have many, or -1. ok is false when too little is known.
func (f *form) texts(in *scene, always bool) (texts []string, last int, ok bool) {
	texts, last = in.lent.words(len(f.vars)), -1
	first, missing := false, false
	sure := false
	begun := false
	for i := range f.vars {
		v := &f.vars[i]
		if v.known != byParams {
			continue
		}
		found := v.values(in)
		if len(found) > 1 && last < 0 {
			last, texts[i] = i, "*"
		} else if len(found) == 1 {
			texts[i] = v.word(found[0])
		}
		if !begun {
			begun, first, sure = true, texts[i] != "", v.sure
		}
		missing = missing || texts[i] == ""
	}
	return texts, last, first && (!missing || sure || always)
}

// values gives those of the first path that has some.
func (v *variable) values(in *scene) []value {
	for _, p := range v.paths {
		if found := p.values(in); len(found) > 0 {
			return found
		}
	}
	return nil
}

// word is a value as it stands in an ARN; empty when it is none. An ARN is no name.
func (v *variable) word(from value) string {
	t := from.text()
	if v.name == "ParameterNameWithoutLeadingSlash" {
		t = strings.TrimPrefix(t, "/")
	}
	if v.name == "QueueName" {
		t = t[strings.LastIndexByte(t, '/')+1:] // of the queue's URL
	}
	if t == "" || strings.HasPrefix(t, "arn:") || strings.HasPrefix(t, "alias/") {
		return ""
	}
	return v.lead + t + v.tail
}

// open is what is known of an ARN that nothing names.
func (f *form) open(in *scene) string { return f.build(in, in.lent.words(len(f.vars))) }

// build writes the ARN; a variable without a text is *, and the rest after the last text one *.
func (f *form) build(in *scene, texts []string) string {
	b := append(in.lent.bytes[:0], f.literals[0]...)
	for i := range f.vars {
		t := texts[i]
		switch f.vars[i].known {
		case byPartition:
			t = in.partition
		case byRegion:
			t = in.region
		case byAccount:
			t = in.account
		case byParams:
		}
		if t == "" {
			t = "*"
		}
		b = append(append(b, t...), f.literals[i+1]...)
	}
	in.lent.bytes = b
	return in.lent.text(b)
}
