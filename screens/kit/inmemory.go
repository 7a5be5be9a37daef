package kit

// inMemory are rows that this computer has: they answer a search at once.
type inMemory[T any] struct {
	find    func() []T
	rows    []T
	changed func()
}

func (m *inMemory[T]) list() []T                  { return m.rows }
func (m *inMemory[T]) awaits() (first, next bool) { return false, false }
func (m *inMemory[T]) goesOn() bool               { return false }
func (m *inMemory[T]) more()                      {}
func (m *inMemory[T]) typed()                     { m.again() }
func (m *inMemory[T]) tell(changed func())        { m.changed = changed }

func (m *inMemory[T]) again() {
	m.rows = m.find()
	m.changed()
}
