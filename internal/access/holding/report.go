package holding

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"jobzero/internal/fault"
)

// report reads a credential report (docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html). It lists all users of
// an account, and knows passwords, keys, certificates, and whether there is a device.
func (w *World) report(name string, data []byte) error {
	in := csv.NewReader(bytes.NewReader(data))
	head, err := in.Read()
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "%s: read the credential report", name)
	}
	at := map[string]int{}
	for i, h := range head {
		at[h] = i
	}
	for _, must := range []string{"user", "arn", "password_enabled", "mfa_active", "access_key_1_active", "access_key_2_active", "cert_1_active", "cert_2_active"} {
		if _, ok := at[must]; !ok {
			return fault.New(fault.Invalid, "%s: the credential report has no column %s", name, must)
		}
	}
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fault.Wrap(fault.Invalid, err, "%s: read the credential report", name)
		}
		cell := func(column string) string {
			if i, ok := at[column]; ok {
				return row[i]
			}
			return ""
		}
		arn := cell("arn")
		if cell("user") == "<root_account>" {
			continue
		}
		if !strings.Contains(arn, ":user/") {
			line, _ := in.FieldPos(0)
			return fault.New(fault.Invalid, "%s:%d: %q is no ARN of a user", name, line, arn)
		}
		u := w.user(arn)
		w.Accounts[u.Account] = true
		w.reported[arn] = reported(cell)
	}
}

func reported(cell func(string) string) (out []Credential) {
	add := func(kind Kind, id, active, created, used string) {
		if cell(active) != "true" && kind != AccessKey {
			return
		}
		c := Credential{Kind: kind, ID: id, Active: cell(active) == "true", Created: moment(cell(created)), Used: moment(cell(used))}
		c.Told = used != "" && cell(used) != "no_information"
		if kind == AccessKey && !c.Active && c.Created.IsZero() { // there is none
			return
		}
		out = append(out, c)
	}
	add(Password, "", "password_enabled", "password_last_changed", "password_last_used")
	add(AccessKey, "1", "access_key_1_active", "access_key_1_last_rotated", "access_key_1_last_used_date")
	add(AccessKey, "2", "access_key_2_active", "access_key_2_last_rotated", "access_key_2_last_used_date")
	add(Certificate, "1", "cert_1_active", "cert_1_last_rotated", "")
	add(Certificate, "2", "cert_2_active", "cert_2_last_rotated", "")
	add(MFA, "", "mfa_active", "", "")
	return out
}
