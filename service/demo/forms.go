package demo

import "plenary/api"

// practicalSection asks what the people at the venue need to know.
func practicalSection() api.FormSection {
	return api.FormSection{
		Title: text("Practical matters", "Questions pratiques"),
		Questions: []api.Question{
			{
				ID: "meals", Kind: api.KindChoice, Required: true,
				Label: text("Meals", "Repas"),
				Choices: []api.Choice{
					choice("any", "No restrictions", "Sans restriction"),
					choice("vegetarian", "Vegetarian", "Végétarien"),
					choice("vegan", "Vegan", "Végétalien"),
					choice("halal", "Halal", "Halal"),
					choice("kosher", "Kosher", "Casher"),
					choice("other", "Other", "Autre"),
				},
			},
			{
				ID: "meals_other", Kind: api.KindText, Required: true, Max: 100,
				Label: text("Which restrictions?", "Quelles restrictions ?"),
				If:    &api.ShownIf{Question: "meals", Answer: "other"},
			},
			{
				ID: "assistance", Kind: api.KindYesNo,
				Label: text("Do you need assistance at the venue?", "Avez-vous besoin d’assistance sur place ?"),
				Help:  text("Such as wheelchair access or a sign language interpreter.", "Par exemple un accès en fauteuil roulant ou un interprète en langue des signes."),
			},
			{
				ID: "assistance_what", Kind: api.KindLong, Required: true, Max: 500,
				Label: text("What would help you?", "Qu’est-ce qui vous aiderait ?"),
				If:    &api.ShownIf{Question: "assistance", Answer: "yes"},
			},
			{
				ID: "emergency_phone", Kind: api.KindPhone, Known: "phone",
				Label: text("Phone during the meeting", "Téléphone pendant la réunion"),
			},
		},
	}
}

// sessionsSection asks which days somebody comes.
func sessionsSection() api.FormSection {
	return api.FormSection{
		Title: text("Your programme", "Votre programme"),
		Questions: []api.Question{
			{
				ID: "tracks", Kind: api.KindChoices, Required: true,
				Label: text("Which tracks will you follow?", "Quels thèmes suivrez-vous ?"),
				Choices: []api.Choice{
					choice("inventory", "Inventories of cryptography", "Inventaires de la cryptographie"),
					choice("hybrid", "Hybrid key exchange", "Échange de clés hybride"),
					choice("qkd", "Quantum key distribution", "Distribution quantique de clés"),
				},
			},
			{
				ID: "poster", Kind: api.KindYesNo,
				Label: text("Will you bring a poster?", "Apporterez-vous une affiche ?"),
			},
			{
				ID: "poster_title", Kind: api.KindText, Required: true, Max: 150,
				Label: text("Title of the poster", "Titre de l’affiche"),
				If:    &api.ShownIf{Question: "poster", Answer: "yes"},
			},
		},
	}
}

func interestSection() api.FormSection {
	return api.FormSection{
		Title: text("Your interest", "Votre intérêt"),
		Questions: []api.Question{
			{
				ID: "speaker", Kind: api.KindYesNo, Required: true,
				Label: text("Would you like to speak?", "Souhaitez-vous intervenir ?"),
			},
			{
				ID: "abstract", Kind: api.KindLong, Required: true, Max: 1000,
				Label: text("Abstract", "Résumé"),
				Help:  text("At most 1,000 characters.", "1 000 caractères au plus."),
				If:    &api.ShownIf{Question: "speaker", Answer: "yes"},
			},
			{
				ID: "years", Kind: api.KindNumber,
				Label: text("Years of experience with public-key certificates", "Années d’expérience des certificats de clé publique"),
			},
		},
	}
}

func papersSection() api.FormSection {
	return api.FormSection{
		Title: text("For the desk", "Pour l’accueil"),
		Questions: []api.Question{
			{
				ID: "photo", Kind: api.KindPhoto,
				Label: text("Photo for the badge", "Photo pour le badge"),
				Help:  text("Your face, from the front.", "Votre visage, de face."),
			},
			{
				ID: "letter", Kind: api.KindFile, MaxBytes: 2 << 20,
				Label: text("Letter of your organization", "Lettre de votre organisation"),
			},
		},
	}
}

func travelSection() api.FormSection {
	return api.FormSection{
		Title: text("Travel", "Voyage"),
		Questions: []api.Question{
			{
				ID: "nationality", Kind: api.KindCountry, Required: true, Known: "country",
				Label: text("Country of your passport", "Pays de votre passeport"),
			},
			{
				ID: "arrival", Kind: api.KindDate,
				Label: text("Date of arrival", "Date d’arrivée"),
			},
			{
				ID: "hotel", Kind: api.KindYesNo,
				Label: text("Do you want a room at the conference hotel?", "Souhaitez-vous une chambre à l’hôtel de la conférence ?"),
			},
			{
				ID: "nights", Kind: api.KindNumber, Required: true,
				Label: text("How many nights?", "Combien de nuits ?"),
				If:    &api.ShownIf{Question: "hotel", Answer: "yes"},
			},
		},
	}
}

func delegationSection() api.FormSection {
	return api.FormSection{
		Title: text("Your delegation", "Votre délégation"),
		Questions: []api.Question{
			{
				ID: "role", Kind: api.KindChoice, Required: true,
				Label: text("Role in the delegation", "Rôle dans la délégation"),
				Choices: []api.Choice{
					choice("head", "Head of delegation", "Chef de délégation"),
					choice("deputy", "Deputy head of delegation", "Chef adjoint de délégation"),
					choice("delegate", "Delegate", "Délégué"),
					choice("adviser", "Adviser", "Conseiller"),
				},
			},
			{
				ID: "credentials", Kind: api.KindYesNo, Required: true,
				Label: text("Will you bring credentials?", "Présenterez-vous des pouvoirs ?"),
				If:    &api.ShownIf{Question: "role", Answer: "head"},
			},
			{
				ID: "assistant_email", Kind: api.KindEmail,
				Label: text("E-mail of your assistant", "Adresse électronique de votre assistant"),
			},
		},
	}
}

func youthSection() api.FormSection {
	return api.FormSection{
		Title: text("About you", "À propos de vous"),
		Questions: []api.Question{
			{
				ID: "birth", Kind: api.KindDate, Required: true,
				Label: text("Date of birth", "Date de naissance"),
				Help:  text("Participants are between 18 and 29 years old.", "Les participants ont entre 18 et 29 ans."),
			},
			{
				ID: "motivation", Kind: api.KindLong, Required: true, Max: 800,
				Label: text("Why do you want to come?", "Pourquoi souhaitez-vous venir ?"),
			},
		},
	}
}

func choice(id, en, fr string) api.Choice { return api.Choice{ID: id, Label: text(en, fr)} }
