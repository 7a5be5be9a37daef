package bulk

import (
	"context"
	"io"
	"reflect"
	"strconv"
	"unicode/utf8"

	"plenary/api"
	"plenary/spreadsheet"
)

// userColumn is a column, and the field of the contract that it becomes.
type userColumn struct {
	name  string
	of    reflect.Type
	field string
}

// userColumns are the columns of a file of users; the lengths of the
// contract count for them too.
var userColumns = []userColumn{
	{"username", reflect.TypeFor[api.ChangeUsername](), "Username"},
	{"email", reflect.TypeFor[api.ChangeEmail](), "Email"},
	{"title", reflect.TypeFor[api.ChangeProfile](), "Title"},
	{"first_name", reflect.TypeFor[api.ChangeProfile](), "FirstName"},
	{"family_name", reflect.TypeFor[api.ChangeProfile](), "FamilyName"},
	{"phone", reflect.TypeFor[api.ChangeProfile](), "Phone"},
	{"language", reflect.TypeFor[api.ChangeProfile](), "Language"},
	{"country", reflect.TypeFor[api.ChangeProfile](), "Country"},
	{"membership", reflect.TypeFor[api.ChangeProfile](), "Membership"},
	{"organization", reflect.TypeFor[api.NewOrganization](), "Name"},
}

// contractTag reads what the contract says of a field, such as its maxLength.
func contractTag(of reflect.Type, field, tag string) string {
	f, ok := of.FieldByName(field)
	if !ok {
		panic("bulk: the contract has no field " + field)
	}
	return f.Tag.Get(tag)
}

// userRow is a row of the file: its fields by column, or why it is none.
type userRow struct {
	line   int // in the file, from 1; the header is the first
	fields map[string]string
	why    string
}

// userFile reads a file of users, which is a table as spreadsheet programs save it.
type userFile struct{ table *spreadsheet.Reader }

// newUserFile reads the header: the columns in any order, username and email
// among them.
func newUserFile(ctx context.Context, r io.Reader) (*userFile, error) {
	columns := spreadsheet.Columns{Needed: []string{"username", "email"}}
	for _, c := range userColumns {
		columns.Known = append(columns.Known, c.name)
	}
	table, err := spreadsheet.Open(ctx, r, columns)
	if err != nil {
		return nil, err
	}
	return &userFile{table}, nil
}

// read gives the next row that is not empty, or io.EOF.
func (f *userFile) read(ctx context.Context) (userRow, error) {
	r, err := f.table.Next(ctx)
	if err != nil {
		return userRow{}, err
	}
	row := userRow{line: r.Row, fields: r.Fields}
	if r.Wrong != nil {
		row.why = r.Wrong.Why()
	}
	for _, c := range userColumns {
		limit, err := strconv.Atoi(contractTag(c.of, c.field, "maxLength"))
		if err == nil && utf8.RuneCountInString(row.fields[c.name]) > limit {
			row.why = c.name + ": too long"
		}
	}
	return row, nil
}
