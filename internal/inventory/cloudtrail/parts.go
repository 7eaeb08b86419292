package cloudtrail

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/smithy-go"

	"jobzero/internal/inventory"
)

// reading is one trail that is being read.
type reading struct {
	client *cloudtrail.Client
	arn    *string
}

// owner is the account in an ARN, empty when there is none.
func owner(arn string) string {
	if f := strings.SplitN(arn, ":", 6); len(f) == 6 {
		return f[4]
	}
	return ""
}

func (t reading) logging(ctx context.Context) (inventory.Found, error) {
	out, err := t.client.GetTrailStatus(ctx, &cloudtrail.GetTrailStatusInput{Name: t.arn})
	if err != nil || out.IsLogging == nil {
		return inventory.Found{}, err
	}
	return inventory.Found{Value: *out.IsLogging}, nil
}

// selectors are those of the older kind. A trail that never had any has one that records all management events, and says so.
func (t reading) selectors(ctx context.Context) (inventory.Found, error) {
	out, err := t.client.GetEventSelectors(ctx, &cloudtrail.GetEventSelectorsInput{TrailName: t.arn})
	if err != nil {
		return inventory.Found{}, err
	}
	list := []any{}
	for _, s := range out.EventSelectors {
		m := map[string]any{"ReadWriteType": string(s.ReadWriteType), "IncludeManagementEvents": aws.ToBool(s.IncludeManagementEvents)}
		data := []any{}
		for _, d := range s.DataResources {
			data = append(data, map[string]any{"Type": aws.ToString(d.Type), "Values": texts(d.Values)})
		}
		m["DataResources"] = data
		if len(s.ExcludeManagementEventSources) > 0 {
			m["ExcludeManagementEventSources"] = texts(s.ExcludeManagementEventSources)
		}
		list = append(list, m)
	}
	return inventory.Found{Value: list, Absent: len(list) == 0}, nil
}

func (t reading) advanced(ctx context.Context) (inventory.Found, error) {
	out, err := t.client.GetEventSelectors(ctx, &cloudtrail.GetEventSelectorsInput{TrailName: t.arn})
	if err != nil {
		return inventory.Found{}, err
	}
	list := []any{}
	for _, s := range out.AdvancedEventSelectors {
		m := map[string]any{"FieldSelectors": fields(s.FieldSelectors)}
		if s.Name != nil {
			m["Name"] = *s.Name
		}
		list = append(list, m)
	}
	return inventory.Found{Value: list, Absent: len(list) == 0}, nil
}

func fields(list []types.AdvancedFieldSelector) []any {
	out := []any{}
	for _, f := range list {
		m := map[string]any{"Field": aws.ToString(f.Field)}
		for name, v := range map[string][]string{
			"Equals": f.Equals, "NotEquals": f.NotEquals, "StartsWith": f.StartsWith, "NotStartsWith": f.NotStartsWith,
			"EndsWith": f.EndsWith, "NotEndsWith": f.NotEndsWith,
		} {
			if len(v) > 0 {
				m[name] = texts(v)
			}
		}
		out = append(out, m)
	}
	return out
}

func (t reading) insights(ctx context.Context) (inventory.Found, error) {
	out, err := t.client.GetInsightSelectors(ctx, &cloudtrail.GetInsightSelectorsInput{TrailName: t.arn})
	if api, ok := errors.AsType[smithy.APIError](err); ok && api.ErrorCode() == "InsightNotEnabledException" {
		return inventory.Found{Absent: true}, nil
	}
	if err != nil {
		return inventory.Found{}, err
	}
	list := []any{}
	for _, s := range out.InsightSelectors {
		list = append(list, map[string]any{"InsightType": string(s.InsightType)})
	}
	return inventory.Found{Value: list, Absent: len(list) == 0}, nil
}

func (t reading) tags(ctx context.Context) (inventory.Found, error) {
	tags := map[string]string{}
	pages := cloudtrail.NewListTagsPaginator(t.client, &cloudtrail.ListTagsInput{ResourceIdList: []string{aws.ToString(t.arn)}})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return inventory.Found{}, err
		}
		for _, r := range page.ResourceTagList {
			for _, tag := range r.TagsList {
				tags[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
			}
		}
	}
	return inventory.Found{Value: tags}, nil
}

func texts(list []string) []any {
	out := []any{}
	for _, s := range list {
		out = append(out, s)
	}
	return out
}
