package intel

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"jobzero/internal/fault"
)

// columns are what a list may tell, by other names that feeds use for it.
var columns = map[string]string{
	"type": "type", "indicator_type": "type", "value": "value", "indicator": "value", "ioc": "value", "ioc_value": "value",
	"confidence": "confidence", "confidence_level": "confidence", "valid_until": "valid_until", "valid_from": "valid_from",
	"source": "source", "note": "note", "comment": "note", "description": "note",
}

// readList reads a CSV with a header, or a plain list of an indicator a line. Lines that are empty or begin with # are for people.
// Without a type the shape decides.
func (r *reading) readList(in io.Reader) error {
	r.report.Format = "csv"
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 0, 64<<10), maxItem)
	var names []string
	first := true
	n := 0
	for lines.Scan() {
		n++
		text := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))
		if text == "" || strings.HasPrefix(text, "#") || strings.HasPrefix(text, "//") {
			continue
		}
		cells, err := split(text)
		if err != nil {
			r.bad(n, "%v", err)
			continue
		}
		if first {
			first = false
			if names = header(cells); names != nil {
				continue
			}
		}
		if err := r.row(n, names, cells); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		if errors.Is(err, bufio.ErrTooLong) {
			return fault.New(fault.Invalid, "%s:%d: the line is longer than %d bytes: this is no list of indicators", r.file, n+1, maxItem)
		}
		return fault.Wrap(fault.Unavailable, err, "read %s", r.file)
	}
	return nil
}

// split cuts one line at its commas, as RFC 4180 quotes them. An indicator with a line break in it is none.
func split(text string) ([]string, error) {
	if !strings.Contains(text, `"`) {
		cells := strings.Split(text, ",")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		return cells, nil
	}
	c := csv.NewReader(strings.NewReader(text))
	c.FieldsPerRecord, c.TrimLeadingSpace = -1, true
	cells, err := c.Read()
	if err != nil {
		return nil, fmt.Errorf("not a line of a CSV file: %w", err)
	}
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	return cells, nil
}

// header gives the columns by their own names, nil when the line is no header.
func header(cells []string) []string {
	var out []string
	for _, c := range cells {
		out = append(out, columns[strings.ToLower(strings.TrimPrefix(c, "#"))])
	}
	if !slices.Contains(out, "value") {
		return nil
	}
	return out
}

// row takes one line.
func (r *reading) row(line int, names, cells []string) error {
	i := Indicator{Source: r.file, Confidence: Unsaid, Line: line, Value: cells[0]}
	for n, c := range cells {
		if n >= len(names) || c == "" {
			continue
		}
		if err := i.cell(names[n], c); err != nil {
			r.bad(line, "%v", err)
			return nil
		}
	}
	if i.Kind == Nothing {
		if i.Kind = ShapeOf(i.Value); i.Kind == Nothing {
			r.bad(line, "%.80q is no address, domain, URL, hash, e-mail address, key or account: write a type before it, in a column named type", i.Value)
			return nil
		}
	}
	return r.add(i)
}

// cell takes one column.
func (i *Indicator) cell(name, c string) (err error) {
	switch name {
	case "type":
		if i.Kind = kindOf(c); i.Kind == Nothing {
			return fmt.Errorf("the type %.40q is not known: use %s", c, strings.Join(kindWords[1:], ", "))
		}
	case "value":
		i.Value = c
	case "confidence":
		if i.Confidence, err = strconv.Atoi(strings.TrimSuffix(c, "%")); err != nil || i.Confidence < 0 || i.Confidence > 100 {
			return fmt.Errorf("confidence %.40q: want a number from 0 to 100", c)
		}
	case "valid_from":
		i.From, err = clock(c)
	case "valid_until":
		i.Until, err = clock(c)
	case "source":
		i.Source = c
	case "note":
		i.Note = c
	}
	return err
}

// kindOf reads the names of kinds: ours, and those of STIX, MISP and common feeds.
func kindOf(word string) Kind {
	w := strings.ToLower(strings.TrimSpace(word))
	for k, name := range kindWords {
		if w == name && k > 0 {
			return Kind(k)
		}
	}
	switch w {
	case "ip", "ipv4", "ipv6", "cidr", "ipv4-addr", "ipv6-addr", "ip-src", "ip-dst", "ip_address", "ipv4_address":
		return Address
	case "domain-name", "hostname", "fqdn", "host":
		return Domain
	case "uri", "link":
		return URL
	case "md5", "sha1", "sha256", "sha512", "md5_hash", "sha1_hash", "sha256_hash", "file":
		return Hash
	case "email-addr", "email-src", "email-dst", "e-mail":
		return Email
	case "useragent", "user_agent":
		return UserAgent
	case "access_key", "accesskey", "aws-access-key-id":
		return AccessKey
	case "account-id", "account_id", "aws-account":
		return Account
	case "user-account", "username":
		return User
	case "as", "autonomous-system":
		return ASN
	}
	return Nothing
}
