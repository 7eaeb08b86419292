package terraform

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"jobzero/internal/design"
	"jobzero/internal/design/terraform/provider"
	"jobzero/internal/resource"
)

// Wanted is a resource that is there after it is all made, as a plan says it or a folder of texts.
type Wanted struct {
	*provider.Resource
	Place           design.Place
	Account, Region string
	Text            string // plan or folder
	Why             string // why nothing is known of its values; empty when something is
	Perhaps         string // as in design.Declared
	// Where says where an attribute of a block is written, any block of the document; nil when a form has no such places.
	Where func(block map[string]any, key string) (design.Place, bool)
}

// Strange is why a resource is skipped of which the table has nothing.
const Strange = "nothing is known of this type"

// Gather makes of all resources of a text what they are in CloudFormation, and puts them into the document.
func Gather(doc *design.Document, list []Wanted) {
	resources, read := make([]*provider.Resource, len(list)), map[string]bool{}
	for i := range list {
		resources[i], read[list[i].Address] = list[i].Resource, true
	}
	for _, s := range doc.Skipped { // it is made nevertheless
		read[s.Name] = read[s.Name] || s.Why == Strange
	}
	for i, res := range provider.Translate(resources) {
		gather(doc, &list[i], res)
	}
	doc.Links = slices.DeleteFunc(doc.Links, func(l design.Link) bool { return !read[l.To] })
}

// gather puts a result into the document.
func gather(doc *design.Document, w *Wanted, res provider.Result) {
	switch res.Fate {
	case provider.Own:
		doc.Coverage.Resources++
		own(doc, w, res, w.Address)
		for i, more := range res.More {
			own(doc, w, more, w.Address+" ("+strconv.Itoa(i+2)+")")
		}
	case provider.Folded:
		doc.Coverage.Resources++
		doc.Skipped = append(doc.Skipped, design.Skipped{
			Name: w.Address, Type: w.Type, Place: w.Place, Why: "it is read as a part of " + strings.Join(res.Into, ", "),
		})
	case provider.Outside:
		doc.Skipped = append(doc.Skipped, design.Skipped{
			Name: w.Address, Type: w.Type, Place: w.Place, Why: "it is a part of something that the " + w.Text + " does not have",
		})
	case provider.Unknown:
		doc.Skipped = append(doc.Skipped, design.Skipped{Name: w.Address, Type: w.Type, Place: w.Place, Why: Strange})
	}
	doc.Coverage.Values += res.Values.Read
	doc.Coverage.OfValues += res.Values.Read + res.Values.Left
	doc.Coverage.Unknown += res.Values.Unknown
	for _, l := range res.Left {
		doc.Problems = append(doc.Problems, design.Problem{Name: w.Address, Place: w.Place, Why: l.Attribute + " of " + w.Type + " is not read: " + l.Why})
	}
	if res.Fate != provider.Own {
		links(doc, w, res, "")
	}
}

// own adds a resource; name is its address, and a number where one resource of the text makes several.
func own(doc *design.Document, w *Wanted, res provider.Result, name string) {
	d := declared(w, res)
	if name != w.Address {
		if d.Name = name; d.ID == w.Address {
			d.ID = name
		}
	}
	doc.Resources = append(doc.Resources, d)
	links(doc, w, res, name)
}

// links adds where values come from; own is the name of the last resource of the document, if it is the one that has them.
func links(doc *design.Document, w *Wanted, res provider.Result, own string) {
	for _, l := range res.Links {
		attribute := l.Attribute
		switch attribute {
		case "id":
			attribute = ""
		case "arn":
			attribute = "Arn"
		}
		if own != "" && l.From == w.Address {
			l.From = own
		}
		doc.Links = append(doc.Links, design.Link{From: l.From, Path: l.Path, To: l.To, Attribute: attribute, Text: l.Text})
		if own != "" && l.Text == "" {
			fill(doc.Resources[len(doc.Resources)-1].Unknown, l)
		}
	}
}

// fill marks a value that is another resource's identity: it is never empty.
func fill(unknown []resource.Unknown, l provider.Link) {
	for i := range unknown {
		if unknown[i].Path == l.Path && identity.MatchString(l.Attribute) {
			unknown[i].Present, unknown[i].Filled = true, true
		}
	}
}

// identity is an attribute that every resource gets when it is made.
var identity = regexp.MustCompile(`^(id|arn|name|bucket|invoke_arn|qualified_arn|.*_(id|arn|name))$`)

func declared(w *Wanted, res provider.Result) design.Declared {
	d := design.Declared{Name: w.Address, Place: w.Place, Perhaps: w.Perhaps, Partly: res.Partly, Standing: !w.New}
	d.Type, d.ID, d.ARN = res.Type, res.ID, res.ARN
	if d.ID == "" {
		d.ID = w.Address
	}
	d.Account, d.Region = w.Account, w.Region
	if region, ok := w.Values["region"].(string); ok && region != "" {
		d.Region = region
	}
	if p := strings.SplitN(d.ARN, ":", 6); len(p) == 6 {
		if p[3] != "" {
			d.Region = p[3]
		}
		if accountID.MatchString(p[4]) {
			d.Account = p[4]
		}
	}
	d.Tags, d.Properties, d.Related, d.Unknown = res.Tags, res.Properties, res.Related, res.Unknown
	if w.Why != "" {
		d.Unknown = append(d.Unknown, resource.Unknown{Path: "properties", Cause: w.Why}, resource.Unknown{Path: "tags", Cause: w.Why})
	}
	if id, ok := w.Values["account_id"].(string); ok && accountID.MatchString(id) {
		d.Account = id
	}
	if d.Type == resource.AccountPublicAccess && d.Account != "" {
		d.ID = d.Account
	}
	if w.Where != nil {
		d.At = places(w, res)
	}
	return d
}

// places says where each part is written: by the attribute that set it, or else by the nearest part above or below it.
func places(w *Wanted, res provider.Result) func(string) design.Place {
	at, near := map[string]design.Place{}, map[string]design.Place{}
	for _, x := range res.Written {
		p, ok := w.Where(x.Block, x.Key)
		if !ok {
			continue
		}
		at[x.Path] = p
		for path := above(x.Path); path != ""; path = above(path) {
			if _, ok := near[path]; !ok {
				near[path] = p
			}
		}
	}
	delete(near, "properties")
	delete(near, "related")
	return func(path string) design.Place {
		if p, ok := w.Where(w.Values, "tags"); ok && strings.HasPrefix(path, "tags") {
			return p
		}
		for ; path != ""; path = above(path) {
			if p, ok := at[path]; ok {
				return p
			}
			if p, ok := near[path]; ok {
				return p
			}
		}
		return w.Place
	}
}

// above is the path without its last step.
func above(path string) string { return path[:max(strings.LastIndexAny(path, ".["), 0)] }
