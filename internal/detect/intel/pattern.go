package intel

import (
	"errors"
	"fmt"
	"strings"
)

// The limits of one pattern.
const (
	maxPattern = 64 << 10 // bytes
	maxNested  = 32
	maxTests   = 4096
)

// parser reads a STIX pattern into an expression about one observation.
type parser struct {
	tokens
	depth, tests int
}

// parsePattern reads a pattern. What it wants that one event cannot tell is an error that names it.
func parsePattern(text string) (*expr, error) {
	if len(text) > maxPattern {
		return nil, fmt.Errorf("the pattern has %d bytes, more than %d", len(text), maxPattern)
	}
	p := parser{tokens: tokens{rest: text}}
	p.next()
	e, err := p.observations()
	switch {
	case p.err != nil:
		return nil, p.err
	case err != nil:
		return nil, err
	case p.now.kind != tokenEnd:
		return nil, p.unexpected("the end")
	}
	return e, nil
}

func (p *parser) unexpected(want string) error {
	if p.err != nil {
		return p.err
	}
	if p.now.kind == tokenEnd {
		return fmt.Errorf("the pattern ends where %s was expected", want)
	}
	return fmt.Errorf("%.40q stands in the pattern where %s was expected", p.now.text, want)
}

// observations reads [ … ] OR [ … ].
func (p *parser) observations() (*expr, error) {
	var parts []*expr
	for {
		e, err := p.observation()
		if err != nil {
			return nil, err
		}
		parts = append(parts, e)
		if err := p.severalEvents(); err != nil {
			return nil, err
		}
		if !p.take("OR") {
			return join(or, parts), nil
		}
	}
}

// severalEvents refuses what needs more than one event.
func (p *parser) severalEvents() error {
	for _, word := range []string{"AND", "FOLLOWEDBY", "WITHIN", "REPEATS", "START", "STOP"} {
		if p.is(word) {
			return fmt.Errorf("%s between or behind observations needs several events, and one event is looked at here: write a correlation rule for it", strings.ToUpper(word))
		}
	}
	return nil
}

var errNested = errors.New("the pattern is nested too deep")

func (p *parser) observation() (*expr, error) {
	if p.depth++; p.depth > maxNested {
		return nil, errNested
	}
	defer func() { p.depth-- }()
	inner, end := p.either, "]"
	switch {
	case p.take("["):
	case p.take("("):
		inner, end = p.observations, ")"
	default:
		return nil, p.unexpected("an observation in [ ]")
	}
	e, err := inner()
	if err != nil {
		return nil, err
	}
	if !p.take(end) {
		return nil, p.unexpected(end)
	}
	return e, nil
}

// either reads comparisons with OR between them, and both those with AND, which binds closer.
func (p *parser) either() (*expr, error) { return p.list("OR", or, p.both) }

func (p *parser) both() (*expr, error) { return p.list("AND", and, p.comparison) }

func (p *parser) list(word string, op operator, part func() (*expr, error)) (*expr, error) {
	var parts []*expr
	for {
		e, err := part()
		if err != nil {
			return nil, err
		}
		parts = append(parts, e)
		if !p.take(word) {
			return join(op, parts), nil
		}
	}
}

// comparison reads one test, or comparisons in parentheses.
func (p *parser) comparison() (*expr, error) {
	if p.take("(") {
		if p.depth++; p.depth > maxNested {
			return nil, errNested
		}
		defer func() { p.depth-- }()
		e, err := p.either()
		if err == nil && !p.take(")") {
			err = p.unexpected(")")
		}
		return e, err
	}
	if p.is("EXISTS") || p.is("NOT") {
		return nil, fmt.Errorf("EXISTS asks whether a property is there at all: that is so in every event or in none")
	}
	if p.now.kind != tokenPath {
		return nil, p.unexpected("a property such as ipv4-addr:value")
	}
	path := p.now.text
	kind, err := kindOfPath(path)
	if err != nil {
		return nil, err
	}
	p.next()
	not := p.take("NOT")
	op := strings.ToUpper(p.now.text)
	if p.now.kind != tokenMark && p.now.kind != tokenWord || op != "" && strings.Contains("[](),", op) {
		return nil, p.unexpected("a comparison such as =")
	}
	p.next()
	values, err := p.values(op == "IN")
	if err != nil {
		return nil, err
	}
	if p.tests += len(values); p.tests > maxTests {
		return nil, fmt.Errorf("the pattern has more than %d values: split it", maxTests)
	}
	return newTest(kind, op, not, values)
}

// values reads one value, or a set of them.
func (p *parser) values(set bool) ([]string, error) {
	if !set {
		v, err := p.value()
		return []string{v}, err
	}
	if !p.take("(") {
		return nil, p.unexpected("( and values behind IN")
	}
	var out []string
	for {
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		out = append(out, v)
		if p.take(")") {
			return out, nil
		}
		if !p.take(",") {
			return nil, p.unexpected(", or )")
		}
	}
}

func (p *parser) value() (string, error) {
	v := p.now
	switch v.kind {
	case tokenText, tokenWord:
		p.next()
		return v.text, nil
	case tokenOdd:
		return "", fmt.Errorf("%.40q: times and bytes are not compared here", v.text)
	default:
		return "", p.unexpected("a value")
	}
}

// kindOfPath says what a property of an object of STIX is here.
func kindOfPath(path string) (Kind, error) {
	object, property, _ := strings.Cut(path, ":")
	object, property = strings.ToLower(object), strings.NewReplacer("'", "", "\"", "").Replace(strings.ToLower(property))
	base, _, _ := strings.Cut(property, "[")
	switch object + ":" + base {
	case "ipv4-addr:value", "ipv6-addr:value", "network-traffic:src_ref.value", "network-traffic:dst_ref.value":
		return Address, nil
	case "domain-name:value":
		return Domain, nil
	case "url:value":
		return URL, nil
	case "email-addr:value", "email-message:from_ref.value", "email-message:sender_ref.value", "email-message:to_refs", "user-account:email":
		return Email, nil
	case "user-account:user_id", "user-account:account_login", "user-account:display_name":
		return User, nil
	case "autonomous-system:number":
		return ASN, nil
	case "network-traffic:extensions.http-request-ext.request_header.user-agent":
		return UserAgent, nil
	}
	if name, ok := strings.CutPrefix(property, "hashes."); ok && (object == "file" || object == "artifact") && kindOf(strings.ReplaceAll(name, "-", "")) == Hash { //nolint:misspell // the word of STIX
		return Hash, nil
	}
	if strings.HasPrefix(object, "x-") {
		if k := kindOfCustom(object, property); k != Nothing {
			return k, nil
		}
	}
	return Nothing, fmt.Errorf("%.80s is not compared here: events have addresses, names, URLs, hashes, e-mail addresses, users, user agents, keys and accounts", path)
}

// kindOfCustom reads objects that STIX does not know: the property's or the object's name says what it is.
func kindOfCustom(object, property string) Kind {
	last := property[strings.LastIndexByte(property, '.')+1:]
	name := strings.ReplaceAll(strings.TrimPrefix(object, "x-"), "-", "_")
	for _, word := range []string{last, name} {
		word = strings.ReplaceAll(word, "-", "_")
		switch {
		case strings.Contains(word, "access_key"):
			return AccessKey
		case strings.HasSuffix(word, "account_id"), strings.HasSuffix(word, "aws_account"):
			return Account
		case strings.Contains(word, "user_agent"):
			return UserAgent
		}
		if k := kindOf(word); k != Nothing {
			return k
		}
	}
	return Nothing
}
