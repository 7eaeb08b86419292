package trail

// lent is memory that a scene uses again, so that a record that is like others costs none.
type lent struct {
	texts     map[string]string // ARNs that were seen
	lists     []string          // room for lists of them that are given away
	now, next []value
	names     []string
	bytes     []byte
}

const (
	maxTexts    = 1 << 13 // ARNs that are remembered; beyond it, it begins anew
	longestText = 512     // that is remembered
	listRoom    = 1 << 10 // texts of lists for which room is made at once
)

// text gives one text for all bytes that are equal, as long as there are not too many.
func (l *lent) text(b []byte) string {
	if t, ok := l.texts[string(b)]; ok {
		return t
	}
	t := string(b)
	if len(t) > longestText {
		return t
	}
	if l.texts == nil || len(l.texts) >= maxTexts {
		l.texts = make(map[string]string, maxTexts)
	}
	l.texts[t] = t
	return t
}

// list gives an empty list with room for most of what a step may touch. What is kept of it has to be said.
func (l *lent) list() []string {
	if cap(l.lists)-len(l.lists) < maxTouched {
		l.lists = make([]string, 0, listRoom)
	}
	return l.lists[len(l.lists):]
}

// keep says that a list that was given stays as it is. One that outgrew its room lies elsewhere already.
func (l *lent) keep(list []string) {
	if n := len(l.lists); cap(list) == cap(l.lists)-n {
		l.lists = l.lists[:n+len(list)]
	}
}

// words gives as many empty texts, until the next call.
func (l *lent) words(n int) []string {
	if cap(l.names) < n {
		l.names = make([]string, n)
	}
	l.names = l.names[:n]
	clear(l.names)
	return l.names
}
