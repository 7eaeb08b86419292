package disk

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"strings"

	"jobzero/internal/fault"
	"jobzero/internal/rawjson"
	"jobzero/internal/source/digest"
)

// The endings of the files beside a digest.
const (
	signatureFile = ".signature"
	metadataFile  = ".metadata.json"
	maxBeside     = 1 << 20
)

func isDigest(key string) bool {
	return strings.Contains(key, "/CloudTrail-Digest/") && strings.HasSuffix(key, ".json.gz")
}

// isBeside knows the files that are no objects: what is kept beside digests.
func isBeside(key string) bool {
	for _, end := range []string{signatureFile, metadataFile} {
		if digestKey, ok := strings.CutSuffix(key, end); ok && isDigest(digestKey) {
			return true
		}
	}
	return false
}

// metadata reads what is kept beside a digest.
func (c *Copy) metadata(key string) (m digest.Metadata) {
	plain, err := c.beside(key + signatureFile)
	signature := string(bytes.TrimSpace(plain))
	if err == nil && plain != nil {
		err = hexadecimal(signature)
	}
	var head string
	if err == nil {
		var text []byte
		if text, err = c.beside(key + metadataFile); err == nil && text != nil {
			head, err = Signature(text)
		}
	}
	if err == nil && signature != "" && head != "" && !strings.EqualFold(signature, head) {
		err = fault.New(fault.Invalid, "%s and %s hold different signatures", signatureFile, metadataFile)
	}
	if err != nil {
		return digest.Metadata{Error: err.Error()}
	}
	return digest.Metadata{Signature: cmp.Or(signature, head)}
}

// beside reads a file of that name, nil when there is none.
func (c *Copy) beside(key string) ([]byte, error) {
	file, err := c.open(key)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxBeside+1))
	if err == nil && len(text) > maxBeside {
		err = fault.New(fault.Invalid, "%s is larger than %d bytes", file.Name(), maxBeside)
	}
	return text, err
}

// Signature is what head-object prints of an object's signature: {"Metadata": {"signature": "…"}}.
func Signature(text []byte) (signature string, err error) {
	err = rawjson.Object(text, func(name []byte, v rawjson.Value) error {
		if string(name) != "Metadata" || v.Kind() != "object" {
			return nil
		}
		for it := rawjson.Over(v); it.Next(); {
			if strings.EqualFold(string(it.Name), "signature") {
				signature, _ = it.Value.Text()
			}
		}
		return nil
	})
	if err == nil {
		err = hexadecimal(signature)
	}
	return signature, fault.Wrap(fault.Invalid, err, "%s", metadataFile)
}

func hexadecimal(signature string) error {
	if raw, err := hex.DecodeString(signature); err != nil || len(raw) == 0 {
		return fault.New(fault.Invalid, "the signature is not in hexadecimal, or empty")
	}
	return nil
}
