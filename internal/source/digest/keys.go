package digest

import (
	"bytes"
	"crypto/md5" //nolint:gosec // the fingerprint of a key that was given by a person; nothing is trusted because of it
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"strings"

	"jobzero/internal/fault"
	"jobzero/internal/rawjson"
)

// maxKeyBits bounds the work that a key from a file can make; CloudTrail's have 2048.
const maxKeyBits = 8192

// Keys are public keys by their fingerprint. They are what everything else is believed by: they come from CloudTrail
// (ListPublicKeys), never from the bucket.
type Keys map[string]*rsa.PublicKey

// Read adds the keys of a text: PEM, or what `aws cloudtrail list-public-keys` prints. Name is the file's, for errors.
func (k Keys) Read(name string, text []byte) error {
	found := Keys{}
	var err error
	switch text = bytes.TrimSpace(text); {
	case bytes.HasPrefix(text, []byte("{")):
		err = rawjson.Object(text, func(member []byte, v rawjson.Value) error {
			if !strings.EqualFold(string(member), "PublicKeyList") { // the guide writes publicKeyList, the command PublicKeyList
				return nil
			}
			return rawjson.Array(v, found.listed)
		})
	case bytes.HasPrefix(text, []byte("[")): // the list alone, as --query PublicKeyList gives it
		err = rawjson.Array(text, found.listed)
	default:
		err = found.pem(text)
	}
	if err == nil && len(found) == 0 {
		err = fault.New(fault.Invalid, "no public key in it: want what `aws cloudtrail list-public-keys` prints, or PEM")
	}
	for fingerprint, key := range found {
		if err == nil {
			err = k.put(fingerprint, key)
		}
	}
	return fault.Wrap(fault.Invalid, err, "%s", name)
}

// listed takes one element of PublicKeyList: Value is DER in base64.
func (k Keys) listed(v rawjson.Value) error {
	var value, fingerprint string
	if err := rawjson.Object(v, func(member []byte, v rawjson.Value) error {
		switch string(member) {
		case "Value":
			value, _ = v.Text()
		case "Fingerprint":
			fingerprint, _ = v.Text()
		}
		return nil
	}); err != nil {
		return err
	}
	der, err := base64.StdEncoding.DecodeString(value)
	if err != nil || len(der) == 0 || fingerprint == "" {
		return fault.New(fault.Invalid, "key %q: want a Value in base64 and a Fingerprint", fingerprint)
	}
	key, err := parseKey(der)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "key %q", fingerprint)
	}
	return k.put(strings.ToLower(fingerprint), key)
}

func (k Keys) pem(text []byte) error {
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if !strings.HasSuffix(block.Type, "PUBLIC KEY") {
			return fault.New(fault.Invalid, "a block %q is no public key", block.Type)
		}
		key, err := parseKey(block.Bytes)
		if err != nil {
			return err
		}
		info, err := x509.MarshalPKIXPublicKey(key)
		if err != nil {
			return err
		}
		// A fingerprint is the MD5 of the key's DER; the examples of the guide use both of its forms.
		for _, der := range [][]byte{x509.MarshalPKCS1PublicKey(key), info} {
			if err := k.put(fingerprint(der), key); err != nil {
				return err
			}
		}
	}
	return nil
}

// put keeps a key. A second key of the same fingerprint would leave open which of them counts.
func (k Keys) put(fingerprint string, key *rsa.PublicKey) error {
	if old := k[fingerprint]; old != nil && !old.Equal(key) {
		return fault.New(fault.Invalid, "fingerprint %s: there are two different keys for it", fingerprint)
	}
	k[fingerprint] = key
	return nil
}

func fingerprint(der []byte) string {
	sum := md5.Sum(der) //nolint:gosec // as above
	return hex.EncodeToString(sum[:])
}

// parseKey reads an RSA key in DER: bare (PKCS #1), as ListPublicKeys gives it, or with its algorithm before it (X.509).
func parseKey(der []byte) (*rsa.PublicKey, error) {
	key, err := x509.ParsePKCS1PublicKey(der)
	if err != nil {
		of, bad := x509.ParsePKIXPublicKey(der)
		var ok bool
		if key, ok = of.(*rsa.PublicKey); bad != nil || !ok {
			return nil, fault.Wrap(fault.Invalid, err, "no RSA public key")
		}
	}
	if bits := key.N.BitLen(); bits < 1024 || bits > maxKeyBits {
		return nil, fault.New(fault.Invalid, "an RSA key of %d bits: want 1024 to %d", bits, maxKeyBits)
	}
	return key, nil
}
