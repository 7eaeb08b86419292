package intel

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
)

// refang undoes what people do to an indicator so that nobody clicks on it.
var refang = strings.NewReplacer("[.]", ".", "(.)", ".", "[dot]", ".", "[:]", ":", "hxxp://", "http://", "hxxps://", "https://", "hXXp://", "http://", "hXXps://", "https://", "[@]", "@", "[at]", "@")

var (
	hexText   = regexp.MustCompile(`^(?:[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}|[0-9a-fA-F]{128})$`)
	keyText   = regexp.MustCompile(`^(?:AKIA|ASIA|AIDA|AROA)[A-Z0-9]{12,32}$`) // IAM's prefixes: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
	asText    = regexp.MustCompile(`^(?i:AS)?([0-9]{1,10})$`)
	nameText  = regexp.MustCompile(`^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$`)
	emailText = regexp.MustCompile(`^[^@\s]{1,64}@([^@\s]+)$`)
)

// ShapeOf says by its shape what a text is; Nothing when that is not certain.
func ShapeOf(text string) Kind {
	switch t := refang.Replace(strings.TrimSpace(text)); {
	case isAddress(t):
		return Address
	case strings.Contains(t, "://"):
		return URL
	case emailText.MatchString(t):
		return Email
	case keyText.MatchString(t):
		return AccessKey
	case len(t) == 12 && strings.Trim(t, "0123456789") == "":
		return Account
	case hexText.MatchString(t):
		return Hash
	case strings.HasPrefix(strings.ToUpper(t), "AS") && asText.MatchString(t):
		return ASN
	case nameText.MatchString(domain(t)):
		return Domain
	}
	return Nothing
}

func isAddress(t string) bool {
	_, err := prefix(t)
	return err == nil
}

// prefix reads an address or a range.
func prefix(t string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(t); err == nil && a.Zone() == "" {
		a = a.Unmap()
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(t)
	if err == nil && p.Addr().Is4In6() {
		return netip.Prefix{}, errors.New("a range of IPv4 addresses written as IPv6")
	}
	return p.Masked(), err
}

// domain is a name as it is compared.
func domain(t string) string {
	return strings.ToLower(strings.TrimSuffix(strings.TrimPrefix(t, "*."), "."))
}

// normal is a value as it is compared. The error says what is wrong with it.
func normal(k Kind, value string) (string, error) {
	const longest = 2048
	t := strings.TrimSpace(value)
	if t == "" || len(t) > longest {
		return "", fmt.Errorf("a value of %d bytes: want 1 to %d", len(t), longest)
	}
	if k != UserAgent && k != User {
		t = refang.Replace(t)
	}
	switch k {
	case Address:
		return address(t)
	case Domain:
		if t = domain(t); !nameText.MatchString(t) {
			return "", fmt.Errorf("%.80q is no domain name: want one such as www.example.com, in ASCII", value)
		}
		return t, nil
	case URL:
		return link(t)
	case Hash:
		return strings.ToLower(t), shaped(hexText.MatchString(t), value, "a hash: want 32, 40, 64 or 128 hexadecimal digits")
	case Email:
		m := emailText.FindStringSubmatch(t)
		return strings.ToLower(t), shaped(m != nil && nameText.MatchString(strings.ToLower(m[1])), value, "an e-mail address")
	case AccessKey:
		return t, shaped(keyText.MatchString(t), value, "an access key ID: want one such as AKIAIOSFODNN7EXAMPLE")
	case Account:
		return t, shaped(len(t) == 12 && strings.Trim(t, "0123456789") == "", value, "an AWS account: want twelve digits")
	case ASN:
		m := asText.FindStringSubmatch(t)
		if m == nil {
			return "", fmt.Errorf("%.80q is no autonomous system: want one such as AS64496", value)
		}
		return "AS" + m[1], nil
	default:
		return t, nil
	}
}

func shaped(ok bool, value, want string) error {
	if ok {
		return nil
	}
	return fmt.Errorf("%.80q is not %s", value, want)
}

// The widest ranges that are taken: the largest that was ever given to one party.
const (
	widest4 = 8
	widest6 = 16
)

// address refuses ranges that say nothing about anybody.
func address(t string) (string, error) {
	p, err := prefix(t)
	if err != nil {
		return "", fmt.Errorf("%.80q is no address or range: want one such as 203.0.113.9 or 2001:db8::/32", t)
	}
	a := p.Addr()
	switch {
	case a.Is4() && p.Bits() < widest4, a.Is6() && p.Bits() < widest6:
		return "", fmt.Errorf("%s is too wide: it would be about everybody", t)
	case a.IsPrivate(), a.IsLoopback(), a.IsLinkLocalUnicast(), a.IsMulticast(), a.IsUnspecified():
		return "", fmt.Errorf("%s is not public: everybody has such addresses", t)
	case p.IsSingleIP():
		return a.String(), nil
	}
	return p.String(), nil
}

// link is a URL as it is compared: scheme and host in lower case, without its fragment, with a path.
func link(t string) (string, error) {
	u, err := url.Parse(t)
	if err != nil || u.Scheme == "" || u.Host == "" {
		return "", fmt.Errorf("%.80q is no URL: want one such as https://www.example.com/a", t)
	}
	u.Scheme, u.Host, u.Fragment, u.RawFragment = strings.ToLower(u.Scheme), strings.ToLower(u.Host), "", ""
	if u.Path == "" {
		u.Path = "/"
	}
	return u.String(), nil
}
