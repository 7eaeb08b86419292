package ssm

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"jobzero/internal/action"
	"jobzero/internal/action/cut"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
)

const (
	shareMay = "ssm:ModifyDocumentPermission"
	everyone = "all"
	// most is how many accounts one call takes
	// (docs.aws.amazon.com/systems-manager/latest/APIReference/API_ModifyDocumentPermission.html).
	most = 20
)

// shares are the accounts that a document is shared with, and the version that each sees; empty: the default version.
type shares map[string]string

// UnshareDocument shares a document with everybody no more, or with named accounts.
func UnshareDocument() setting.Of[shares] {
	return setting.Of[shares]{
		About: action.Info{
			ID: "ssm.unshare-document", Title: "Take a shared document of Systems Manager back",
			Why: "A document tells what is run on machines and how, often with names, addresses and what was forgotten in it. Shared with everybody, it is read by " +
				"everybody who has an account.",
			Risk: "Whoever runs the shared document cannot any more. Who has copied it has it.",
			Undo: effect.Exact, UndoHelpsAttacker: true, Targets: []resource.Type{resource.Document},
			Reads: []string{"ssm:DescribeDocumentPermission"}, Writes: []string{shareMay},
			Params: []action.Param{
				{Name: "accounts", Text: "with whom it shall be shared no more, accounts with commas between; otherwise with everybody"},
				cut.Declared("the document"),
			},
		},
		Find: setting.InRegion, Guard: cut.Undeclared("the document"), Look: look, Goal: taken, Calls: calls,
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			return setting.Send(ctx, call, ssm.NewFromConfig(cfg).ModifyDocumentPermission)
		},
	}
}

func look(ctx context.Context, cfg aws.Config, t effect.Target) (shares, error) {
	out, client := shares{}, ssm.NewFromConfig(setting.At(cfg, t.Ref))
	in := &ssm.DescribeDocumentPermissionInput{Name: &t.Ref.ID, PermissionType: types.DocumentPermissionTypeShare}
	for {
		page, err := client.DescribeDocumentPermission(ctx, in)
		if _, none := errors.AsType[*types.InvalidDocument](err); none {
			return nil, setting.Gone("the document")
		}
		if err != nil {
			return nil, awsorg.Fault(err, "read with whom document %s is shared", t.Ref.ID)
		}
		for _, s := range page.AccountSharingInfoList {
			out[aws.ToString(s.AccountId)] = aws.ToString(s.SharedDocumentVersion)
		}
		for _, id := range page.AccountIds {
			if _, said := out[id]; !said {
				out[id] = ""
			}
		}
		if in.NextToken = page.NextToken; aws.ToString(in.NextToken) == "" {
			return out, nil
		}
	}
}

func taken(t effect.Target, now shares) (setting.Goal[shares], error) {
	whom := []string{everyone}
	if list := t.Params["accounts"]; list != "" {
		whom = strings.Split(list, ",")
	}
	g := setting.Goal[shares]{To: maps.Clone(now), Met: "the document is not shared with " + strings.Join(whom, ", "), Missing: "the document is shared still"}
	var lines []string
	for _, id := range whom {
		if _, shared := now[strings.TrimSpace(id)]; !shared {
			continue
		}
		delete(g.To, strings.TrimSpace(id))
		lines = append(lines, "- shared with "+id)
		g.Loses = append(g.Loses, strings.Replace("account "+id, "account "+everyone, "everybody", 1))
	}
	g.Diff = strings.Join(lines, "\n")
	return g, nil
}

// calls takes the document back from some, and shares it with others again, twenty at a time and each group with its version.
func calls(t effect.Target, from, to shares) (out []effect.Call, err error) {
	change := func(member string, ids []string, version string) {
		slices.Sort(ids)
		for some := range slices.Chunk(ids, most) {
			in := setting.In{"Name": t.Ref.ID, "PermissionType": "Share", member: some}
			if version != "" {
				in["SharedDocumentVersion"] = version
			}
			var call effect.Call
			if err == nil {
				call, err = action.NewCall(shareMay, setting.ARN(t.Ref, "ssm", "document/"+t.Ref.ID), in)
			}
			out = append(out, call)
		}
	}
	var gone []string
	come := map[string][]string{}
	for id := range from {
		if _, stays := to[id]; !stays {
			gone = append(gone, id)
		}
	}
	for id, version := range to {
		if _, there := from[id]; !there {
			come[version] = append(come[version], id)
		}
	}
	change("AccountIdsToRemove", gone, "")
	for _, version := range slices.Sorted(maps.Keys(come)) {
		change("AccountIdsToAdd", come[version], version)
	}
	return out, err
}
