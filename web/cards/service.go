package cards

// ServiceIcon is the picture of a service; one that staff added has the general one.
func ServiceIcon(code string) string {
	if icon, ok := serviceIcons[code]; ok {
		return icon
	}
	return "flag"
}

var serviceIcons = map[string]string{"project_support": "project", "business_corporation": "economy", "funding_guidance": "search", "e_municipality": "screen",
	"city_information_center": "info", "urban_guidance": "city", "counselling": "health", "activity_support": "calendar", "opinion": "file",
	"institution_founding": "home"}
