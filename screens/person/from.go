package person

// From enters what stands in another form, of another language.
func (f *Form) From(o *Form) {
	if title, ok := o.Title.Picked(); ok {
		f.Title.SetID(title.ID)
	}
	f.First.SetText(o.First.Text)
	f.Family.SetText(o.Family.Text)
	f.Phone.SetText(o.Phone.Text)
	f.Language.SetID(o.Language.PickedID())
}

// From enters what stands in another form, of another language.
func (f *OrganizationForm) From(o *OrganizationForm) {
	f.hits, f.Kept = o.hits, o.Kept
	f.Membership.SetID(o.Membership.PickedID())
	f.Country.SetID(o.Country.PickedID())
	f.Name.SetText(o.Name.Text)
	f.City.SetText(o.City.Text)
	f.Website.SetText(o.Website.Text)
	if picked, ok := o.Organization.Picked(); ok {
		f.Organization.Set(picked)
	}
	f.setOwn(o.own, false)
	f.signs()
}
