package org

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"jobzero/internal/resource"
)

// WaiverType is what a waiver is as the subject of a finding.
const WaiverType resource.Type = "jobzero::Org::Waiver"

// ID names a waiver by what it waives and where. Who owns it, why and until when are no part of it: a renewed one is the same.
func (w Waiver) ID() string {
	// Lists of strings and a map of strings always marshal, and a map in the order of its keys.
	text, _ := json.Marshal([]any{w.Expectations, w.Resources, w.Types, w.Accounts, w.Units, w.Environments, w.Tags, w.Files})
	sum := sha256.Sum256(text)
	const enough = 6
	return hex.EncodeToString(sum[:enough])
}

// Ref is the waiver as the subject of a finding. It is nobody's account: waivers may span several.
func (w Waiver) Ref() resource.Ref { return resource.Ref{Type: WaiverType, ID: w.ID()} }
