package demo

import (
	"time"

	"plenary/api"
)

// The demonstration's meetings. The Fifth ITU-T X.509 Day is a real one, with
// its real date and code (sources/registration-manual.txt); the others are
// made up, and their dates go with today.

// program is all meetings as they stand on a day. address is the service's own,
// for the pages that the meetings' documents point to.
func program(now time.Time, address string) []api.MeetingDetails {
	c := calendar{now: now, address: address}
	return []api.MeetingDetails{
		c.briefing(), c.quantumSafe(), c.council(), c.sixthDay(), c.americas(),
		c.studyGroup(), c.arabStates(), c.youthSummit(), c.regulators(), c.fifthDay(),
	}
}

// fifthDay is over: its registration is closed for good.
func (c calendar) fifthDay() api.MeetingDetails {
	geneva := zone("Europe/Zurich")
	return api.MeetingDetails{MeetingPrivate: api.MeetingPrivate{Platform: platform("C-00016105")}, Meeting: api.Meeting{
		Code:  "C-00016105",
		Title: text("Fifth ITU-T X.509 Day", "Cinquième Journée X.509 de l’UIT-T"),
		Description: text("Where public-key certificates are used today, in telecommunication, health and transport, and what the next edition of the standard brings.",
			"Où les certificats de clé publique sont utilisés aujourd’hui, dans les télécommunications, la santé et les transports, et ce qu’apporte la prochaine édition de la norme."),
		Place: text("Geneva, Switzerland, and remote", "Genève, Suisse, et à distance"),
		Zone:  "Europe/Zurich",
		Sessions: []api.MeetingSession{
			sitting("Morning", "Matin", time.Date(2026, 5, 12, 9, 30, 0, 0, geneva), 3*time.Hour),
			sitting("Afternoon", "Après-midi", time.Date(2026, 5, 12, 14, 0, 0, 0, geneva), 210*time.Minute),
		},
		RegistrationFrom:  time.Date(2026, 2, 16, 9, 0, 0, 0, geneva).UTC(),
		RegistrationUntil: time.Date(2026, 5, 12, 9, 30, 0, 0, geneva).UTC(),
		Participation:     []string{api.OnSite, api.Remote},
		Approval:          api.ApprovalNone,
		Contact:           contact,
		Documents:         c.documents(),
	}}
}

// briefing starts twenty minutes after the demonstration does: JOIN is live.
func (c calendar) briefing() api.MeetingDetails {
	start := c.now.Truncate(time.Minute).Add(20 * time.Minute)
	return api.MeetingDetails{MeetingPrivate: api.MeetingPrivate{Platform: platform("C-00016339")}, Meeting: api.Meeting{
		Code:  "C-00016339",
		Title: text("Briefing for Remote Participants", "Séance d’information pour les participants à distance"),
		Description: text("How to take the floor, follow the interpretation and share documents when you join a meeting from elsewhere. Anyone may come; registration is open to the end.",
			"Comment demander la parole, suivre l’interprétation et partager des documents quand on participe à distance. Ouverte à tous ; on peut s’inscrire jusqu’à la fin."),
		Place: text("Remote", "À distance"),
		Zone:  "Europe/Zurich",
		Sessions: []api.MeetingSession{
			sitting("Briefing", "Séance d’information", start, 90*time.Minute),
		},
		RegistrationFrom:  c.days(-20),
		RegistrationUntil: start.Add(90 * time.Minute).UTC(),
		Participation:     []string{api.Remote},
		Approval:          api.ApprovalNone,
		Contact:           contact,
		Documents:         c.documents(),
	}}
}

func (c calendar) quantumSafe() api.MeetingDetails {
	first := c.workday(10, 9, 30, "Europe/Zurich")
	return api.MeetingDetails{MeetingPrivate: api.MeetingPrivate{Platform: platform("C-00016342")}, Meeting: api.Meeting{
		Code:  "C-00016342",
		Title: text("Workshop on Quantum-Safe Networks", "Atelier sur les réseaux résistants aux ordinateurs quantiques"),
		Description: text("Three days on post-quantum migration: inventories of cryptography, hybrid key exchange in operators’ networks, and quantum key distribution where it pays.",
			"Trois jours sur la migration post-quantique : inventaires de la cryptographie, échange de clés hybride dans les réseaux des opérateurs, et distribution quantique de clés là où elle vaut la peine."),
		Place:             text("Geneva, Montbrillant building, room H, and remote", "Genève, bâtiment Montbrillant, salle H, et à distance"),
		Zone:              "Europe/Zurich",
		Sessions:          daily(first, 3, 8*time.Hour),
		RegistrationFrom:  c.days(-40),
		RegistrationUntil: first.AddDate(0, 0, -2).UTC(),
		Capacity:          200,
		WaitingList:       true,
		Participation:     []string{api.OnSite, api.Remote},
		Approval:          api.ApprovalNone,
		Companions:        1,
		ChangeUntil:       first.AddDate(0, 0, -1).UTC(),
		ParticipantList:   api.ListForParticipants,
		Consents: []api.Consent{{ID: "photos", Text: text("Photos and recordings in which I can be seen or heard may be published in reports about the workshop.",
			"Des photos et des enregistrements où l’on peut me voir ou m’entendre peuvent être publiés dans des comptes rendus de l’atelier.")}},
		Form:      api.Form{Sections: []api.FormSection{practicalSection(), sessionsSection()}},
		Contact:   contact,
		Documents: c.documents(),
	}}
}

// council is for member states only.
func (c calendar) council() api.MeetingDetails {
	first := c.workday(24, 9, 30, "Europe/Zurich")
	return api.MeetingDetails{MeetingPrivate: api.MeetingPrivate{Platform: platform("C-00016355")}, Meeting: api.Meeting{
		Code:  "C-00016355",
		Title: text("Council Working Group on Strategic and Financial Plans", "Groupe de travail du Conseil sur les plans stratégique et financier"),
		Description: text("Drafting of the plans for the next period. For delegates of Member States.",
			"Rédaction des plans de la prochaine période. Pour les délégués des États Membres."),
		Place:             text("Geneva, Popov room", "Genève, salle Popov"),
		Zone:              "Europe/Zurich",
		Sessions:          daily(first, 2, 8*time.Hour),
		RegistrationFrom:  c.days(-30),
		RegistrationUntil: first.AddDate(0, 0, -3).UTC(),
		Participation:     []string{api.OnSite},
		Memberships:       []string{"member-state"},
		Approval:          api.ApprovalFocalPoint,
		Form:              api.Form{Sections: []api.FormSection{delegationSection()}},
		Contact:           contact,
		Documents:         c.documents(),
	}}
}

// sixthDay has two places left (people.go).
func (c calendar) sixthDay() api.MeetingDetails {
	first := c.workday(51, 9, 30, "Europe/Zurich")
	return api.MeetingDetails{MeetingPrivate: api.MeetingPrivate{Platform: platform(sixthDayCode)}, Meeting: api.Meeting{
		Code:  sixthDayCode,
		Title: text("Sixth X.509 Day", "Sixième Journée X.509"),
		Description: text("Public-key certificates in telecommunication, health and vehicles; the next edition of the standard; post-quantum migration.",
			"Les certificats de clé publique dans les télécommunications, la santé et les véhicules ; la prochaine édition de la norme ; la migration post-quantique."),
		Place: text("Geneva, Tower building, room C, and remote", "Genève, bâtiment de la Tour, salle C, et à distance"),
		Zone:  "Europe/Zurich",
		Sessions: []api.MeetingSession{
			sitting("Morning", "Matin", first, 3*time.Hour),
			sitting("Afternoon", "Après-midi", first.Add(270*time.Minute), 210*time.Minute),
		},
		RegistrationFrom:  c.days(-25),
		RegistrationUntil: first.AddDate(0, 0, -4).UTC(),
		Capacity:          sixthDayPlaces,
		WaitingList:       true,
		Participation:     []string{api.OnSite, api.Remote},
		Approval:          api.ApprovalSecretariat,
		Visa:              true,
		Reapprove:         []string{"/participation"},
		Form:              api.Form{Sections: []api.FormSection{practicalSection(), interestSection(), papersSection()}},
		Contact:           contact,
		Documents:         c.documents(),
	}}
}

func (c calendar) americas() api.MeetingDetails {
	first := c.workday(75, 9, 0, "America/Montevideo")
	return api.MeetingDetails{MeetingPrivate: api.MeetingPrivate{Platform: platform("C-00016366")}, Meeting: api.Meeting{
		Code:  "C-00016366",
		Title: text("Forum on Smart Sustainable Cities for the Americas", "Forum sur les villes intelligentes et durables pour les Amériques"),
		Description: text("Mayors, operators and universities compare what they measured: traffic, water, energy. In Spanish and English.",
			"Maires, opérateurs et universités comparent ce qu’ils ont mesuré : circulation, eau, énergie. En espagnol et en anglais."),
		Place:             text("Montevideo, Uruguay, and remote", "Montevideo, Uruguay, et à distance"),
		Zone:              "America/Montevideo",
		Sessions:          daily(first, 2, 8*time.Hour),
		RegistrationFrom:  c.days(-10),
		RegistrationUntil: first.AddDate(0, 0, -5).UTC(),
		Capacity:          300,
		Participation:     []string{api.OnSite, api.Remote},
		Approval:          api.ApprovalNone,
		Companions:        2,
		Form:              api.Form{Sections: []api.FormSection{practicalSection(), travelSection()}},
		Contact:           contact,
		Documents:         c.documents(),
	}}
}

// studyGroup is for members, of whatever type.
func (c calendar) studyGroup() api.MeetingDetails {
	first := c.workday(99, 9, 30, "Europe/Zurich")
	return api.MeetingDetails{MeetingPrivate: api.MeetingPrivate{Platform: platform(studyGroupCode)}, Meeting: api.Meeting{
		Code:  studyGroupCode,
		Title: text("Study Group 17, Plenary", "Commission d’études 17, plénière"),
		Description: text("Security: consent on Recommendations, work programme, liaison statements. Your organization’s focal point approves the registration.",
			"Sécurité : approbation de Recommandations, programme de travail, notes de liaison. Le point de contact de votre organisation approuve l’inscription."),
		Place:             text("Geneva, Popov room, and remote", "Genève, salle Popov, et à distance"),
		Zone:              "Europe/Zurich",
		Sessions:          daily(first, 7, 8*time.Hour),
		RegistrationFrom:  c.days(-15),
		RegistrationUntil: first.AddDate(0, 0, -7).UTC(),
		Participation:     []string{api.OnSite, api.Remote},
		Memberships:       []string{"member-state", "sector-member", "associate", "academia", "resolution-99", "un-agency", "regional-international"},
		Approval:          api.ApprovalFocalPoint,
		Form:              api.Form{Sections: []api.FormSection{delegationSection(), practicalSection()}},
		Contact:           contact,
		Documents:         c.documents(),
	}}
}

func (c calendar) arabStates() api.MeetingDetails {
	first := c.workday(143, 10, 0, "Africa/Cairo")
	return api.MeetingDetails{MeetingPrivate: api.MeetingPrivate{Platform: platform("C-00016390")}, Meeting: api.Meeting{
		Code: "C-00016390",
		Title: api.Text{
			"en": "Regional Forum for the Arab States", "fr": "Forum régional pour les États arabes",
			"ar": "المنتدى الإقليمي للدول العربية",
		},
		Description: text("Priorities of the region for the next development conference: connectivity, skills, cybersecurity.",
			"Priorités de la région pour la prochaine conférence de développement : connectivité, compétences, cybersécurité."),
		Place:             text("Cairo, Egypt", "Le Caire, Égypte"),
		Zone:              "Africa/Cairo",
		Sessions:          daily(first, 1, 6*time.Hour),
		RegistrationFrom:  c.days(-5),
		RegistrationUntil: first.AddDate(0, 0, -10).UTC(),
		Capacity:          150,
		Participation:     []string{api.OnSite},
		Approval:          api.ApprovalSecretariat,
		Reapprove:         []string{"/participation"},
		Companions:        1,
		Form:              api.Form{Sections: []api.FormSection{travelSection(), practicalSection()}},
		Contact:           contact,
		Documents:         c.documents(),
	}}
}

// youthSummit is full (people.go fills it) and has a waiting list.
func (c calendar) youthSummit() api.MeetingDetails {
	first := c.workday(179, 9, 0, "Africa/Nairobi")
	return api.MeetingDetails{MeetingPrivate: api.MeetingPrivate{Platform: platform("C-00016401")}, Meeting: api.Meeting{
		Code:  youthSummitCode,
		Title: text("Youth Summit", "Sommet de la jeunesse"),
		Description: text("Forty young people from all regions write one page for the plenipotentiaries. All places are taken: there is a waiting list.",
			"Quarante jeunes de toutes les régions rédigent une page pour les plénipotentiaires. Toutes les places sont prises : il y a une liste d’attente."),
		Place:             text("Nairobi, Kenya", "Nairobi, Kenya"),
		Zone:              "Africa/Nairobi",
		Sessions:          daily(first, 2, 7*time.Hour),
		RegistrationFrom:  c.days(-60),
		RegistrationUntil: first.AddDate(0, 0, -30).UTC(),
		Capacity:          youthSummitPlaces,
		WaitingList:       true,
		OfferHours:        48,
		Participation:     []string{api.OnSite},
		Approval:          api.ApprovalNone,
		Form:              api.Form{Sections: []api.FormSection{youthSection()}},
		Contact:           contact,
		Documents:         c.documents(),
	}}
}

// regulators does not take registrations yet.
func (c calendar) regulators() api.MeetingDetails {
	first := c.workday(250, 9, 0, "Asia/Bangkok")
	return api.MeetingDetails{MeetingPrivate: api.MeetingPrivate{Platform: platform("C-00016450")}, Meeting: api.Meeting{
		Code:  "C-00016450",
		Title: text("Global Symposium for Regulators", "Colloque mondial des régulateurs"),
		Description: text("Regulation of direct-to-device satellite services, spectrum sharing, and consumer protection. Registration has not opened yet.",
			"Réglementation des services par satellite directs aux appareils, partage du spectre et protection des consommateurs. Les inscriptions ne sont pas encore ouvertes."),
		Place:             text("Bangkok, Thailand", "Bangkok, Thaïlande"),
		Zone:              "Asia/Bangkok",
		Sessions:          daily(first, 4, 8*time.Hour),
		RegistrationFrom:  c.days(60),
		RegistrationUntil: first.AddDate(0, 0, -14).UTC(),
		Capacity:          800,
		WaitingList:       true,
		Participation:     []string{api.OnSite, api.Remote},
		Approval:          api.ApprovalFocalPoint,
		Companions:        1,
		Form:              api.Form{Sections: []api.FormSection{delegationSection()}},
		Contact:           contact,
		Documents:         c.documents(),
	}}
}
