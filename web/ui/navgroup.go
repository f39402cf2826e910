package ui

// navGroup is a part of the staff's menu: links below a heading, or those before the first.
type navGroup struct {
	Label string
	Links []Link
}

// current tells whether the page that is read stands in the group.
func (g navGroup) current() bool {
	for _, link := range g.Links {
		if link.Current {
			return true
		}
	}
	return false
}

// navGroups are the parts of a menu, an entry without an address beginning each; a heading
// without a link below it is left out. The first part has no heading and may be empty.
func navGroups(nav []Link) []navGroup {
	groups := []navGroup{{}}
	for _, link := range nav {
		last := len(groups) - 1
		switch {
		case link.Href != "":
			groups[last].Links = append(groups[last].Links, link)
		case last > 0 && len(groups[last].Links) == 0:
			groups[last].Label = link.Label
		default:
			groups = append(groups, navGroup{Label: link.Label})
		}
	}
	if last := len(groups) - 1; last > 0 && len(groups[last].Links) == 0 {
		groups = groups[:last]
	}
	return groups
}
