package digest

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/hex"
)

// signed is the text that CloudTrail signs for a digest with this hash of its content: four lines, the last being the signature
// of the digest before, or the word null.
func (d *Digest) signed(hash string) []byte {
	previous := "null"
	if d.Previous != nil {
		previous = d.Previous.Signature
	}
	return []byte(d.end + "\n" + d.Bucket + "/" + d.Object + "\n" + hash + "\n" + previous)
}

// fits says whether a signature in hexadecimal is one of the text by the key (RSASSA-PKCS1-v1_5 with SHA-256).
func fits(key *rsa.PublicKey, text []byte, signature string) bool {
	raw, err := hex.DecodeString(signature)
	if err != nil {
		return false
	}
	sum := sha256.Sum256(text)
	return rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], raw) == nil
}
