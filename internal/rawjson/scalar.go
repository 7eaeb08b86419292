package rawjson

// value walks any value.
func (w *walker) value() error {
	switch c := w.at(); {
	case c == '{':
		return w.members(nil)
	case c == '[':
		return w.elements(nil)
	case c == '"':
		return w.text()
	case c == 't':
		return w.word("true")
	case c == 'f':
		return w.word("false")
	case c == 'n':
		return w.word("null")
	case c == '-' || '0' <= c && c <= '9':
		return w.number()
	case w.pos >= len(w.b):
		return w.wrong("ends where a value is wanted")
	}
	return w.wrong("want a value")
}

func (w *walker) word(want string) error {
	if len(w.b)-w.pos < len(want) || string(w.b[w.pos:w.pos+len(want)]) != want {
		return w.wrong("want %s", want)
	}
	w.pos += len(want)
	return nil
}

// text walks a string, the opening quote included.
func (w *walker) text() error {
	for i := w.pos + 1; i < len(w.b); i++ {
		if i += Special(w.b[i:]); i == len(w.b) {
			break
		}
		switch w.b[i] {
		case '"':
			w.pos = i + 1
			return nil
		case '\\':
			n := escape(w.b[i:])
			if n == 0 {
				w.pos = i
				return w.wrong("wrong escape in a string")
			}
			i += n - 1
		default:
			w.pos = i
			return w.wrong("control character in a string")
		}
	}
	w.pos = len(w.b)
	return w.wrong("ends inside a string")
}

// escape is the length of the escape at the start of b, 0 when it is none.
func escape(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	switch b[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if len(b) < 6 {
			return 0
		}
		for _, c := range b[2:6] {
			if !isHex(c) {
				return 0
			}
		}
		return 6
	}
	return 0
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func (w *walker) digits() bool {
	from := w.pos
	for c := w.at(); '0' <= c && c <= '9'; c = w.at() {
		w.pos++
	}
	return w.pos > from
}

func (w *walker) number() error {
	if w.at() == '-' {
		w.pos++
	}
	if w.at() == '0' {
		w.pos++
	} else if !w.digits() {
		return w.wrong("want a digit")
	}
	if w.at() == '.' {
		w.pos++
		if !w.digits() {
			return w.wrong("want a digit after the point")
		}
	}
	if c := w.at(); c == 'e' || c == 'E' {
		w.pos++
		if c := w.at(); c == '+' || c == '-' {
			w.pos++
		}
		if !w.digits() {
			return w.wrong("want a digit in the exponent")
		}
	}
	return nil
}
