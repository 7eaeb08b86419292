package block_test

import (
	"net/netip"
	"strings"
	"testing"

	"jobzero/internal/action/block"
)

func TestRange(t *testing.T) {
	for text, want := range map[string]string{
		"198.51.100.7/32": "", "198.51.100.0/24": "", "2001:db8:7::/48": "", "10.9.0.0/16": "",
		"198.0.0.0/8": "wider than /16", "2001::/16": "wider than /32", "0.0.0.0/0": "wider", "127.0.0.1/32": "no address", "224.0.0.1/32": "no address",
		"10.1.2.0/24": "own range 10.1.0.0/16", "169.254.169.254/32": "no address",
		"198.51.100.7": "!", "198.51.100.7/24": "!", "example.com": "!", "": "!",
	} {
		_, refused, err := block.Range(text, "10.1.0.0/16")
		if (err != nil) != (want == "!") || err == nil && (want == "") != (refused == "") || err == nil && !strings.Contains(refused, want) {
			t.Errorf("%q: refused %q, %v; want %q", text, refused, err, want)
		}
	}
}

func TestName(t *testing.T) {
	for text, want := range map[string]string{
		"bad.example.com": "", "Bad.Example.COM.": "", "_x.example.com": "",
		"com": "top-level", "sts.amazonaws.com": "AWS's own", "amazonaws.com": "AWS's own", "loot.s3.amazonaws.com": "",
		"*.example.com": "!", "-a.example.com": "!", "a..com": "!", "": "!", "bad example.com": "!", strings.Repeat("a", 64) + ".com": "!",
	} {
		name, refused, err := block.Name(text)
		if (err != nil) != (want == "!") || err == nil && (want == "") != (refused == "") || err == nil && !strings.Contains(refused, want) {
			t.Errorf("%q: %q, refused %q, %v; want %q", text, name, refused, err, want)
		}
	}
}

// FuzzRange: what is taken is as narrow as is said, and covers itself.
func FuzzRange(f *testing.F) {
	f.Add("198.51.100.7/32")
	f.Add("2001:db8::/32")
	f.Fuzz(func(t *testing.T, text string) {
		p, refused, err := block.Range(text)
		if err != nil || refused != "" {
			return
		}
		if p.Bits() < 16 || !block.Covers([]string{p.String()}, p) || block.Covers([]string{"192.0.2.0/32"}, p) && p != netip.MustParsePrefix("192.0.2.0/32") {
			t.Errorf("%q: %v", text, p)
		}
	})
}

// FuzzName: a name that is taken is taken again as it is given, and is a plain one.
func FuzzName(f *testing.F) {
	f.Add("bad.example.com")
	f.Add("*.x.")
	f.Fuzz(func(t *testing.T, text string) {
		name, refused, err := block.Name(text)
		if err != nil || refused != "" {
			return
		}
		if again, r, err := block.Name(name); err != nil || r != "" || again != name || strings.ContainsAny(name, "* \t\n\"") {
			t.Errorf("%q: %q, then %q, %q, %v", text, name, again, r, err)
		}
	})
}
