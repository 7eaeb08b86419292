package cloudlog

import (
	"math/rand/v2"
	"strconv"
	"time"
)

const (
	digits       = "0123456789"
	hexadecimal  = "0123456789abcdef"
	upperCase    = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" // as in the ids and keys of IAM
	upperNumber  = "ABCDEFGHJKMNPQRSTVWXYZ0123456789" // as in the request ids of S3
	alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	base64       = alphanumeric + "+/"
)

// draws are the words of templates that stand for something at random, or for the record's time.
func draws() map[string]func(args []string) piece {
	return map[string]func(args []string) piece{
		"digits":   from(digits),
		"hex":      from(hexadecimal),
		"upper":    from(upperCase),
		"requests": from(upperNumber),
		"alnum":    from(alphanumeric),
		"base64":   from(base64),
		"uuid":     func([]string) piece { return func(s *scene, out []byte) []byte { return appendUUID(out, s.rng) } },
		"int":      integer,
		"line":     func([]string) piece { return func(_ *scene, out []byte) []byte { return append(out, '\n') } },
		"id":       identifier,
		"date":     date("Jan 2, 2006, 3:04:05 PM"),      // how most services write times
		"narrow":   date("Jan 2, 2006, 3:04:05\u202fPM"), // and how they do on a newer Java
		"iso":      date(time.RFC3339),
		"day":      date("2006/01/02"),
		"millis":   stamp(time.Millisecond),
		"seconds":  stamp(time.Second),
	}
}

// from draws a number of characters: <hex 17>.
func from(alphabet string) func([]string) piece {
	return func(args []string) piece {
		n := number(args[0])
		return func(s *scene, out []byte) []byte { return appendFrom(out, s.rng, alphabet, n) }
	}
}

// integer draws a number between two, both included: <int 1 100>. Small ones are more frequent.
func integer(args []string) piece {
	low, high := number(args[0]), number(args[1])
	return func(s *scene, out []byte) []byte {
		x := s.rng.Float64()
		return strconv.AppendInt(out, int64(low+int(x*x*float64(high-low+1))), 10)
	}
}

// identifier makes the id that belongs to a name: <id AROA myRole> is always the same for the same role.
func identifier(args []string) piece {
	return func(s *scene, out []byte) []byte {
		account, _ := s.find("account")
		rng := s.log.rng(args[0] + account + s.name(args[1]))
		return appendFrom(append(out, args[0]...), rng, upperCase, 17)
	}
}

// date writes the record's time, or one so many seconds later: <iso>, <iso 3600>, <iso -60>.
func date(layout string) func([]string) piece {
	return func(args []string) piece {
		d := later(args)
		return func(s *scene, out []byte) []byte { return s.at.Add(d).AppendFormat(out, layout) }
	}
}

// stamp writes the same as a number since 1970.
func stamp(unit time.Duration) func([]string) piece {
	return func(args []string) piece {
		d := later(args)
		return func(s *scene, out []byte) []byte {
			return strconv.AppendInt(out, s.at.Add(d).UnixNano()/int64(unit), 10)
		}
	}
}

func later(args []string) time.Duration {
	if len(args) == 0 {
		return 0
	}
	return time.Duration(number(args[0])) * time.Second
}

func appendFrom(out []byte, rng *rand.Rand, alphabet string, n int) []byte {
	for range n {
		out = append(out, alphabet[rng.IntN(len(alphabet))])
	}
	return out
}

// appendUUID writes a random UUID (RFC 9562, version 4).
func appendUUID(out []byte, rng *rand.Rand) []byte {
	for i, n := range []int{8, 4, 3, 3, 12} {
		switch i {
		case 0:
		case 2:
			out = append(out, "-4"...)
		case 3:
			out = append(out, '-', "89ab"[rng.IntN(4)])
		default:
			out = append(out, '-')
		}
		out = appendFrom(out, rng, hexadecimal, n)
	}
	return out
}
