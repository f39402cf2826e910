package requests

import "github.com/birlik/portal/internal/forms"

// Forms are the forms of the services that the portal ships with.
func Forms() []forms.Definition {
	return []forms.Definition{Form(), businessCorporation(), fundingGuidance(), eMunicipality(), cityInformationCenter(),
		urbanGuidance(), counselling(), activitySupport(), opinion(), institutionFounding()}
}
