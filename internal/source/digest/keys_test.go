package digest_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"strings"
	"testing"

	"jobzero/internal/fault"
	"jobzero/internal/source/digest"
	"jobzero/internal/source/digest/digesttest"
)

// listed is the guide's example of what the command prints: two keys bare, one with its algorithm before it.
const listed = `{
    "publicKeyList": [
        {
            "ValidityStartTime": "1436317441.0",
            "ValidityEndTime": "1438909441.0",
            "Value": "MIIBCgKCAQEAn11L2YZ9h7onug2ILi1MWyHiMRsTQjfWE+pHVRLk1QjfWhirG+lpOa8NrwQ/r7Ah5bNL6HepznOU9XTDSfmmnP97mqyc7z/upfZdS/AHhYcGaz7n6Wc/RRBU6VmiPCrAUojuSk6/GjvA8iOPFsYDuBtviXarvuLPlrT9kAd4Lb+rFfR5peEgBEkhlzc5HuWO7S0y+KunqxX6jQBnXGMtxmPBPP0FylgWGNdFtks/4YSKcgqwH0YDcawP9GGGDAeCIqPWIXDLG1jOjRRzWfCmD0iJUkz8vTsn4hq/5ZxRFE7UBAUiVcGbdnDdvVfhF9C3dQiDq3k7adQIziLT0cShgQIDAQAB",
            "Fingerprint": "8eba5db5bea9b640d1c96a77256fe7f2"
        },
        {
            "ValidityStartTime": "1434589370.0",
            "ValidityEndTime": "1437181370.0",
            "Value": "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAqlzPJbvZJ42UdcmLfPUqXYNfOs6I8lCfao/tOs8CmzPOEdtLWugB9xoIUz78qVHdKIqxbaG4jWHfJBiOSSFBM0lt8cdVo4TnRa7oG9io5pysS6DJhBBAeXsicufsiFJR+wrUNh8RSLxL4k6G1+BhLX20tJkZ/erT97tDGBujAelqseGg3vPZbTx9SMfOLN65PdLFudLP7Gat0Z9p5jw/rjpclKfo9Bfc3heeBxWGKwBBOKnFAaN9V57pOaosCvPKmHd9bg7jsQkI9Xp22IzGLsTFJZYVA3KiTAElDMu80iFXPHEq9hKNbt9e4URFam+1utKVEiLkR2disdCmPTK0VQIDAQAB",
            "Fingerprint": "31e8b5433410dfb61a9dc45cc65b22ff"
        }
    ]
}`

func TestKeys(t *testing.T) {
	k := keysOf(t, []byte(listed))
	if len(k) != 2 || k["8eba5db5bea9b640d1c96a77256fe7f2"] == nil || k["31e8b5433410dfb61a9dc45cc65b22ff"].N.BitLen() != 2048 {
		t.Errorf("%v", k)
	}
	// The same keys as PEM: the fingerprint is worked out.
	for fingerprint, key := range k {
		if p := keysOf(t, pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(key)})); !key.Equal(p[fingerprint]) {
			t.Errorf("%s is not the fingerprint of its key", fingerprint)
		}
	}
	only := strings.Index(listed, "[")
	if k := keysOf(t, []byte(listed[only:len(listed)-1])); len(k) != 2 {
		t.Errorf("of the list alone: %v", k)
	}
	if err := k.Read("again", []byte(listed)); err != nil {
		t.Errorf("the same keys again: %v", err)
	}
}

func TestKeysRefuse(t *testing.T) {
	key := digesttest.Key()
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	info, err := x509.MarshalPKIXPublicKey(&curve.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	block := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	twice := strings.Replace(string(digesttest.Listed(key, small)), digesttest.Fingerprint(small), digesttest.Fingerprint(key), 1)
	for name, c := range map[string]struct{ text, want string }{
		"nothing":       {"", "no public key in it"},
		"words":         {"hello", "no public key in it"},
		"no keys":       {`{"PublicKeyList":[]}`, "no public key in it"},
		"other JSON":    {`{"x":1}`, "no public key in it"},
		"broken JSON":   {`{"PublicKeyList":[}`, "at byte"},
		"no list":       {`{"PublicKeyList":{}}`, "want an array"},
		"no value":      {`{"PublicKeyList":[{"Fingerprint":"a"}]}`, "want a Value in base64 and a Fingerprint"},
		"no print":      {strings.Replace(string(digesttest.Listed(key)), "Fingerprint", "x", 1), "want a Value in base64 and a Fingerprint"},
		"no DER":        {`[{"Fingerprint":"a","Value":"aGVsbG8="}]`, `key "a": no RSA public key`},
		"two under one": {twice, "there are two different keys for it"},
		"private":       {block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)), `a block "RSA PRIVATE KEY" is no public key`},
		"curve":         {block("PUBLIC KEY", info), "no RSA public key"},
		"huge":          {block("RSA PUBLIC KEY", huge(t)), "an RSA key of 400000 bits"},
		"broken PEM":    {strings.Replace(block("RSA PUBLIC KEY", []byte("x")), "END", "ENDE", 1), "no public key in it"},
	} {
		k := digest.Keys{}
		if err := k.Read("keys.json", []byte(c.text)); !fault.Is(err, fault.Invalid) || !strings.HasPrefix(fmt.Sprint(err), "keys.json: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
		if len(k) > 0 {
			t.Errorf("%s: %d keys were taken", name, len(k))
		}
	}
}

// huge is a key that would take long to use.
func huge(t *testing.T) []byte {
	t.Helper()
	key := digesttest.Key().PublicKey
	key.N = newInt(400000)
	return x509.MarshalPKCS1PublicKey(&key)
}

func FuzzKeys(f *testing.F) {
	f.Add([]byte(listed))
	f.Add(digesttest.PEM(digesttest.Key()))
	f.Add([]byte(`[{"Fingerprint":"a","Value":"` + base64.StdEncoding.EncodeToString([]byte("0\x06\x02\x01\x01\x02\x01\x01")) + `"}]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		k := digest.Keys{}
		err := k.Read("x", text)
		if (err == nil) == (len(k) == 0) {
			t.Errorf("%d keys, %v", len(k), err)
		}
		for print, key := range k {
			if key == nil || print == "" || key.N.BitLen() > 8192 {
				t.Errorf("%q: %v", print, key)
			}
		}
	})
}
