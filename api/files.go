package api

import "time"

// SendFile is the body of PUT /v1/files/{id}: a file or photo that answers a question of a
// meeting's form. The id is a UUIDv7 of the sender's. Sent again it is the same file. An
// operation names it then (Answers); what none has named after a day is erased.
type SendFile struct {
	Meeting  string `json:"meeting" maxLength:"20" doc:"code"`
	Question string `json:"question" maxLength:"40" doc:"of the meeting's form, of the kind file or photo"`
	Name     string `json:"name" maxLength:"400" doc:"as the sender calls it; it is kept without what cannot stand in the name of a file, with the ending of what the file is"`
	Content  []byte `json:"content" doc:"PDF, JPEG or PNG; for photo JPEG or PNG of at most 1,200 pixels a side, which is kept as another JPEG, without what a camera has noted in it"`
}

// File is what there is to know of a file beside its content.
type File struct {
	ID           string    `json:"id"`
	Meeting      string    `json:"meeting" doc:"code"`
	Question     string    `json:"question"`
	Registration string    `json:"registration,omitempty" doc:"number of the registration that names it"`
	Name         string    `json:"name"`
	Media        string    `json:"media" enum:"application/pdf,image/jpeg,image/png"`
	Size         int       `json:"size" doc:"bytes"`
	Sent         time.Time `json:"sent"`
}

// Media types of files, by what they are and not by their names.
const (
	MediaPDF  = "application/pdf"
	MediaJPEG = "image/jpeg"
	MediaPNG  = "image/png"
)
